"""Differences between groups from printed estimates alone."""

from printcheck.checks import CANNOT_TELL, CONSISTENT, INCONSISTENT, Result, check, verdict
from printcheck.intervals import Interval, extremes, span

NORMAL = "The p value comes from a normal test of the difference of the two printed estimates."


def error_from_t(coef: Interval, t: Interval) -> Interval:
    """Return the standard error behind a coefficient and its t value."""
    return abs(coef) / abs(t)


def difference_z(first: Interval, second: Interval, se_first: Interval, se_second: Interval) -> Interval:
    """Return |z| of the difference of two independent estimates, for every rounding of the four numbers."""
    gap = abs(first - second)
    spread = (se_first.squared() + se_second.squared()).root()
    return gap / spread


def widest_z(first: Interval, second: Interval, se_first: Interval, se_second: Interval) -> Interval:
    """Return |z| of the difference over every correlation of the two estimates from -1 to 1."""
    gap = abs(first - second)
    most, least = abs(se_first) + abs(se_second), abs(se_first - se_second)
    return Interval((gap / most).low, (gap / least).high)


def p_value(z: Interval) -> Interval:
    """Return two-sided normal p values for an interval of |z|."""
    from scipy.special import ndtr

    return extremes(lambda x: float(2 * ndtr(-x)), z)


@check(
    "groups",
    formula="z = (b1 - b2) / sqrt(se1^2 + se2^2), p = 2 (1 - Phi(|z|))",
    reference="Clogg, Petkova and Haritou 1995; Paternoster et al. 1998",
    assumes=NORMAL + " The two samples share no units, so the estimates are independent.",
)
def difference(
    first: Interval, second: Interval, se_first: Interval, se_second: Interval, p: Interval | None = None
) -> Result:
    """Compare the coefficients of two groups with a printed p value of their difference, or with chance at 5 %."""
    return _compare(difference_z(first, second, se_first, se_second), p, "independent estimates")


@check(
    "groups",
    formula="|z| from |b1 - b2| / (se1 + se2) to |b1 - b2| / |se1 - se2|; p = 2 (1 - Phi(|z|))",
    reference="variance of a difference over every correlation from -1 to 1",
    assumes=NORMAL + " Nothing is assumed of how the two estimates depend on each other.",
)
def difference_overlapping(
    first: Interval, second: Interval, se_first: Interval, se_second: Interval, p: Interval | None = None
) -> Result:
    """Compare coefficients of samples that overlap: the widest possible p value. Parameters as `difference`."""
    return _compare(widest_z(first, second, se_first, se_second), p, "estimates with any correlation")


def _compare(z: Interval, p: Interval | None, how: str) -> Result:
    implied = p_value(z)
    if p is not None:
        p = Interval(max(p.low, 0.0), p.high)  # a p value of .000 is not negative
    said = f"|z| {span(z, 3)}, p {span(implied, 3)}"
    sentence = f"The difference has |z| of {span(z, 3)} and p of {span(implied, 3)} ({how})"
    if p is None:
        return Result(_significance(implied), said, "", f"{sentence}.")
    return Result(
        verdict(implied.meets(p)), said, f"p {span(p, 3)}", f"{sentence}; the printed p is {span(p, 3)}."
    )


def _significance(p: Interval) -> str:
    """Without a printed p: consistent with a claimed difference at 5 %, not, or open."""
    if p.high < 0.05:
        return CONSISTENT
    return INCONSISTENT if p.low > 0.05 else CANNOT_TELL
