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
    units: Count,
    first: Count,
    last: Count,
    later: Interval | None = None,
    earlier: Interval | None = None,
    never: Interval | None = None,
    *,
    sizes: Mapping[int, int],
    percent: bool = False,
    to: float | None = None,
) -> Result:
    """Compare printed Goodman-Bacon weights with those of cohorts that a roster or counting gives.

    Parameters
    ----------
    units, first, last, later, earlier, never, percent, to : as in `cohorts_from_weights`
    sizes : number of units by first treated year
    """
    weights = bacon_weights(sizes, units=whole(units), first=whole(first), last=whole(last))
    printed = printed_weights(later, earlier, never, percent, to)
    implied = ", ".join(f"{name} {getattr(weights, name):.5f}" for name in printed)
    return Result(
        verdict(weights_fit(weights, printed)),
        implied,
        named_weights(printed),
        f"Cohorts of {named_cohorts(sizes)} among {whole(units)} units have the weights {implied}; print allows"
        f" {named_weights(printed)}.",
    )


def coarse(printed: Interval, to: float | None) -> Interval:
    """Widen a printed number to the unit it was really rounded to."""
    if to is None:
        return printed
    return Interval(min(printed.low, printed.middle - to / 2), max(printed.high, printed.middle + to / 2))


def printed_weights(
    later: Interval | None, earlier: Interval | None, never: Interval | None, percent: bool, to: float | None
) -> Weights:
    """Return the printed weights as shares."""
    named = {"later": later, "earlier": earlier, "never": never}
    scale = 0.01 if percent else 1
    return {name: coarse(one, to) * scale for name, one in named.items() if one is not None}


def weights_fit(weights: BaconWeights, printed: Weights) -> bool:
    """Whether every printed weight can be the computed one."""
    return all(one.meets(getattr(weights, name)) for name, one in printed.items())


def named_weights(printed: Mapping[str, Interval]) -> str:
    """Write what print allows, by name."""
    return ", ".join(f"{name} {span(one)}" for name, one in printed.items())


def named_cohorts(sizes: Mapping[int, int]) -> str:
    """Write cohort sizes by first treated year."""
    return ", ".join(f"{sizes[year]} from {year}" for year in sorted(sizes))
