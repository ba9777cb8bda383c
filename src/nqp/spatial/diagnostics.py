"""Which spatial model: LM tests before estimation, LR and Wald tests after it."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import chi2

from nqp.panel import balanced_panel, within
from nqp.panel.means import Effects
from nqp.panel.tidy import SpecificationTest
from nqp.spatial.likelihood import build_design
from nqp.spatial.sdm import SpatialPanelResult
from nqp.spatial.weights import SpatialError, Weights, align


def lm_tests(
    frame: pd.DataFrame,
    outcome: str,
    regressors: Sequence[str],
    weights: Weights,
    *,
    unit: str,
    time: str,
    effects: Effects = "two-way",
) -> pd.DataFrame:
    """Lagrange multiplier tests for a spatial lag and a spatial error, plain and robust to the other.

    Residuals e and sigma2 = e'e / NT come from least squares after the effects are removed. With
    T_W = tr(WW + W'W), the score terms d_lag = e'Wy / sigma2 and d_err = e'We / sigma2, and
    J = T T_W + (W y-hat)'M(W y-hat) / sigma2 (M removes regressors and effects),

        LM lag = d_lag^2 / J                      LM error = d_err^2 / (T T_W)
        robust lag = (d_lag - d_err)^2 / (J - T T_W)
        robust error = (d_err - d_lag T T_W / J)^2 / (T T_W (1 - T T_W / J))

    (Anselin, Le Gallo & Jayet 2008; Elhorst 2014, ch. 3). They satisfy
    lag + robust error = error + robust lag, the joint test with 2 degrees of freedom. spreg 1.9's
    `panel_LMlag` does not: it has T_W squared in place of T T_W (its other three agree with these). A row each, and
    the joint test, with columns `test, statistic, df, p_value`.
    """
    panel = balanced_panel(frame, [outcome, *regressors], unit, time)
    w, periods = align(weights, panel.units), len(panel.times)
    design = build_design(panel, w, (), effects, lee_yu=False)
    residual = design.y - design.z @ np.linalg.lstsq(design.z, design.y, rcond=None)[0]
    sigma2 = residual @ residual / len(residual)
    trace = periods * float((w.matrix.multiply(w.matrix.T)).sum() + w.matrix.multiply(w.matrix).sum())
    echo = w.lag(residual.reshape(design.shape)).ravel()
    lag, error = residual @ design.wy / sigma2, residual @ echo / sigma2
    # W y-hat = W y - W e, projected off regressors and effects
    echo = within(echo.reshape(design.shape), "time" if design.centred else "none").ravel()
    mean = design.wy - echo
    mean = mean - design.z @ np.linalg.lstsq(design.z, mean, rcond=None)[0]
    bend = trace + mean @ mean / sigma2
    values = {
        "LM lag": (lag**2 / bend, 1),
        "LM error": (error**2 / trace, 1),
        "robust LM lag": ((lag - error) ** 2 / (bend - trace), 1),
        "robust LM error": ((error - lag * trace / bend) ** 2 / (trace * (1 - trace / bend)), 1),
        "LM lag and error": ((lag - error) ** 2 / (bend - trace) + error**2 / trace, 2),
    }
    rows = [(name, *value, chi2.sf(*value)) for name, value in values.items()]
    return pd.DataFrame(rows, columns=["test", "statistic", "df", "p_value"])


def lr_test(restricted: SpatialPanelResult, unrestricted: SpatialPanelResult) -> SpecificationTest:
    """Likelihood-ratio test of a nested model, for example SAR within SDM; other pairs of fits are refused."""
    for name in ("outcome", "effects", "lee_yu", "n", "n_units", "weights_name"):
        if getattr(restricted, name) != getattr(unrestricted, name):
            raise SpatialError(
                f"the models differ in {name} ({getattr(restricted, name)},"
                f" {getattr(unrestricted, name)}): a likelihood ratio compares fits that differ only in the"
                " restriction."
            )
    df = len(unrestricted.params) - len(restricted.params)
    statistic = 2 * (unrestricted.loglik - restricted.loglik)
    if df < 1 or statistic < -1e-6:
        raise SpatialError(
            f"{restricted.model} does not look nested in {unrestricted.model}: {df} restrictions, and a"
            f" log-likelihood of {restricted.loglik:.3f} against {unrestricted.loglik:.3f}."
        )
    return SpecificationTest(statistic, float(chi2.sf(statistic, df)), df)


def wald_test(result: SpatialPanelResult, against: Literal["sar", "sem"]) -> SpecificationTest:
    """Wald test that a spatial Durbin model reduces to a simpler one, with the result's own covariance.

    "sar": theta = 0. "sem": theta + rho beta = 0, the common-factor restriction, by the delta method.
    Restrictions cover the lagged regressors only. A SpatialError refuses a model that is not Durbin's.
    """
    if result.model != "sdm":
        raise SpatialError(f'the Wald tests start from model="sdm", not {result.model!r}.')
    if against not in ("sar", "sem"):
        raise SpatialError(f"against={against!r} is not known. Choose sar or sem.")
    lagged = list(result.theta.index)
    factor = result.rho if against == "sem" else 0.0
    value = result.theta.to_numpy() + factor * result.beta[lagged].to_numpy()
    gradient = pd.DataFrame(0.0, lagged, result.params.index)
    for name in lagged:
        gradient.loc[name, [f"W*{name}", name]] = 1, factor
        gradient.loc[name, "rho"] = result.beta[name] if against == "sem" else 0.0
    matrix = gradient.to_numpy()
    statistic = float(value @ np.linalg.solve(matrix @ result.cov.to_numpy() @ matrix.T, value))
    return SpecificationTest(statistic, float(chi2.sf(statistic, len(lagged))), len(lagged))
