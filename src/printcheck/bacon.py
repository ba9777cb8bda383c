"""Goodman-Bacon weights and estimates: those that cohort sizes imply against those that are printed."""

from collections.abc import Mapping

from printcheck.checks import Result, check, verdict
from printcheck.cohorts import BaconWeights, bacon_weights
from printcheck.counts import whole
from printcheck.intervals import Interval, span

Count = Interval | int
Weights = dict[str, Interval]

GOODMAN_BACON = "Goodman-Bacon (2021), Journal of Econometrics 225: theorem 1 and equations 7 to 10"
WITHOUT_CONTROLS = "A balanced panel; treatment stays on; the decomposition is the one without controls."


@check(
    "timing",
    formula="weights follow from n_k and D_k (theorem 1)",
    reference=GOODMAN_BACON,
    assumes=WITHOUT_CONTROLS,
)
def weights_from_cohorts(
    units: Count, first: Count, last: Count, *, weights: Weights, sizes: Mapping[int, int]
) -> Result:
    """Compare printed Goodman-Bacon weights with those of cohorts that a roster or counting gives.

    Parameters
    ----------
    units, first, last : all units, first and last year, exact counts
    weights : printed weights as shares, by what serves as control: ``later``, ``earlier``, ``never``
    sizes : number of units by first treated year
    """
    computed = bacon_weights(sizes, units=whole(units), first=whole(first), last=whole(last))
    implied = ", ".join(f"{name} {getattr(computed, name):.5f}" for name in weights)
    return Result(
        verdict(weights_fit(computed, weights)),
        implied,
        named(weights),
        f"Cohorts of {named_cohorts(sizes)} among {whole(units)} units have the weights {implied}; print allows"
        f" {named(weights)}.",
    )


def coarse(printed: Interval, to: float) -> Interval:
    """Widen a printed number to the unit it was really rounded to."""
    return Interval(min(printed.low, printed.middle - to / 2), max(printed.high, printed.middle + to / 2))


def weights_fit(weights: BaconWeights, printed: Weights) -> bool:
    """Whether every printed weight can be the computed one."""
    return all(one.meets(getattr(weights, name)) for name, one in printed.items())


def named(printed: Mapping[str, Interval]) -> str:
    """Write what print allows, by name."""
    return ", ".join(f"{name} {span(one)}" for name, one in printed.items())


def named_cohorts(sizes: Mapping[int, int]) -> str:
    """Write cohort sizes by first treated year."""
    return ", ".join(f"{sizes[year]} from {year}" for year in sorted(sizes))
