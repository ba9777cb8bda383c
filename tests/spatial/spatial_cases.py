"""Maps and simulated panels for the spatial tests."""

from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from nqp.panel import balanced_panel, within
from nqp.spatial import Weights
from nqp.spatial.likelihood import build_design
from nqp.spatial.weights import align

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "tests" / "reference"


def cells(rows: int, columns: int | None = None) -> Weights:
    """Row-standardised queen contiguity of a rectangular map."""

    def band(n):
        return sparse.diags_array([1.0, 1.0, 1.0], offsets=[-1, 0, 1], shape=(n, n))

    queen = sparse.csr_array(sparse.kron(band(rows), band(columns or rows)))
    queen = sparse.csr_array(queen - sparse.diags_array(queen.diagonal()))
    queen.eliminate_zeros()
    return Weights(queen, tuple(range(queen.shape[0])), False, "queen").standardise()


def simulate(
    weights, periods, seed, *, rho=0.4, beta=(1.0, -0.5), theta=(0.5, 0.3), serial=0.0, persistent=False
):
    """A spatial Durbin panel with unit and period effects and known coefficients."""
    rng = np.random.default_rng(seed)
    n = weights.n
    unit, period = rng.standard_normal((n, 1)), rng.standard_normal((1, periods))
    x = rng.standard_normal((n, periods, 2)) + 0.5 * unit[..., None]
    if persistent:
        x = np.cumsum(x, axis=1)
    error = rng.standard_normal((n, periods))
    for t in range(1, periods):
        error[:, t] = serial * error[:, t - 1] + np.sqrt(1 - serial**2) * error[:, t]
    right = x @ np.array(beta) + weights.lag(x) @ np.array(theta) + unit + period + error
    y = np.linalg.solve(np.eye(n) - rho * weights.matrix.toarray(), right)
    keys = pd.MultiIndex.from_product([weights.ids, range(2000, 2000 + periods)], names=["id", "year"])
    flat = {"y": y.ravel(), "x1": x[..., 0].ravel(), "x2": x[..., 1].ravel()}
    return pd.DataFrame(flat, index=keys).reset_index()


def spreg_direct_income(frame: pd.DataFrame, links: object) -> float:
    """Return what spreg calls the direct effect of income in the Columbus Durbin model."""
    import spreg

    y, x = frame[["CRIME"]].to_numpy(), frame[["INC", "HOVAL"]].to_numpy()
    fit = spreg.ML_Lag(y, x, links, slx_lags=1, spat_impacts="full")
    return float(fit.betas[1, 0]) * float(fit.sp_multipliers["full"][0])


def expected_errors(fit, frame, regressors, weights, *, unit="id", time="year") -> pd.Series:
    """Errors from the expected Hessian at our estimates, as R and spreg print them (Elhorst 2014, ch. 3).

    `nqp.spatial` inverts the Hessian itself, which another test compares with numerical derivatives.
    """
    panel = balanced_panel(frame, [fit.outcome, *regressors], unit, time)
    w = align(weights, panel.units)
    design = build_design(panel, w, tuple(fit.theta.index), fit.effects, fit.lee_yu)
    dense = w.matrix.toarray()
    gain = dense @ np.linalg.inv(np.eye(len(dense)) - fit.rho * dense)
    left = design.y - fit.rho * design.wy - design.z @ fit.params[list(design.names)].to_numpy()
    echo = within(gain @ left.reshape(design.shape), fit.effects, axes=(0, 1))
    z, mean = design.z, design.wy - echo.ravel()
    p, periods = z.shape[1], design.shape[1]
    matrix = np.zeros((p + 2, p + 2))
    matrix[:p, :p] = z.T @ z / fit.sigma2
    matrix[:p, p] = matrix[p, :p] = z.T @ mean / fit.sigma2
    matrix[p, p] = periods * np.trace(gain @ gain + gain.T @ gain) + mean @ mean / fit.sigma2
    matrix[p, -1] = matrix[-1, p] = periods * np.trace(gain) / fit.sigma2
    matrix[-1, -1] = design.dof / (2 * fit.sigma2**2)
    return pd.Series(np.sqrt(np.diag(np.linalg.inv(matrix))), fit.params.index)
