"""Treatment cohorts by counting: which sizes give a printed total, and which Goodman-Bacon weights they have."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class BaconWeights:
    """Total weight of the three kinds of comparison in a two-way fixed-effects estimate; they add up to one.

    Attributes
    ----------
    later : earlier-treated units against later-treated ones, not yet treated, as control
    earlier : later-treated units against earlier-treated ones, already treated, as control
    never : treated against never-treated units
    """

    later: float
    earlier: float
    never: float


def bacon_weights(sizes: Mapping[int, int], *, units: int, first: int, last: int) -> BaconWeights:
    """Return Goodman-Bacon weights, which depend on cohort sizes and dates and not on any outcome.

    With n_k units of cohort k treated in a share D_k of the periods, a comparison weighs, up to the common
    divisor, n_k n_U D_k (1 - D_k) against never-treated units; and for k treated before l, n_k n_l (D_k - D_l)
    times (1 - D_k) with l as control and times D_l with k as control.

    `sizes` are numbers of units by first treated year; `units` counts the never-treated too; `first` and `last` are
    the first and last year of a balanced panel.

    Raises
    ------
    ValueError
        When a cohort starts outside the panel's years or in its first, or no unit is never treated.
    """
    never = units - sum(sizes.values())
    if not sizes or never <= 0 or min(sizes.values()) < 0 or not all(first < year <= last for year in sizes):
        raise ValueError(
            f"cohorts must start after {first} and by {last} and leave units that are never treated; got cohorts"
            f" {dict(sizes)} among {units} units"
        )
    share = {year: (last + 1 - year) / (last + 1 - first) for year in sizes}
    cohorts = sorted(sizes.items())
    untreated = sum(n * never * share[k] * (1 - share[k]) for k, n in cohorts)
    as_later = as_earlier = 0.0
    for place, (k, n) in enumerate(cohorts):
        for later, m in cohorts[place + 1 :]:
            pair = n * m * (share[k] - share[later])
            as_later += pair * (1 - share[k])
            as_earlier += pair * share[later]
    total = untreated + as_later + as_earlier
    return BaconWeights(as_later / total, as_earlier / total, untreated / total)


def cohort_solutions(
    treated: int,
    unit_years: int,
    years: Sequence[int],
    *,
    last: int,
    at_least: Sequence[int] | None = None,
    at_most: Sequence[int] | None = None,
) -> list[tuple[int, ...]]:
    """Return every list of cohort sizes that gives a number of treated units and of treated unit-years.

    Parameters
    ----------
    treated : units ever treated
    unit_years : sum of the treatment dummy
    years : first treated year of each cohort; its units are treated ``last + 1 - year`` years
    last : last year of the panel
    at_least, at_most : bounds on the sizes from elsewhere, in the order of `years`; zero and `treated` if not given

    Returns
    -------
    list of tuple
        Whole numbers in the order of `years`; empty when there is none.
    """
    low = at_least or [0] * len(years)
    high = at_most or [treated] * len(years)
    ranges = [range(a, min(b, treated) + 1) for a, b in zip(low, high, strict=True)]
    spells = [last + 1 - year for year in years]
    if len(ranges) != len(spells):
        raise ValueError(
            f"{len(ranges)} bounds for the {len(spells)} cohorts {list(years)}; give one for each"
        )
    return list(_solve(treated, unit_years, spells, ranges))


def _solve(units: int, total: int, spells: list[int], ranges: list[range]) -> Iterator[tuple[int, ...]]:
    """Choose the first cohort's size and solve for the others; skip what the longest and shortest spell rule out."""
    if not spells:
        yield from [()] if units == total == 0 else []
        return
    for size in ranges[0]:
        left, rest = units - size, total - size * spells[0]
        if left < 0 or (spells[1:] and not left * min(spells[1:]) <= rest <= left * max(spells[1:])):
            continue
        for others in _solve(left, rest, spells[1:], ranges[1:]):
            yield (size, *others)
