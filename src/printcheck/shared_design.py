"""What standard errors of columns that share rows and regressors, and differ in the outcome, say of one another."""

from collections.abc import Sequence
from itertools import combinations

from printcheck.checks import CANNOT_TELL, CONSISTENT, Result, check, verdict
from printcheck.fit import unexplained
from printcheck.intervals import Interval, as_printed, span


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


@check(
    "fit",
    formula="variation of y = s^2 df / (1 - R2), s proportional to se: explained parts a, b of a + b have correlation "
    "(E(a + b) - E(a) - E(b)) / (2 sqrt(E(a) E(b))), E = R2 se^2 / (1 - R2)",
    reference="analysis of variance; classical covariance s^2 (X'X)^-1",
    assumes="Least squares with conventional errors on the same rows and regressors, one kind of R2, and the outcome "
    "of one column is the sum of the two others'.",
)
def r2_of_sum(
    r2: Interval, r2_parts: Sequence[Interval], se: Interval, se_parts: Sequence[Interval]
) -> Result:
    """Tell whether R2 and errors for a sum of two outcomes can go with those for its parts.

    Parameters
    ----------
    r2, se : R2 and one term's standard error for the sum
    r2_parts, se_parts : the same for the two parts, in the same order
    """
    a, b = (_explained(r, s) for r, s in zip(r2_parts, se_parts, strict=True))
    implied = (_explained(r2, se) - a - b) / (2 * (a * b).root())
    holds = implied.meets(Interval(-1.0, 1.0))
    return Result(
        verdict(holds),
        f"correlation {span(implied, 2)}",
        f"R2 {as_printed(r2)}; parts {', '.join(as_printed(one) for one in r2_parts)}",
        f"R2 and errors of the sum and its parts imply that what the regressors explain of the two parts is correlated "
        f"at {span(implied, 2)}, {'which is' if holds else 'which is not'} between -1 and 1.",
    )


def _explained(r2: Interval, se: Interval) -> Interval:
    """Return the explained variation of an outcome, up to a factor that all outcomes of one design share."""
    return (1 / unexplained(r2) - 1) * se.squared()
