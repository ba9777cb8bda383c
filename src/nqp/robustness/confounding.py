"""How strong an omitted variable, or how many replaced cases, would overturn an inference (Frank)."""

from dataclasses import dataclass

import numpy as np

from nqp.robustness.errors import DesignError


@dataclass(frozen=True)
class ImpactThreshold:
    """Impact threshold of a confounding variable.

    Attributes
    ----------
    impact : product of the omitted variable's partial correlations with treatment and outcome at which the
        inference turns. It has the estimate's sign when it would invalidate a significant estimate, the
        opposite sign when it would make an insignificant one significant
    correlation : square root of its size, the correlation with each when both are equal
    observed, critical : partial correlation of treatment and outcome, and the smallest that is significant
    significant : whether the estimate is significant at `alpha`
    """

    impact: float
    correlation: float
    observed: float
    critical: float
    significant: bool


@dataclass(frozen=True)
class ReplacementRobustness:
    """Robustness of an inference to replacement.

    Attributes
    ----------
    cases : observations to be replaced by ones without effect (significant estimate), or by ones with an
        effect at the threshold (insignificant), for the inference to turn
    share : the same in percent of the estimate, or of the threshold
    threshold : smallest estimate of this sign that is significant
    significant : whether the estimate is significant at `alpha`
    """

    cases: int
    share: float
    threshold: float
    significant: bool


def itcv(estimate: float, std_error: float, n: int, covariates: int, alpha: float = 0.05) -> ImpactThreshold:
    """Impact threshold of a confounding variable, from printed numbers alone.

    Parameters
    ----------
    estimate, std_error : coefficient of interest
    n : observations
    covariates : other regressors, without the constant; t has n - covariates - 2 degrees of freedom
    alpha : two-sided level

    Raises
    ------
    DesignError
        When the standard error is not positive, or n is not above covariates + 3.

    References
    ----------
    Frank (2000), Sociological Methods & Research 29; R package konfound, ``pkonfound``.
    """
    t, critical_t, freedom = _statistics(estimate, std_error, n, covariates, alpha)
    observed, critical = (abs(value) / np.sqrt(value**2 + freedom) for value in (t, critical_t))
    significant = bool(observed > critical)
    size = (observed - critical) / (1 - critical) if significant else (observed - critical) / (1 + critical)
    sign = -1.0 if estimate < 0 else 1.0
    return ImpactThreshold(
        float(sign * size),
        float(np.sqrt(abs(size))),
        float(sign * observed),
        float(sign * critical),
        significant,
    )


def rir(
    estimate: float, std_error: float, n: int, covariates: int, alpha: float = 0.05
) -> ReplacementRobustness:
    """Robustness of an inference to replacement of cases, from printed numbers alone.

    Parameters and errors as `itcv`.

    References
    ----------
    Frank, Maroulis, Duong & Kelcey (2013), Educational Evaluation and Policy Analysis 35.
    """
    t, critical_t, _ = _statistics(estimate, std_error, n, covariates, alpha)
    ratio = abs(t) / critical_t
    share = 1 - min(ratio, 1 / ratio) if ratio else 1.0
    sign = -1.0 if estimate < 0 else 1.0
    return ReplacementRobustness(
        round(n * share), float(100 * share), sign * critical_t * std_error, ratio > 1
    )


def _statistics(
    estimate: float, std_error: float, n: int, covariates: int, alpha: float
) -> tuple[float, float, int]:
    """Return t, its critical value and the degrees of freedom."""
    from scipy.special import stdtrit

    if not std_error > 0:
        raise DesignError(f"std_error is {std_error}: it must be above zero")
    if n <= covariates + 3:
        raise DesignError(
            f"{n} observations are too few for {covariates} covariates: n must exceed covariates + 3"
        )
    if not 0 < alpha < 1:
        raise DesignError(f"alpha is {alpha}: it must lie between 0 and 1")
    freedom = n - covariates - 2
    return estimate / std_error, float(stdtrit(freedom, 1 - alpha / 2)), freedom
