"""R-squared, t values and coefficients that an exact identity of least squares ties together."""

from collections.abc import Sequence
from itertools import combinations
from math import inf

from printcheck.checks import CANNOT_TELL, CONSISTENT, Result, check, verdict
from printcheck.intervals import Interval, as_printed, extremes, span

CLASSICAL = (
    "Least squares with classical (homoskedastic) standard errors; fixed effects enter df. It holds for overall,"
    " within and adjusted R2 alike when all columns print the same one."
)


def residual_df(n: int, *, units: int, periods: int, regressors: int) -> int:
    """Return the degrees of freedom of a two-way fixed-effects regression: n - units - (periods - 1) - regressors."""
    return n - units - (periods - 1) - regressors


def unexplained(r2: Interval) -> Interval:
    """Return 1 - R2, which is not negative whatever the rounding of R2."""
    return Interval(max(1 - r2.high, 0.0), max(1 - r2.low, 0.0))


def remainder(r2: Interval, t: Interval, df: float) -> Interval:
    """Return the R2 without a variable whose classical t is known: 1 - (1 - R2)(1 + t^2 / df)."""
    return extremes(lambda r, s: 1 - (1 - r) * (1 + s / df), r2, t.squared())


def shared_inverse_df(
    r2: Sequence[Interval], t: Sequence[Interval], df: float, most_df: float
) -> Interval | None:
    """Return the values of 1/df at which one R2 without the variable fits every column, or None.

    Column i allows unexplained shares from ``(1 - R2.high)(1 + t.low^2 x)`` to ``(1 - R2.low)(1 + t.high^2 x)``
    with ``x = 1/df``. Intervals on a line have a point in common when each two do, and each of these conditions
    is linear in x, so the answer is exact.
    """
    low = [(1 - r.high, (1 - r.high) * s.squared().low) for r, s in zip(r2, t, strict=True)]
    high = [(1 - r.low, (1 - r.low) * s.squared().high) for r, s in zip(r2, t, strict=True)]
    least, most = 1 / most_df, 1 / df
    for level_low, slope_low in low:
        for level_high, slope_high in high:
            room, slope = level_high - level_low + 1e-12, slope_low - slope_high
            if slope > 0:
                most = min(most, room / slope)
            elif slope < 0:
                least = max(least, room / slope)
            elif room < 0:
                return None
    return Interval(least, most) if least <= most else None


@check(
    "fit",
    formula="1 - R2 without the variable = (1 - R2)(1 + t^2 / df): one number for all columns",
    reference="F test of one restriction, F = t^2 (Greene, Econometric Analysis, section 5.3)",
    assumes=CLASSICAL,
)
def shared_remainder(
    r2: Sequence[Interval], t: Sequence[Interval], *, df: float, most_df: float | None = None
) -> Result:
    """Columns on the same rows that differ in one regressor, whose t is given, share the R2 without it.

    `df` and `most_df` are the least and largest possible residual degrees of freedom, one number when both are known.
    """
    most_df = most_df or df
    found = shared_inverse_df(r2, t, df, most_df)
    at = df if found is None else 1 / found.middle
    values = [remainder(r, s, at) for r, s in zip(r2, t, strict=True)]
    listed = ", ".join(span(value, 5) for value in values)
    reach = "" if most_df == df else f", at no df from {df:g} to {most_df:g}"
    rule = f"no rounding of R2 and t makes them one number{reach}" if found is None else "one number fits all"
    return Result(
        verdict(found is not None),
        f"R2 without the variable: {listed}",
        f"{len(r2)} columns",
        f"At df = {at:.4g} the columns imply an R2 without their variable of {listed}: {rule}.",
    )


@check(
    "fit",
    formula="1 - R2 short = (1 - R2 long)(1 + t^2 / df)",
    reference="F test of one restriction, F = t^2 (Greene, Econometric Analysis, section 5.3)",
    assumes=CLASSICAL + " The short regression leaves out this one variable on the same rows.",
)
def one_added(r2_short: Interval, r2_long: Interval, t: Interval, *, df: float) -> Result:
    """R2 of a regression without a variable follows from R2 and t of the one with it; `df` is of the long one."""
    implied = remainder(r2_long, t, df)
    return Result(
        verdict(implied.meets(r2_short)),
        f"R2 without the variable: {span(implied, 5)}",
        span(r2_short, 5),
        f"R2 and t of the longer regression imply an R2 of {span(implied, 5)} without the variable;"
        f" printed it lies in {span(r2_short, 5)}.",
    )


@check(
    "fit",
    formula="1 - R2 short >= (1 - R2 long)(1 + t^2 / df) for each added regressor; R2 long >= R2 short",
    reference="least squares never fits worse with more regressors; F = t^2 for one of them",
    assumes="Least squares on the same rows; unadjusted R2; where t is used, classical standard errors.",
)
def several_added(
    r2_short: Interval, r2_long: Interval, t: Sequence[Interval] = (), *, df: float = inf
) -> Result:
    """R2 rises with added regressors, by at least what the largest |t| among them demands."""
    largest = max((s.squared().low for s in t), default=0.0)
    ceiling = 1 - (1 - r2_long.high) * (1 + largest / df)
    return Result(
        verdict(r2_short.low <= ceiling + 1e-12),
        f"at most {ceiling:.5f}",
        span(r2_short, 5),
        f"From the longer regression the R2 without the added regressors is at most {ceiling:.5f}; printed it lies in"
        f" {span(r2_short, 5)}.",
    )


