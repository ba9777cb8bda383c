"""Treatment timing: what printed counts and Goodman-Bacon weights say of how many units started when."""

from collections.abc import Mapping, Sequence
from math import sqrt

from printcheck.bacon import GOODMAN_BACON, Count, Weights, named, named_cohorts, weights_fit
from printcheck.checks import CANNOT_TELL, CONSISTENT, Result, check, verdict
from printcheck.cohorts import bacon_weights, cohort_solutions
from printcheck.counts import integer_totals, whole
from printcheck.intervals import Interval, interval, span

BALANCED = "A balanced panel; treatment stays on."


@check(
    "timing",
    formula="every list of whole cohort sizes that gives the treated units and treated unit-years = n x mean; where"
    " weights are printed, they follow from n_k and D_k (theorem 1)",
    reference=f"counting: the sum of a 0/1 variable is a whole number; {GOODMAN_BACON}",
    assumes=f"{BALANCED} Weights are those of the decomposition without controls.",
)
def cohort_sizes(
    mean: Interval,
    n: Count,
    treated: Count,
    last: Count,
    units: Count | None = None,
    first: Count | None = None,
    *,
    years: Sequence[int],
    at_least: Sequence[int] | None = None,
    at_most: Sequence[int] | None = None,
    weights: Weights | None = None,
) -> Result:
    """Find all cohort sizes that a dummy's mean, the number of treated units and Goodman-Bacon weights allow.

    Parameters
    ----------
    mean : printed mean of the treatment dummy
    n, treated, last : rows of the panel, treated units and last year, exact counts
    units, first, weights : as in `printcheck.bacon.weights_from_cohorts`; left out where no weights are printed
    years, at_least, at_most : as in `cohort_solutions`
    """
    bounds = {"last": whole(last), "at_least": at_least, "at_most": at_most}
    totals = integer_totals(mean, n)
    found = [s for total in totals for s in cohort_solutions(whole(treated), total, years, **bounds)]
    possible = " or ".join(map(str, totals)) or "no whole number of"
    counted = f"{whole(treated)} treated units, mean {span(mean)}"
    said = (
        f"The mean implies {possible} treated unit-years. If cohorts {_starts(years, at_least, at_most)}, sizes that"
        f" give the printed counts: {_listed(found)}."
    )
    if weights:
        panel = {"units": whole(units), "first": whole(first), "last": whole(last)}
        computed = ((s, bacon_weights(dict(zip(years, s, strict=True)), **panel)) for s in found)
        found = [s for s, one in computed if weights_fit(one, weights)]
        counted = named(weights)
        said = f"{said} Those that give the printed weights too: {_listed(found)}."
    return Result(verdict(bool(found)), _listed(found), counted, said)


@check(
    "timing",
    formula="mean = p = sum of sizes x (last year + 1 - first treated year) / n; sd = sqrt(p (1 - p) n / (n - 1))",
    reference="moments of a 0/1 variable",
    assumes=BALANCED,
)
def moments_from_cohorts(
    mean: Interval,
    n: Count,
    last: Count,
    sd: Interval | None = None,
    treated: Count | None = None,
    *,
    sizes: Mapping[int, int],
) -> Result:
    """Compare a dummy's printed mean, and its sd and number of treated units if printed, with given cohorts."""
    rows, total = whole(n), _unit_years(sizes, last)
    p = total / rows
    ours = {"mean": p, "sd": sqrt(p * (1 - p) * rows / (rows - 1)), "treated": sum(sizes.values())}
    printed = {k: interval(v) for k, v in (("mean", mean), ("sd", sd), ("treated", treated)) if v is not None}
    implied = ", ".join(f"{name} {ours[name]:.6g}" for name in printed)
    return Result(
        verdict(all(one.meets(ours[name]) for name, one in printed.items())),
        implied,
        named(printed),
        f"Cohorts of {named_cohorts(sizes)} are treated in {total} of {rows} unit-years: {implied}; print allows"
        f" {named(printed)}.",
    )


@check(
    "timing",
    formula="sum of sizes x (last year + 1 - first treated year) = n x mean, for each reading of the timing rule",
    reference="counting: the sum of a 0/1 variable is a whole number",
    assumes=BALANCED,
)
def timing_readings(
    mean: Interval, n: Count, last: Count, *, readings: Mapping[str, Sequence[int]], sizes: Sequence[int]
) -> Result:
    """Find which readings of a timing rule give the printed mean of the treatment dummy.

    Parameters
    ----------
    mean, n, last : as in `cohort_sizes`
    readings : description of each reading to the first treated years of the batches
    sizes : units of each batch, in the same order
    """
    allowed = integer_totals(mean, n)
    given = {
        name: _unit_years(dict(zip(years, sizes, strict=True)), last) for name, years in readings.items()
    }
    fit = [name for name, total in given.items() if total in allowed]
    told = "; ".join(f"{name}, {'/'.join(map(str, readings[name]))}: {given[name]}" for name in given)
    return Result(
        verdict(bool(fit)),
        " or ".join(fit) or "no reading",
        f"{' or '.join(map(str, allowed))} treated unit-years",
        f"Batches of {'/'.join(map(str, sizes))} units give treated unit-years by reading: {told}. The printed mean"
        f" implies {' or '.join(map(str, allowed))}.",
    )


@check(
    "timing",
    formula="year in which the trait is taken < first treated year",
    reference="groups by an outcome of the treatment are selected by it: Angrist & Pischke (2009), section 3.2.3",
)
def split_before_treatment(first: Count, *, taken: int) -> Result:
    """Ask whether a sample is split by a trait that is older than the treatment, which cannot have moved it."""
    before = taken < whole(first)
    return Result(
        CONSISTENT if before else CANNOT_TELL,
        f"before {whole(first)}",
        str(taken),
        f"The trait is of {taken} and treatment begins in {whole(first)}: the treatment"
        f" {'cannot' if before else 'may'} have moved units between the groups.",
    )


def _unit_years(sizes: Mapping[int, int], last: Count) -> int:
    return sum(size * (whole(last) + 1 - year) for year, size in sizes.items())


def _starts(years: Sequence[int], at_least: Sequence[int] | None, at_most: Sequence[int] | None) -> str:
    """Say from when cohorts are treated and within which bounds their sizes are sought."""
    bounds = [("at least", at_least), ("at most", at_most)]
    told = [f"hold {word} {'/'.join(map(str, one))} units" for word, one in bounds if one is not None]
    return " and ".join([f"start in {'/'.join(map(str, years))}", *told])


def _listed(solutions: Sequence[tuple[int, ...]], shown: int = 8) -> str:
    if not solutions:
        return "none"
    if len(solutions) <= shown:
        return " or ".join("/".join(map(str, one)) for one in solutions)
    ends = [f"{min(sizes)} to {max(sizes)}" for sizes in zip(*solutions, strict=True)]
    return f"{len(solutions)} lists, within {' / '.join(ends)}"
