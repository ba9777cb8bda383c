"""Mediation: what printed path coefficients and their t values say of the indirect effect."""

from collections.abc import Sequence
from math import copysign, inf, sqrt

from printcheck.checks import CANNOT_TELL, CONSISTENT, MEASURED, Result, check, verdict
from printcheck.fit import CLASSICAL
from printcheck.intervals import Interval, extremes, span

SAMPLE = (
    "Both paths are estimated on the same rows with the same controls; the two estimates are uncorrelated."
)


def product_z(t_a: float, t_b: float, second_order: float = 0.0) -> float:
    """Return z of a product of two coefficients from their t values alone.

    `second_order` is 0 for Sobel (1982), 1 for Aroian (1947), -1 for Goodman (1960); where Goodman's variance is
    not positive, z is infinite.
    """
    scale = t_a**2 + t_b**2 + second_order
    return t_a * t_b / sqrt(scale) if scale > 0 else copysign(inf, t_a * t_b)


VARIANTS = {"Sobel": 0.0, "Aroian": 1.0, "Goodman": -1.0}


def product_range(t_a: Interval, t_b: Interval, second_order: float = 0.0) -> Interval:
    """Return every |z| of the product that the rounding of the two t values allows."""
    return extremes(lambda a, b: abs(product_z(a, b, second_order)), abs(t_a), abs(t_b))


@check(
    "mediation",
    formula="|z| = |t_a t_b| / sqrt(t_a^2 + t_b^2); Aroian adds 1 under the root, Goodman subtracts 1",
    reference="Sobel 1982; Aroian 1947; Goodman 1960",
    assumes=SAMPLE,
)
def sobel_z(t_a: Interval, t_b: Interval, z: Interval) -> Result:
    """Compare a printed z of an indirect effect with the one its two t values give, in three variants."""
    ranges = {name: product_range(t_a, t_b, order) for name, order in VARIANTS.items()}
    fits = [name for name, one in ranges.items() if one.meets(abs(z))]
    listed = ", ".join(f"{name} {span(one)}" for name, one in ranges.items())
    end = f"printed is {span(abs(z))}" + (
        f", as {' and '.join(fits)} give{'s' * (len(fits) == 1)}" if fits else ""
    )
    return Result(
        verdict(bool(fits)), listed, f"z {span(z)}", f"The two t values imply |z| of {listed}; {end}."
    )


@check(
    "mediation",
    formula="|z| = |t_a t_b| / sqrt(t_a^2 + t_b^2) < min(|t_a|, |t_b|)",
    reference="Sobel 1982; the bound also holds for Aroian, and for Goodman when both |t| exceed 1",
    assumes="The indirect effect is the product of these two coefficients.",
)
def sobel_bound(t: Sequence[Interval], z: Interval) -> Result:
    """Compare a printed z with its upper bound, the smaller of the |t| of the paths (one path is enough)."""
    bound = min(abs(one).high for one in t)
    holds = abs(z).low < bound
    relation = "below" if holds else "above"
    which = "t value of the path" if len(t) == 1 else "smaller |t| of the two paths"
    return Result(
        verdict(holds),
        f"|z| below {bound:.4g}",
        f"z {span(z)}",
        f"The {which} is at most {bound:.4g}, and z of the product must stay below it whatever the other path is;"
        f" the printed z, {span(abs(z))}, is {relation} it.",
    )


@check(
    "mediation",
    formula="c - c' = a b",
    reference="MacKinnon, Warsi and Dwyer 1995; exact for least squares",
    assumes="Least squares on the same rows with the same controls in all three regressions.",
)
def total_less_direct(total: Interval, direct: Interval, a: Interval, b: Interval) -> Result:
    """Compare the drop of the treatment's coefficient with the product of the two paths."""
    drop, path = total - direct, a * b
    return Result(
        verdict(drop.meets(path)),
        f"a b of {span(path)}",
        f"c - c' of {span(drop)}",
        f"The product of the paths is {span(path)}; the treatment's coefficient falls by {span(drop)}.",
    )


