"""Frank's sensitivity numbers recomputed: which convention of degrees of freedom gives the printed ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt

from printcheck.checks import CONSISTENT, INCONSISTENT, Result, check, verdict
from printcheck.intervals import Interval, as_printed, extremes, span

REFERENCE = (
    "Frank (2000), Sociological Methods & Research 29; Frank, Maroulis, Duong & Kelcey (2013), Educational "
    "Evaluation and Policy Analysis 35; R package konfound; Stata programs konfound and pkonfound (SSC, 2017)"
)


@dataclass(frozen=True)
class Convention:
    """Degrees of freedom with which a program turns t values into correlations, r = t / sqrt(t^2 + df).

    Attributes
    ----------
    name : what a reader calls it
    test : of the critical t; infinite for 1.96
    critical, observed : in the correlation of the critical t, and of the estimate's t
    """

    name: str
    test: float
    critical: float
    observed: float


def conventions(n: int, regressors: int, *, effects: int = 0, groups: int = 0) -> list[Convention]:
    """Return the documented conventions for one regression.

    Parameters
    ----------
    n : rows
    regressors : the treatment, controls and period dummies; no constant, no unit effects
    effects : absorbed unit effects less one
    groups : units, when the regression came from a panel command that stores them

    Notes
    -----
    R's konfound takes n - K - 2 for everything, K the other covariates. SSC's pkonfound (2017) takes n - K - 1
    for the critical t and n - K - 3 in correlations. SSC's konfound (2017) takes the model's degrees of freedom m
    and, after a panel command, N units: n - m - N + 1, n - m - N - 2 and, for the estimate, n - m - 2. When m
    already counts the unit effects, N is then subtracted twice.
    """
    cases = {"": regressors}
    if effects:
        cases = {", unit effects not counted": regressors, ", unit effects counted": regressors + effects}
    found = []
    for words, m in cases.items():
        left = n - m - 1
        found += [
            Convention(f"R konfound, n - K - 2{words}", left, left, left),
            Convention(f"1.96 and n - K - 2{words}", inf, left, left),
            Convention(f"SSC pkonfound (2017){words}", n - m, n - m - 2, n - m - 2),
        ]
        if groups:
            name = f"SSC konfound (2017) after a panel command{words}"
            found.append(Convention(name, n - m - groups + 1, n - m - groups - 2, n - m - 2))
    return found


def critical_t(df: float, alpha: float = 0.05) -> float:
    """Return the two-sided critical value of t, of the normal when df is infinite."""
    from scipy.special import ndtri, stdtrit

    return float(ndtri(1 - alpha / 2) if df == inf else stdtrit(df, 1 - alpha / 2))


def impact(t: float, one: Convention) -> float:
    """Return the impact threshold of a significant estimate under a convention."""
    bound = critical_t(one.test)
    critical, observed = bound / sqrt(bound**2 + one.critical), t / sqrt(t**2 + one.observed)
    return (observed - critical) / (1 - critical)


@check(
    "sensitivity",
    formula="one t must give the printed share, the printed impact and the printed correlation",
    reference=REFERENCE,
    assumes="A significant estimate; 5 percent level, two-sided.",
)
def which_convention(
    coef: Interval,
    se: Interval,
    share: Interval,
    threshold: Interval,
    correlation: Interval,
    *,
    conventions: Sequence[Convention],
) -> Result:
    """Find the conventions under which one unrounded t gives all printed sensitivity numbers at once.

    `share` is printed in percent, `correlation` is the root of the impact `threshold`.
    """
    t, implied, fits = abs(coef) / abs(se), {}, []
    for one in conventions:
        wanted = _t_of_share(share, one)
        if not wanted.meets(t):
            continue
        both = Interval(max(wanted.low, t.low), min(wanted.high, t.high))
        value = implied[one.name] = extremes(lambda v, c=one: impact(v, c), both)
        if value.meets(threshold) and value.root().meets(correlation):
            fits.append(one.name)
    wide = [value for name, value in implied.items() if name not in fits]
    ends = f"{min(v.low for v in wide):.4f} to {max(v.high for v in wide):.4f}" if wide else ""
    others = f" With the printed share the others give an impact of {ends}." if wide else ""
    numbers = f"{as_printed(share)}, {as_printed(threshold)} and {as_printed(correlation)}"
    give = "gives" if len(fits) == 1 else "give"
    return Result(
        CONSISTENT if fits else INCONSISTENT,
        "impact at the printed share: " + "; ".join(f"{name}: {span(v)}" for name, v in implied.items()),
        f"share {as_printed(share)} %, impact {as_printed(threshold)}, correlation {as_printed(correlation)}",
        f"{len(fits)} of {len(conventions)} documented conventions {give} {numbers} from one t"
        + (f": {'; '.join(fits)}." if fits else ".")
        + others,
    )


def _t_of_share(share: Interval, one: Convention) -> Interval:
    """Return the t values that give a printed share."""
    return critical_t(one.test) / (1 - share / 100)


@check("sensitivity", formula="impact = r(omitted, treatment) x r(omitted, outcome)", reference=REFERENCE)
def impact_is_product(threshold: Interval, correlation_x: Interval, correlation_y: Interval) -> Result:
    """Compare a printed impact threshold with the product of the two printed correlations.

    The product of the numbers as printed is told too: a threshold that equals it may have been multiplied from
    rounded correlations.
    """
    implied = correlation_x * correlation_y
    exact = correlation_x.middle * correlation_y.middle
    holds = implied.meets(threshold)
    return Result(
        verdict(holds),
        f"product {span(implied)}",
        as_printed(threshold),
        f"The product of the two correlations is {span(implied)} ({exact:.4g} from the numbers as printed); "
        f"{as_printed(threshold)} is printed.",
    )
