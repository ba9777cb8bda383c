"""The concentrated likelihood of the spatial lag panel, and its maximisation."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from nqp.panel import orthonormal, within
from nqp.panel.frames import Panel
from nqp.panel.means import Effects
from nqp.spatial.logdet import Determinant
from nqp.spatial.weights import SpatialError, Weights


@dataclass(frozen=True)
class Design:
    """Data after the effects are removed; rows run over units, and over periods within each unit.

    `y`, `wy` (n,): outcome and W times it; `z` (n, P): regressors, for Durbin models with their lags.
    `jacobian` counts the periods that carry log|S|, `dof` the observations left by the transformation.
    `centred` says that period means were removed after W was applied; `drop_one` that the eigenvalue one of W
    leaves with the time effects (Lee & Yu 2010).
    """

    y: np.ndarray
    wy: np.ndarray
    z: np.ndarray
    names: tuple[str, ...]
    shape: tuple[int, int]
    jacobian: int
    dof: int
    centred: bool
    drop_one: bool


@dataclass(frozen=True)
class Optimum:
    """Maximum likelihood estimates: `slopes` (P,), `rho`, `sigma2`, `residual` (n,)."""

    slopes: np.ndarray
    rho: float
    sigma2: float
    residual: np.ndarray
    loglik: float


def build_design(panel: Panel, w: Weights, lagged: tuple[str, ...], effects: Effects, lee_yu: bool) -> Design:
    """Lag and remove the effects from the outcome, the panel's first variable, and the regressors.

    Lags come first and then means: the likelihood with a dummy for every unit and period. Means first and then
    lags, W Q y instead of Q W y, is another model, because W does not keep period means at zero.
    """
    x, own, (n, t) = panel.cube[..., 1:], panel.names[1:], panel.cube.shape[:2]
    if effects == "none":
        x, own = np.concatenate([np.ones((n, t, 1)), x], axis=2), ("const", *own)
    columns = [own.index(name) for name in lagged]
    names = (*own, *(f"W*{name}" for name in lagged))
    x = np.concatenate([x, w.lag(x[..., columns])], axis=2)
    z = within(x, effects, axes=(0, 1)).reshape(n * t, -1)
    orthonormal(z, x.reshape(n * t, -1), names, f"the {effects} effects")
    units, times = effects in ("two-way", "unit"), effects in ("two-way", "time")
    y, wy = (
        within(one, effects, axes=(0, 1)).ravel() for one in (panel.cube[..., 0], w.lag(panel.cube[..., 0]))
    )
    jacobian, rows = t - (lee_yu and units), n - (lee_yu and times)
    return Design(y, wy, z, names, (n, t), jacobian, rows * jacobian, times, lee_yu and times)


def log_jacobian(design: Design, det: Determinant, rho: np.ndarray | float, order: int = 0) -> np.ndarray:
    """Return the log-determinant term of the likelihood, or its derivative in rho."""
    value = det.logdet(rho, order)
    if design.drop_one:
        rest = 1 - np.asarray(rho, float)
        value = value - np.log(rest) if order == 0 else value + 1 / rest**order
    return design.jacobian * value


def fit_lag(design: Design, det: Determinant) -> Optimum:
    """Maximise the likelihood of y = rho W y + Z b + e; b and sigma2 are concentrated out (Ord 1975)."""
    q, r = np.linalg.qr(design.z)
    both = np.column_stack([design.y, design.wy])
    e0, e1 = (both - q @ (q.T @ both)).T
    a, b, c = e0 @ e0, e0 @ e1, e1 @ e1

    def ssr(rho: np.ndarray | float, order: int = 0) -> np.ndarray:
        return a - 2 * rho * b + rho**2 * c if order == 0 else 2 * (rho * c - b)

    rho = _maximise(design, det, ssr)
    slopes = np.linalg.solve(r, q.T @ (design.y - rho * design.wy))
    residual = e0 - rho * e1
    sigma2 = float(residual @ residual / design.dof)
    loglik = log_jacobian(design, det, rho) - 0.5 * design.dof * (np.log(2 * np.pi * sigma2) + 1)
    return Optimum(slopes, rho, sigma2, residual, float(loglik))


def _maximise(design: Design, det: Determinant, ssr: Callable[..., np.ndarray]) -> float:
    def score(rho: float) -> float:
        return float(log_jacobian(design, det, rho, 1) - 0.5 * design.dof * ssr(rho, 1) / ssr(rho))

    one = np.log(1 - det.grid) if design.drop_one else 0.0
    profile = design.jacobian * (det.values - one) - 0.5 * design.dof * np.log(ssr(det.grid))
    best = int(np.argmax(profile))
    if best in (0, len(det.grid) - 1):
        raise SpatialError(
            f"the likelihood still rises at rho = {det.grid[best]:.4f}, the edge of the admissible"
            f" interval ({det.bounds[0]:.4f}, {det.bounds[1]:.4f}): the data ask for a spatial process that"
            " is not stable. Look for a common trend that time effects would remove, a wrong weights matrix,"
            " or an outcome that is interpolated across neighbours."
        )
    low, high = det.grid[best - 1], det.grid[best + 1]
    inset = 1e-9 * (high - low)  # so that no further piece of the determinant is opened for an end point
    return float(brentq(score, low + inset, high - inset, xtol=1e-13, rtol=1e-13))