@check(
    "mediation",
    formula="share mediated = a b / c",
    reference="MacKinnon, Warsi and Dwyer 1995",
    assumes="Least squares on the same rows with the same controls; a linear model without interaction.",
)
def share_mediated(total: Interval, a: Interval, b: Interval) -> Result:
    """Return the share of the total effect that goes through the mediator."""
    implied = a * b / total
    percent = f"{100 * implied.low:.1f} to {100 * implied.high:.1f} %"
    return Result(MEASURED, percent, "", f"The printed coefficients imply a mediated share of {percent}.")


def partial(r_xy: float, r_zy: float, r_xz: float) -> float:
    """Return the partial correlation of x and y given z."""
    return (r_xy - r_xz * r_zy) / sqrt((1 - r_xz**2) * (1 - r_zy**2))


@check(
    "mediation",
    formula="r = t / sqrt(t^2 + df) in the three regressions with one of X, M; then r(X,Y|M) and"
    " t = r sqrt(df - 1) / sqrt(1 - r^2)",
    reference="partial correlation from simple ones (Frisch and Waugh 1933)",
    assumes=CLASSICAL + " All regressions use the same rows and controls.",
)
def both_t_from_three(
    t_total: Interval, t_mediator: Interval, t_a: Interval, t_direct: Interval, t_b: Interval, *, df: float
) -> Result:
    """The two t values of the regression on treatment and mediator follow from the three simple ones.

    `t_total` and `t_mediator` are of treatment and mediator alone in the outcome regression, `t_a` of the treatment in
    the mediator's, `t_direct` and `t_b` of both together; `df` is that of the regressions with one of the two.
    """

    def of(y_first: float, y_second: float, cross: float) -> float:
        r = partial(*(t / sqrt(t**2 + df) for t in (y_first, y_second, cross)))
        return r * sqrt(df - 1) / sqrt(1 - r**2)

    direct = extremes(of, t_total, t_mediator, t_a)
    b = extremes(of, t_mediator, t_total, t_a)
    holds = direct.meets(t_direct) and b.meets(t_b)
    return Result(
        verdict(holds),
        f"t {span(direct)} and {span(b)}",
        f"t {span(t_direct)} and {span(t_b)}",
        f"The three simple t values imply {span(direct)} for the treatment and {span(b)} for the mediator; printed"
        f" are {span(t_direct)} and {span(t_b)}.",
    )


@check(
    "mediation",
    formula="if a = b = 0, z = t_a t_b / sqrt(t_a^2 + t_b^2) is N(0, 1/4), so the 5 % threshold is 1.96 / 2 = 0.98;"
    " if only one path is zero, z tends to N(0, 1) and 1.96 applies",
    reference="MacKinnon, Lockwood, Hoffman, West and Sheets 2002 (0.97 by simulation); Shepp 1964 for N(0, 1/4)",
    assumes="Independent normal t values.",
)
def sobel_threshold(threshold: Interval, z: Sequence[Interval] = ()) -> Result:
    """Read a stated 5 % threshold of a Sobel z: what it tests, its largest false-positive rate, whether it matters."""
    from scipy.special import ndtr

    size = float(2 * ndtr(-threshold.middle))
    both = float(2 * ndtr(-2 * threshold.middle))
    changed = sum(threshold.low <= abs(one).middle < 1.96 for one in z)
    holds = size <= 0.0505
    reading = f"; {changed} of {len(z)} printed z lie between it and 1.96" if z else ""
    return Result(
        CONSISTENT if holds else CANNOT_TELL,
        f"rate {both:.3f} if both paths are zero, up to {size:.3f} if one is",
        f"threshold {span(threshold)}",
        f"Against {threshold.middle:g}, an indirect effect of zero is rejected with probability {both:.3f} when"
        f" both paths are zero and up to {size:.3f} when only one is{reading}.",
    )
