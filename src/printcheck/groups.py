"""Differences between groups from printed estimates alone."""

from collections.abc import Sequence
from itertools import combinations

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


@check(
    "groups",
    formula="b1 < b2 claimed: z = (b2 - b1) / sqrt(se1^2 + se2^2)",
    reference="Clogg, Petkova and Haritou 1995",
    assumes=NORMAL,
)
def ranking(coef: Sequence[Interval], se: Sequence[Interval], *, names: Sequence[str]) -> Result:
    """Read a claimed ranking, smallest first: consistent when no coefficient is below the one before it.

    The sentence gives |z| of each step were the estimates independent; estimates on the same rows are not, so it
    does not decide.
    """
    steps = list(zip(range(len(coef) - 1), range(1, len(coef)), strict=True))
    holds = all(coef[b].high >= coef[a].low for a, b in steps)
    z = [difference_z(coef[a], coef[b], se[a], se[b]) for a, b in steps]
    listed = "; ".join(
        f"{names[a]} to {names[b]} |z| {span(one, 3)}" for (a, b), one in zip(steps, z, strict=True)
    )
    return Result(
        verdict(holds),
        listed,
        " < ".join(names),
        f"The coefficients {'rank' if holds else 'do not rank'} as claimed, {' < '.join(names)}; were they"
        f" independent: {listed}.",
    )


@check(
    "groups",
    formula="p = 2 (1 - Phi(|z|)) falls as |z| = |b1 - b2| / sqrt(se1^2 + se2^2) rises",
    reference="Clogg, Petkova and Haritou 1995; a permutation test of the same statistic orders comparisons alike",
    assumes="All p values come from one test; differences in the dependence of the two samples are left aside.",
)
def order_of_p(z: Sequence[Interval], p: Sequence[Interval]) -> Result:
    """Count the pairs of comparisons in which the larger |z| has the larger printed p; ties are left out."""
    apart = [
        (p[i].low - p[j].low) * (z[i].low - z[j].low)
        for i, j in combinations(range(len(z)), 2)
        if not z[i].meets(z[j]) and not p[i].meets(p[j])
    ]
    against = sum(one > 0 for one in apart)
    return Result(
        CANNOT_TELL if against else CONSISTENT,
        f"{against} of {len(apart)} pairs in the other order",
        f"{len(p)} p values",
        f"Of {len(apart)} pairs of comparisons whose |z| and printed p both differ, {against} have the larger p with"
        " the larger |z|; a test on |z| would have none.",
    )
