"""What standard errors of columns that share rows and regressors, and differ in the outcome, say of one another."""

from collections.abc import Sequence
from itertools import combinations

from printcheck.checks import CANNOT_TELL, CONSISTENT, Result, check, verdict
from printcheck.intervals import Interval, span


@check(
    "fit",
    formula="se(term) / se(other term) = sqrt(v(term) / v(other term)), v from (X'X)^-1: one number for all outcomes",
    reference="classical covariance s^2 (X'X)^-1: the outcome enters s only (Greene, Econometric Analysis, ch. 4)",
    assumes="Least squares with conventional (homoskedastic) errors on the same rows and regressors. Robust and "
    "clustered errors weight rows by residuals, which differ from outcome to outcome.",
)
def error_ratio_shared(
    term: Sequence[Interval], other: Sequence[Interval], *, robust: bool = False
) -> Result:
    """Compare the ratio of two terms' standard errors over columns that differ in the outcome only.

    Where the paper says that its errors are robust or clustered, one common ratio would leave open whether they
    are; different ratios bear the statement out.

    `term` and `other` are the standard errors of two terms, one of each for every column; `robust` says whether the
    paper calls its errors robust or clustered.
    """
    ratios = [abs(a) / abs(b) for a, b in zip(term, other, strict=True)]
    holds = all(one.meets(two) for one, two in combinations(ratios, 2))
    common = Interval(*sorted((max(r.low for r in ratios), min(r.high for r in ratios))))
    listed = ", ".join(span(one) for one in ratios)
    words = (
        f"all {len(ratios)} allow a ratio of {span(common, 5)}, as conventional errors must have"
        if holds
        else "no one ratio fits all, so not all of them are conventional errors of one design"
    )
    decided = verdict(holds)
    if robust:
        decided = CANNOT_TELL if holds else CONSISTENT
    return Result(
        decided,
        f"common ratio {span(common, 5)}" if holds else "one common ratio if conventional",
        listed,
        f"The ratios of the two standard errors are {listed}: {words}.",
    )
