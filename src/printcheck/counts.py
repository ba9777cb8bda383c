"""Whole numbers behind printed means and sample sizes."""

from collections.abc import Sequence
from math import ceil, floor, sqrt

from printcheck.checks import CANNOT_TELL, CONSISTENT, Result, check, verdict
from printcheck.intervals import Interval, interval, span

MOST_LISTED = 6


def integer_totals(mean: Interval, n: Interval | int) -> range:
    """Return the whole-number sums of `n` whole numbers whose mean rounds as printed (empty when none does)."""
    n = whole(n)
    slack = 1e-9 * n
    return range(ceil(mean.low * n - slack), floor(mean.high * n + slack) + 1)


@check(
    "counts",
    formula="mean = k / n for a whole number k",
    reference="GRIM: Brown & Heathers (2017), Social Psychological and Personality Science 8",
    assumes="The variable holds whole numbers only.",
)
def integer_mean(mean: Interval, n: Interval) -> Result:
    """Find the whole-number totals that a printed mean of n whole numbers allows."""
    totals = integer_totals(mean, n)
    return Result(
        verdict(len(totals) > 0),
        _totals(totals),
        f"mean {span(mean)}",
        f"Whole-number totals over {whole(n)} observations whose mean rounds as printed: {_totals(totals)}.",
    )


@check(
    "counts",
    formula="mean = k / n, sd = sqrt(k (n - k) / (n (n - 1))) or with n^2 for n (n - 1), k whole",
    reference="moments of a 0/1 variable; GRIM and GRIMMER logic (Brown & Heathers 2017; Anaya 2016)",
)
def dummy(mean: Interval, sd: Interval, n: Interval) -> Result:
    """Find the count of ones that gives both the printed mean and the printed standard deviation of a dummy."""
    size = whole(n)
    by_mean = integer_totals(mean, size)
    both = [k for k in by_mean if any(sd.meets(sqrt(k * (size - k) / size / d)) for d in (size - 1, size))]
    return Result(
        verdict(bool(both)),
        f"{_totals(both)} of {size}",
        f"mean {span(mean)}, sd {span(sd)}",
        f"Counts of ones among {size} that give the printed mean: {_totals(by_mean)};"
        f" that give the printed standard deviation too: {_totals(both)}.",
    )


@check("counts", formula="observations = units x periods", reference="definition of a balanced panel")
def units_times_periods(n: Interval, *, units: int, periods: int) -> Result:
    """Compare a printed number of observations with that of a balanced panel."""
    expected = units * periods
    return Result(
        verdict(n.meets(expected)),
        str(expected),
        span(n),
        f"{units} units x {periods} periods are {expected} observations; {span(n)} are printed.",
    )


@check(
    "counts",
    formula="observations of a subsample = units x periods, units whole",
    reference="definition of a balanced panel",
    assumes="The subsample is chosen by a trait of the unit that does not change over time.",
)
def whole_units(n: Interval, *, periods: int) -> Result:
    """Say how many whole units a subsample's observations are."""
    units, left = divmod(whole(n), periods)
    return Result(
        verdict(left == 0),
        f"{units} units" if left == 0 else f"{units} units and {left} more observations",
        span(n),
        f"{whole(n)} observations over {periods} periods are {units} whole units"
        + (f" and {left} observations more." if left else "."),
    )


@check(
    "counts",
    formula="observations of the halves = periods x floor(units / 2) and periods x ceil(units / 2)",
    reference="definition of the median",
    assumes="A balanced panel, and no ties at the median.",
)
def halves_at_median(
    parts: Sequence[Interval], *, units: int, periods: int, stated: str = "median"
) -> Result:
    """Say whether two groups have the sizes that halving the units at a median gives, once or in each period.

    Sizes alone do not tell the two apart: both give every period the same number of units in each half. `stated` is
    where the paper says that it splits; another place than the median gives these sizes by coincidence only, so that
    they are then ``cannot tell``.
    """
    small, large = units // 2, units - units // 2
    sizes = sorted(map(whole, parts))
    holds = sizes == [periods * small, periods * large]
    named = " and ".join(map(str, sizes))
    other = stated != "median"
    decided = (CANNOT_TELL if holds else CONSISTENT) if other else verdict(holds)
    said = f", and the paper says that it splits at the {stated}" if other else ""
    return Result(
        decided,
        f"{periods * small} and {periods * large}",
        named,
        f"Halving {units} units at a median, once or in each of {periods} periods, gives {periods} x {small} ="
        f" {periods * small} and {periods} x {large} = {periods * large} observations; {named} are printed{said}.",
    )


@check(
    "counts",
    formula="observations of a 1:1 matched sample <= 2 x treated observations",
    reference="definition of one-to-one nearest-neighbour matching without ties",
    assumes="Every treated observation is matched with one control, and only matched observations enter.",
)
def one_to_one_bound(n: Interval, *, treated: int) -> Result:
    """Compare a matched sample's size with the largest that one-to-one matching can give."""
    bound = 2 * treated
    return Result(
        verdict(n.low <= bound),
        f"at most {bound}",
        span(n),
        f"{treated} treated observations and as many matches are at most {bound}; {span(n)} are printed.",
    )


@check(
    "counts",
    formula="one matching on the same covariates keeps one set of observations, whatever the outcome",
    reference="propensity-score matching uses treatment and covariates only (Rosenbaum & Rubin 1983)",
    assumes="The outcomes have no missing values of their own.",
)
def same_matched_sample(n: Sequence[Interval]) -> Result:
    """Compare sample sizes of regressions that share a matching but differ in the outcome."""
    sizes = sorted({whole(one) for one in n})
    named = ", ".join(map(str, sizes))
    return Result(
        verdict(len(sizes) == 1),
        "one sample size",
        named,
        f"Matching does not use the outcome, so {len(n)} columns that share it share their observations;"
        f" the printed sizes are {named}.",
    )


@check("counts", formula="printed count = number on a public list", reference="the list that the plan names")
def units_on_list(count: Interval, *, listed: int, what: str) -> Result:
    """Compare a printed count of units with the number that a public list holds under a stated rule."""
    return Result(
        verdict(count.meets(listed)),
        str(listed),
        span(count),
        f"{what}: {listed} on the public list; {span(count)} are printed.",
    )


def whole(count: Interval | int) -> int:
    """Read a count or a year, which must be printed exactly."""
    count = interval(count)
    if count.low != count.high or count.low != int(count.low):
        raise ValueError(f"{span(count)} is no whole number: give counts and years that are printed exactly")
    return int(count.low)


def _totals(totals: Sequence[int]) -> str:
    if not len(totals):
        return "none"
    if len(totals) > MOST_LISTED:
        return f"{len(totals)} values from {totals[0]} to {totals[-1]}"
    return ", ".join(map(str, totals))
