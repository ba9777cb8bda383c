"""Tests of a product of two coefficients: Sobel, Aroian, Goodman, and its exact distribution."""

import numpy as np
import pandas as pd
from scipy import optimize, stats

from nqp.mechanisms.panel import MechanismError
from nqp.mechanisms.twoway import tidy_row


def sobel_tests(
    a: float, se_a: float, b: float, se_b: float, *, correlation: float | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Test an indirect effect a*b from the two coefficients and their standard errors.

    Works on printed numbers alone.

    Parameters
    ----------
    a, se_a : float
        Effect of the treatment on the mediator, and its standard error.
    b, se_b : float
        Effect of the mediator on the outcome given the treatment, and its standard error.
    correlation : float, optional
        Correlation of the two estimates. It is zero for least squares with classical errors; with clustered
        errors it is not, and `mediation` passes it. When given, one more row (``correlated``) uses it.
    level : float
        Confidence level.

    Returns
    -------
    DataFrame
        Indexed by ``method``, with ``estimate, std_error, statistic, p_value, conf_low, conf_high``:

        - ``sobel``: first-order delta method, variance ``b^2 se_a^2 + a^2 se_b^2`` (Sobel 1982);
        - ``aroian``: adds ``se_a^2 se_b^2``, the exact variance of a product of independent normals (Aroian
          1947);
        - ``goodman``: subtracts it, the unbiased estimate of that variance (Goodman 1960); where this is not
          positive, the row is empty (NaN);
        - ``product``: no standard error. Interval and p-value come from the exact distribution of the product
          of two normals (MacKinnon, Lockwood & Williams 2004), which is skewed; uses `correlation` if given;
        - ``correlated``: Sobel with ``+ 2 a b cov(a, b)``.

    Raises
    ------
    MechanismError
        A standard error is not positive, or the correlation is outside (-1, 1).
    """
    rho = 0.0 if correlation is None else correlation
    if not (se_a > 0 and se_b > 0):
        raise MechanismError(
            f"Standard errors must be positive, not {se_a:g} and {se_b:g}. (t values, perhaps?)"
        )
    if not -1 < rho < 1:
        raise MechanismError(f"The correlation of a and b must lie in (-1, 1), not {rho:g}.")
    first = b**2 * se_a**2 + a**2 * se_b**2
    second = se_a**2 * se_b**2
    variances = {"sobel": first, "aroian": first + second, "goodman": first - second}
    if correlation is not None:
        variances["correlated"] = first + 2 * a * b * rho * se_a * se_b
    rows = {
        name: tidy_row(a * b, np.sqrt(v) if v > 0 else np.nan, level=level) for name, v in variances.items()
    }
    low, high = (product_quantile(q, a, se_a, b, se_b, rho) for q in (0.5 - level / 2, 0.5 + level / 2))
    below = product_cdf(0.0, a, se_a, b, se_b, rho)
    rows["product"] = pd.Series(
        {"estimate": a * b, "p_value": 2 * min(below, 1 - below), "conf_low": low, "conf_high": high}
    )
    return pd.DataFrame(rows).T.rename_axis("method")[list(rows["sobel"].index)]


def product_cdf(q: float, a: float, se_a: float, b: float, se_b: float, correlation: float = 0.0) -> float:
    """P(XY <= q) for normal X ~ (a, se_a) and Y ~ (b, se_b), by Gauss-Legendre quadrature over X."""
    total = 0.0
    spread = se_b * np.sqrt(1 - correlation**2)
    for low, high in ((-np.inf, 0.0), (0.0, np.inf)):
        # the integrand turns sharply near X = 0: split there, and again at powers of ten away from it
        z = np.unique(
            np.clip(np.r_[low, high, *(s * 10.0 ** np.arange(-6, 2) * se_a for s in (-1, 1))], low, high)
        )
        z = np.unique(
            np.clip(np.r_[z, a + se_a * np.arange(-9, 10)], max(low, a - 9 * se_a), min(high, a + 9 * se_a))
        )
        nodes, weights = np.polynomial.legendre.leggauss(40)
        half = np.diff(z) / 2
        x = (z[:-1] + half)[:, None] + half[:, None] * nodes
        given = b + correlation * se_b * (x - a) / se_a
        inside = stats.norm.cdf(np.sign(x) * (q / x - given) / spread)
        total += float((inside * stats.norm.pdf(x, a, se_a) * half[:, None] * weights).sum())
    return min(max(total, 0.0), 1.0)


def product_quantile(
    p: float, a: float, se_a: float, b: float, se_b: float, correlation: float = 0.0
) -> float:
    """The `p` quantile of the product of two normals."""
    reach = 12 * np.sqrt(b**2 * se_a**2 + a**2 * se_b**2 + 2 * se_a**2 * se_b**2)
    return float(
        optimize.brentq(
            lambda q: product_cdf(q, a, se_a, b, se_b, correlation) - p,
            a * b - reach,
            a * b + reach,
            xtol=1e-14,
        )
    )
