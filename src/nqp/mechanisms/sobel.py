"""Tests of a product of two coefficients: Sobel's, with their covariance, and by its exact distribution."""

import numpy as np
import pandas as pd
from scipy import stats

from nqp.panel import PanelError, tidy_rows


def sobel_tests(a: float, se_a: float, b: float, se_b: float, *, correlation: float) -> pd.DataFrame:
    """Test an indirect effect a*b from the two coefficients and their standard errors, printed ones if need be.

    `a` is the effect of the treatment on the mediator, `b` that of the mediator on the outcome given the treatment. The
    `correlation` of the two estimates is zero for least squares with classical errors, not with clustered ones.

    Tidy rows are indexed by ``method``: ``sobel``, first-order delta method, variance ``b^2 se_a^2 + a^2 se_b^2``
    (Sobel 1982); ``correlated``, the same with ``+ 2 a b cov(a, b)``; ``product``, the p-value alone, from the exact
    distribution of the product of two normals with that correlation (MacKinnon, Lockwood & Williams 2004), skewed.
    """
    if not (se_a > 0 and se_b > 0):
        raise PanelError(f"Standard errors must be positive, not {se_a:g} and {se_b:g}. (t values, perhaps?)")
    if not -1 < correlation < 1:
        raise PanelError(f"The correlation of a and b must lie in (-1, 1), not {correlation:g}.")
    variance = b**2 * se_a**2 + a**2 * se_b**2
    errors = np.sqrt([variance, variance + 2 * a * b * correlation * se_a * se_b])
    rows = tidy_rows(pd.Series(a * b, ["sobel", "correlated"]), errors).rename_axis("method")
    below = negative_product(a / se_a, b / se_b, correlation)
    rows.loc["product", ["estimate", "p_value"]] = a * b, 2 * min(below, 1 - below)
    return rows


def negative_product(za: float, zb: float, correlation: float) -> float:
    """P(XY < 0) = P(X < 0) + P(Y < 0) - 2 P(X < 0, Y < 0), X and Y normal with means za, zb and variance one."""
    both = stats.multivariate_normal.cdf([0, 0], [za, zb], [[1, correlation], [correlation, 1]])
    return float(stats.norm.cdf(-za) + stats.norm.cdf(-zb) - 2 * both)