@check(
    "fit",
    formula="F = ((R2 long - R2 short) / q) / ((1 - R2 long) / df)",
    reference="F test of q restrictions (Greene, Econometric Analysis, section 5.3)",
    assumes="Least squares on the same rows; unadjusted R2; q and df as given.",
)
def joint_f(r2_short: Interval, r2_long: Interval, *, added: int, df: float) -> Result:
    """F of several added regressors from two R2, against chance.

    The verdict is ``cannot tell`` when an F as small as this comes by chance less than once in a million:
    regressors without any relation to the outcome would raise R2 more.
    """
    from scipy.special import fdtr

    implied = (unexplained(r2_short) / unexplained(r2_long) - 1) * (df / added)
    chance = float(fdtr(added, df, max(implied.high, 0.0)))
    expected = (1 - r2_short.middle) * added / (added + df)
    return Result(
        CANNOT_TELL if chance < 1e-6 else CONSISTENT,
        f"F of {span(implied)}, rise by chance {expected:.4f}",
        f"rise of {span(r2_long - r2_short)}",
        f"R2 rises by {span(r2_long - r2_short)}, an F of {span(implied)}; {added} regressors unrelated to the"
        f" outcome would raise it by about {expected:.4f}, and an F as small has probability {chance:.2g}.",
    )


@check(
    "fit",
    formula="df = n - number of effects - number of regressors; at df <= 0 R2 = 1 and no coefficient is identified",
    reference="rank of the design matrix",
)
def effects_leave_df(n: Interval, r2: Interval, *, effects: int, regressors: int) -> Result:
    """The stated effects leave degrees of freedom, without which R2 would be one."""
    left = int(n.middle) - effects - regressors
    none = "R2 would be 1 and no regressor could be estimated"
    return Result(
        verdict(left > 0 or r2.high >= 1),
        f"{left} degrees of freedom",
        f"R2 {span(r2)}",
        f"{int(n.middle)} observations less {effects} effects and {regressors} regressors leave {left} degrees of"
        f" freedom: {'the regression can be estimated' if left > 0 else none}; an R2 in {span(r2, 5)} is printed.",
    )


@check(
    "fit",
    formula="adjusted R2 = 1 - (1 - R2)(n - 1) / (n - k - 1), k regressors besides the constant",
    reference="Greene, Econometric Analysis, section 3.5",
    assumes="Both are of one regression with a constant.",
)
def adjusted_r2(r2: Interval, adjusted: Interval, n: Interval, k: Interval) -> Result:
    """Compare a printed adjusted R2 with the one that R2, observations and regressors give."""
    implied = 1 - (1 - r2) * ((n.middle - 1) / (n.middle - k.middle - 1))
    return Result(
        verdict(implied.meets(adjusted)),
        f"adjusted R2 {span(implied)}",
        as_printed(adjusted),
        f"With {n.middle:g} observations and {k.middle:g} regressors the adjusted R2 is {span(implied)};"
        f" {as_printed(adjusted)} is printed.",
    )


@check(
    "fit",
    formula="R2 = t^2 / (t^2 + df)",
    reference="F = t^2 = R2 df / (1 - R2) in a regression on one variable",
    assumes="One regressor besides a constant (or besides effects that are partialled out: then within R2);"
    " classical standard errors.",
)
def one_regressor(r2: Interval, t: Interval, *, df: float) -> Result:
    """R2 of a regression on one variable follows from its t value."""
    implied = extremes(lambda s: s / (s + df), t.squared())
    return Result(
        verdict(implied.meets(r2)),
        f"R2 of {span(implied)}",
        span(r2),
        f"With one regressor, t implies an R2 of {span(implied)}; printed it lies in {span(r2)}.",
    )


def agreeing(
    r2: Sequence[Interval], t: Sequence[Interval], df: float, most_df: float
) -> list[tuple[int, ...]]:
    """Return the largest sets of columns that can share one R2 without their variable, as positions."""
    for size in range(len(r2), 1, -1):
        found = [
            chosen
            for chosen in combinations(range(len(r2)), size)
            if shared_inverse_df([r2[i] for i in chosen], [t[i] for i in chosen], df, most_df)
        ]
        if found:
            return found
    return [(i,) for i in range(len(r2))]


@check(
    "fit",
    formula="R2 without the variable is at least 0 and at most R2: 0 <= 1 - (1 - R2)(1 + t^2 / df) <= R2",
    reference="F test of one restriction, F = t^2 (Greene, Econometric Analysis, section 5.3)",
    assumes=CLASSICAL,
)
def room_for_t(r2: Interval, t: Interval, *, df: float) -> Result:
    """R2 leaves room for a t value: a classical t cannot exceed sqrt(df R2 / (1 - R2))."""
    largest = (df * (1 / unexplained(r2) - 1)).root()
    return Result(
        verdict(abs(t).low <= largest.high),
        f"|t| at most {largest.high:.4g}",
        f"t {span(t)}",
        f"An R2 in {span(r2, 5)} at {df:g} degrees of freedom leaves room for |t| up to {largest.high:.4g};"
        f" printed is {span(t)}. R2 without the variable would be {span(remainder(r2, t, df), 5)}.",
    )
