"""Stars, t values and p values against the coefficient and what stands in parentheses."""

from collections.abc import Sequence
from functools import partial
from math import inf
from typing import Literal

from printcheck.checks import CANNOT_TELL, CONSISTENT, INCONSISTENT, Result, check, verdict
from printcheck.intervals import Interval, as_printed, extremes, span

LEVELS = (0.10, 0.05, 0.01)
Holds = Literal["se", "t"]
SOURCE = {"se": "from coefficient and standard error", "t": "printed"}


@check(
    "stars",
    formula="t = coefficient / standard error; stars count the levels whose critical value |t| reaches",
    reference="two-sided t test; critical values between the normal and t with the given degrees of freedom",
)
def stars_earned(
    coef: Interval,
    beside: Interval,
    *,
    stars: int,
    holds: Holds = "se",
    df: float = 30,
    levels: Sequence[float] = LEVELS,
) -> Result:
    """Compare stars with the t value that is printed beside a coefficient or that its standard error implies.

    Parameters
    ----------
    coef, beside : coefficient, and its standard error or t value
    stars : printed stars
    holds : which of the two `beside` is; with a t value the signs are compared too
    df : smallest degrees of freedom that the paper could have used; stars pass if any value from here to
        infinity (the normal) gives them
    levels : significance levels of one star, two stars, ...
    """
    if holds == "t" and ((coef.low > 0 and beside.high < 0) or (coef.high < 0 and beside.low > 0)):
        return Result(
            INCONSISTENT, f"t of {span(beside)}", "opposite sign", "Coefficient and t differ in sign."
        )
    t = abs(beside) if holds == "t" else abs(coef) / abs(beside)
    allowed = possible_stars(t, df, levels)
    named = " or ".join(str(one) for one in sorted(allowed))
    earned = f"{named} star{'s' * (allowed != {1})}"
    printed = f"{stars} star{'s' * (stars != 1)}"
    return Result(
        CONSISTENT if stars in allowed else INCONSISTENT,
        f"|t| {span(t)}, {earned}",
        printed,
        f"|t| ({SOURCE[holds]}) is {span(t)}, which earns {earned}; {printed} {'is' if stars == 1 else 'are'} printed.",
    )


def possible_stars(t: Interval, df: float = 30, levels: Sequence[float] = LEVELS) -> set[int]:
    """Return the numbers of stars that some t in the interval earns under some df from `df` to infinity."""
    return set(range(_count(t.low, df, levels), _count(t.high, inf, levels) + 1))


def _count(t: float, df: float, levels: Sequence[float]) -> int:
    from scipy.special import ndtri, stdtrit

    quantile = ndtri if df == inf else partial(stdtrit, df)
    return sum(t >= quantile(1 - level / 2) for level in levels)


@check(
    "stars",
    formula="read the parentheses as standard errors, then as t values; count the cells whose stars follow",
    reference="two-sided t test",
)
def what_parentheses_hold(
    coef: Sequence[Interval],
    parenthesis: Sequence[Interval],
    *,
    stars: Sequence[int],
    said: Holds,
    df: float = 30,
    levels: Sequence[float] = LEVELS,
) -> Result:
    """Decide whether a table's parentheses hold standard errors or t values.

    Parameters
    ----------
    coef, parenthesis : printed numbers of the table's cells, in the same order
    stars : printed stars of each
    said : what the paper says they are
    df, levels : as in `stars_earned`
    """
    cells = list(zip(coef, parenthesis, stars, strict=True))
    as_error = sum(s in possible_stars(abs(c) / abs(p), df, levels) for c, p, s in cells)
    as_t = sum(s in possible_stars(abs(p), df, levels) for _, p, s in cells)
    counts = {"se": as_error, "t": as_t}
    other = "t" if said == "se" else "se"
    words = {"se": "standard errors", "t": "t values"}
    closer = INCONSISTENT if counts[other] > counts[said] else CANNOT_TELL
    return Result(
        CONSISTENT if counts[said] == len(stars) else closer,
        f"stars follow in {as_error} of {len(stars)} cells as standard errors, in {as_t} as t values",
        f"said to be {words[said]}",
        f"Read as standard errors, {as_error} of {len(stars)} cells earn their stars; read as t values, {as_t} do."
        f" The paper calls them {words[said]}.",
    )


@check("stars", formula="t = coefficient / standard error", reference="definition of t")
def t_of_coefficient(coef: Interval, se: Interval, t: Interval) -> Result:
    """Compare a printed t value with coefficient over standard error; a t printed without its sign passes."""
    implied = coef / abs(se)
    return Result(
        verdict(implied.meets(t) or (t.low >= 0 and abs(implied).meets(t))),
        f"t {span(implied)}",
        f"t {as_printed(t)}",
        f"Coefficient over standard error is {span(implied)}; a t of {as_printed(t)} is printed.",
    )


@check(
    "stars",
    formula="p = 2 (1 - F(|t|)), F normal or of t; a chi-square of one restriction is the square of such a statistic",
    reference="two-sided test; p values between the normal and t with the given degrees of freedom",
)
def p_of_statistic(
    statistic: Interval, p: Interval, *, form: Literal["z", "chi2"] = "z", df: float = inf
) -> Result:
    """Compare a printed p with the statistic beside it.

    Parameters
    ----------
    statistic, p : rounding intervals; p is two-sided
    form : ``z`` for a z or t value, ``chi2`` for a chi-square or F(1, many) statistic of one restriction
    df : smallest degrees of freedom of a t value; the normal when left out
    """
    from scipy.special import ndtr, ndtri, stdtr

    size = abs(statistic) if form == "z" else statistic.root()
    implied = extremes(lambda x: 2 * float(ndtr(-x)), size)
    if df < inf:
        implied = Interval(implied.low, 2 * float(stdtr(df, -size.low)))
    shut = Interval(*(min(max(end, 1e-300), 1) for end in (p.low, p.high)))
    needed = extremes(lambda value: -float(ndtri(value / 2)), shut)
    holds = implied.meets(p)
    needs = "" if holds else f" A p of {as_printed(p)} needs a z of size {span(needed, 3)}."
    return Result(
        verdict(holds),
        f"p {span(implied)}",
        f"p {as_printed(p)}",
        f"A statistic of {as_printed(statistic)} has a two-sided p of {span(implied)}; {as_printed(p)} is printed."
        f"{needs}",
    )
