"""A printed p value against the statistic beside it, and printed counts against public lists."""

from math import sqrt

from nqp.evidence.audit.checks import Result, check, verdict
from nqp.evidence.audit.intervals import Interval, as_printed, extremes, span


@check(
    "instruments",
    formula="p = P(chi2(1) > statistic) = 2 (1 - Phi(sqrt(statistic)))",
    reference="chi-square distribution with one degree of freedom; an F(1, large) statistic has the same p",
    assumes="One restriction: one instrument and one endogenous regressor.",
)
def chi2_p(statistic: Interval, p: Interval) -> Result:
    """Compare a p value with a statistic of one restriction."""
    from scipy.special import ndtr

    implied = extremes(lambda x: float(2 * ndtr(-sqrt(max(x, 0.0)))), statistic)
    return Result(
        verdict(implied.meets(p)),
        f"p {span(implied, 2)}",
        f"p {as_printed(p)}",
        f"A statistic of {as_printed(statistic)} has p of {span(implied, 2)} with one restriction;"
        f" {as_printed(p)} is printed.",
    )


@check("counts", formula="printed count = number on a public list", reference="public lists of data/rosters")
def units_on_list(count: Interval, *, listed: int, what: str) -> Result:
    """Compare a printed count of units with the number that a public list holds under a stated rule."""
    return Result(
        verdict(count.meets(listed)),
        str(listed),
        span(count),
        f"{what}: {listed} on the public list; {span(count)} are printed.",
    )
