"""The spatial lag panel with random unit effects, needed for the spatial Hausman test."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar

from nqp.spatial.likelihood import Design, Optimum, build_design, fit_lag, log_jacobian
from nqp.spatial.logdet import Determinant, determinant
from nqp.spatial.panel import read_panel
from nqp.spatial.sdm import Model, check_options, check_periods
from nqp.spatial.weights import SpatialError, Weights


@dataclass(frozen=True)
class RandomEffectsResult:
    """Maximum likelihood estimates with random unit effects.

    `params` holds slopes, ``rho``, ``phi`` (variance of the unit effects over variance of the errors) and
    ``sigma2``; `cov` is the inverse observed information of slopes and rho.
    """

    params: pd.Series
    cov: pd.DataFrame
    loglik: float


def random_effects(
    frame: pd.DataFrame,
    outcome: str,
    regressors: Sequence[str],
    weights: Weights,
    *,
    unit: str,
    time: str,
    model: Model = "sdm",
    time_effects: bool = True,
    durbin: Sequence[str] | None = None,
) -> RandomEffectsResult:
    """Fit y_t = rho W y_t + X_t beta + W X_t theta + mu + period effects + e_t with mu ~ N(0, phi sigma2 I).

    The likelihood is that of data from which the share 1 - psi of unit means is taken, with
    psi^2 = 1 / (1 + T phi) (Elhorst 2014, ch. 3); psi is searched, everything else concentrated out.
    With `time_effects`, period means are removed by Lee & Yu's transformation.

    Raises
    ------
    PanelError, SpatialError
        For the reasons of `spatial_panel`, or if the likelihood sees no unit effects (phi = 0).
    """
    if model not in ("sdm", "sar"):
        raise SpatialError(f'random effects are written for model="sdm" and "sar", not {model!r}.')
    effects = "time" if time_effects else "none"
    lagged = check_options(regressors, weights, model, effects, "exact", time_effects, durbin)
    panel = read_panel(frame, outcome, regressors, weights, unit, time)
    check_periods(panel, "unit")
    design = build_design(panel, lagged, effects, "exact", time_effects)
    det = determinant(panel.weights)
    units = design.dof // design.shape[1]

    def loss(psi: float) -> float:
        return -(fit_lag(_partly_demeaned(design, psi), det).loglik + units * np.log(psi))

    search = minimize_scalar(loss, bounds=(1e-3, 1), method="bounded", options={"xatol": 1e-10})
    psi = float(search.x)
    if psi > 1 - 1e-4:
        raise SpatialError("the data show no variance of unit effects (phi = 0): a pooled model is enough.")
    fit = fit_lag(_partly_demeaned(design, psi), det)
    cov = np.linalg.inv(_information(design, fit, psi, det))
    names = [*design.names, "rho"]
    phi = (1 / psi**2 - 1) / design.shape[1]
    params = pd.Series([*fit.slopes, fit.rho, phi, fit.sigma2], [*names, "phi", "sigma2"])
    count = len(names)
    return RandomEffectsResult(params, pd.DataFrame(cov[:count, :count], names, names), -float(search.fun))


def _partly_demeaned(design: Design, psi: float) -> Design:
    def part(values: np.ndarray) -> np.ndarray:
        wide = values.reshape(*design.shape, -1)
        return (wide - (1 - psi) * wide.mean(axis=1, keepdims=True)).reshape(values.shape)

    return replace(design, y=part(design.y), wy=part(design.wy), z=part(design.z))


def _information(design: Design, fit: Optimum, psi: float, det: Determinant) -> np.ndarray:
    """Minus the Hessian in (slopes, rho, psi, sigma2)."""
    moved = _partly_demeaned(design, psi)
    pull = np.column_stack([moved.z, moved.wy])
    between = np.column_stack([design.z, design.wy, design.y]).reshape(*design.shape, -1).mean(axis=1)
    error = between[:, -1] - between[:, :-1] @ np.r_[fit.slopes, fit.rho]
    periods, units = design.shape[1], design.dof // design.shape[1]
    p, s2 = pull.shape[1], fit.sigma2
    result = np.zeros((p + 2, p + 2))
    result[:p, :p] = pull.T @ pull / s2
    result[p - 1, p - 1] -= log_jacobian(design, det, fit.rho, 2)
    result[:p, p] = result[p, :p] = -2 * psi * periods * (between[:, :-1].T @ error) / s2
    result[:p, -1] = result[-1, :p] = pull.T @ fit.residual / s2**2
    spread = periods * error @ error
    result[p, p] = units / psi**2 + spread / s2
    result[p, -1] = result[-1, p] = -psi * spread / s2**2
    result[-1, -1] = design.dof / (2 * s2**2)
    return result
