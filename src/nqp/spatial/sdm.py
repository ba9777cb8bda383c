"""Spatial panels with fixed effects by maximum likelihood: Durbin, lag, error and lag-of-x models."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from nqp.panel import some, tidy_rows, within
from nqp.panel.means import Effects
from nqp.spatial.covariance import clustered, information
from nqp.spatial.likelihood import Design, Optimum, build_design, fit_error, fit_lag, fit_none
from nqp.spatial.logdet import Determinant, determinant, solve
from nqp.spatial.panel import Panel, read_panel
from nqp.spatial.weights import SpatialError, Weights

Model = Literal["sdm", "sar", "sem", "slx"]
Transform = Literal["exact", "demean-first"]
Covariance = Literal["observed", "expected", "cluster"]
KIND = {"sdm": "lag", "sar": "lag", "sem": "error", "slx": "none"}


@dataclass(frozen=True)
class SpatialPanelResult:
    """Estimates of a spatial panel model.

    Attributes
    ----------
    params, std_errors : Series
        Slopes (``x`` and ``W*x``), then ``rho`` (``lambda`` in the error model), then ``sigma2``.
    cov : DataFrame
        Covariance matrix of `params`, of the kind named in `vcov`.
    loglik : float
        Maximised log-likelihood with all constants; of the transformed data when `lee_yu`.
    rho_bounds : tuple or None
        The interval in which the spatial parameter keeps I - rho W invertible.
    r2 : Series
        Squared correlations of the outcome with the reduced-form prediction (I - rho W)^-1 (X b + W X theta)
        without effects: over all observations, within units, and between unit means, as in Stata's xsmle.
    n, n_units, n_periods : int
        Observations, units N and periods T as read, before any transformation.
    isolated : tuple
        Units without neighbours; their spatial lags are zero.
    mean_row_sum : float
        Mean row sum of W: one when every row is standardised.
    residuals : DataFrame
        Units by periods, effects removed.
    """

    model: Model
    outcome: str
    effects: Effects
    transform: Transform
    lee_yu: bool
    vcov: Covariance
    params: pd.Series
    cov: pd.DataFrame
    loglik: float
    rho_bounds: tuple[float, float] | None
    r2: pd.Series
    n: int
    n_units: int
    n_periods: int
    isolated: tuple[Hashable, ...]
    weights_name: str
    mean_row_sum: float
    residuals: pd.DataFrame = field(repr=False)
    determinant: Determinant | None = field(repr=False)

    @property
    def rho(self) -> float | None:
        """Coefficient of W y; None in models without it."""
        return float(self.params["rho"]) if "rho" in self.params else None

    @property
    def sigma2(self) -> float:
        """Error variance: residual sum of squares over the observations that the likelihood counts."""
        return float(self.params["sigma2"])

    @property
    def beta(self) -> pd.Series:
        """Coefficients of the regressors themselves."""
        slopes = self.params.drop(["rho", "lambda", "sigma2"], errors="ignore")
        return slopes[~slopes.index.str.startswith("W*")]

    @property
    def theta(self) -> pd.Series:
        """Coefficients of the spatially lagged regressors, indexed by the regressor's name."""
        lagged = self.params[self.params.index.str.startswith("W*")]
        return lagged.set_axis(lagged.index.str.removeprefix("W*"))

    @property
    def std_errors(self) -> pd.Series:
        """Standard errors of `params`."""
        return pd.Series(np.sqrt(np.diag(self.cov)), self.params.index)

    @property
    def table(self) -> pd.DataFrame:
        """Estimates with normal 95 % intervals, one row a parameter."""
        return tidy_rows(self.params, self.std_errors).rename_axis("term").reset_index()


def spatial_panel(
    frame: pd.DataFrame,
    outcome: str,
    regressors: Sequence[str],
    weights: Weights,
    *,
    unit: str,
    time: str,
    model: Model = "sdm",
    effects: Effects = "two-way",
    transform: Transform = "exact",
    lee_yu: bool = False,
    durbin: Sequence[str] | None = None,
    vcov: Covariance = "observed",
) -> SpatialPanelResult:
    """Fit a balanced spatial panel by maximum likelihood.

    ``sdm``: y_t = rho W y_t + X_t beta + W X_t theta + unit effects + period effects + e_t (Elhorst 2014,
    ch. 3); ``sar`` sets theta = 0, ``slx`` sets rho = 0, ``sem`` has y_t = X_t beta + effects + u_t with
    u_t = lambda W u_t + e_t.

    Parameters
    ----------
    frame : DataFrame
        Long panel, one row a unit and period, in any order.
    regressors : sequence of str
        Columns of X. Put a treatment dummy here like any other regressor.
    weights : Weights
        For exactly the panel's units, in any order. Rows need not sum to one, and W need not be symmetric.
    effects : {"two-way", "unit", "time", "none"}
        Fixed effects. "none" adds a constant and is the only choice that allows a single period (the
        cross-section model).
    transform : {"exact", "demean-first"}
        "exact" is the likelihood with a dummy for every unit and period: lag first, then remove means.
        "demean-first" removes means, then lags, as Stata's xsmle does. They differ only with time effects.
    lee_yu : bool
        Use the likelihood of Lee & Yu's (2010) orthogonal transformation: (N-1)(T-1) observations and
        T-1 log-determinants less log(1 - rho). Without it sigma2 is too small by (T-1)/T, and with
        time effects rho is biased towards zero when N is small.
    durbin : sequence of str, optional
        Regressors that enter lagged too, for "sdm" and "slx"; all of them by default.
    vcov : {"observed", "expected", "cluster"}
        Inverse of the Hessian (Stata's oim), of the information matrix (R spatialreg, spreg, Elhorst), or a
        sandwich clustered by unit, see `nqp.spatial.covariance.clustered`.

    Raises
    ------
    PanelError, SpatialError
        If the panel has gaps or does not fit the weights, a regressor is absorbed or collinear, the
        combination of options has no likelihood, or the spatial parameter runs to the edge of its interval.
    """
    lagged = check_options(regressors, weights, model, effects, transform, lee_yu, durbin)
    panel = read_panel(frame, outcome, regressors, weights, unit, time)
    check_periods(panel, effects)
    design = build_design(panel, lagged, effects, transform, lee_yu)
    det = None if model == "slx" else determinant(panel.weights)
    kind = KIND[model]
    fit = fit_none(design) if det is None else (fit_lag if kind == "lag" else fit_error)(design, det)
    cov = _covariance(design, fit, kind, det, panel.weights, vcov)
    spatial = {"lag": ["rho"], "error": ["lambda"], "none": []}[kind]
    index = pd.Index([*design.names, *spatial, "sigma2"])
    values = np.r_[fit.slopes, [fit.rho] * len(spatial), fit.sigma2]
    n, t = panel.y.shape
    return SpatialPanelResult(
        model=model,
        outcome=outcome,
        effects=effects,
        transform=transform,
        lee_yu=lee_yu,
        vcov=vcov,
        params=pd.Series(values, index),
        cov=pd.DataFrame(cov, index, index),
        loglik=fit.loglik,
        rho_bounds=None if det is None else tuple(map(float, det.bounds)),
        r2=_r2(panel, fit, lagged, kind, effects),
        n=n * t,
        n_units=n,
        n_periods=t,
        isolated=panel.weights.isolated,
        weights_name=weights.name,
        mean_row_sum=float(weights.row_sums.mean()),
        residuals=pd.DataFrame(fit.residual.reshape(n, t), panel.units, panel.times),
        determinant=det,
    )


def check_options(
    regressors: Sequence[str],
    weights: Weights,
    model: str,
    effects: str,
    transform: str,
    lee_yu: bool,
    durbin: Sequence[str] | None,
) -> tuple[str, ...]:
    if model not in KIND:
        raise SpatialError(f"model={model!r} is not known. Choose one of {', '.join(KIND)}.")
    if effects not in ("two-way", "unit", "time", "none"):
        raise SpatialError(f"effects={effects!r} is not known. Choose two-way, unit, time or none.")
    if transform not in ("exact", "demean-first"):
        raise SpatialError(f"transform={transform!r} is not known. Choose exact or demean-first.")
    if durbin is not None and model in ("sar", "sem"):
        raise SpatialError(
            f'model="{model}" has no lagged regressors: leave `durbin` out, or use "sdm" or "slx".'
        )
    stray = [name for name in durbin or () if name not in regressors]
    if stray:
        raise SpatialError(f"{some(stray)}: in `durbin` but not among the regressors.")
    with_time = effects in ("two-way", "time")
    full_rows = np.allclose(weights.row_sums, 1, atol=1e-9)
    if with_time and not full_rows and transform == "exact" and (lee_yu or model == "sem"):
        raise SpatialError(
            f"weights '{weights.name}': some rows do not sum to one"
            + (f" ({some(weights.isolated)} have no neighbour)" if weights.isolated else "")
            + ", so removing period means does not remove the period effects of"
            + (" this likelihood (Lee & Yu 2010)." if lee_yu else " a spatial error model.")
            + ' Standardise the rows (and link isolated units), or use effects="unit".'
        )
    if lee_yu and with_time and transform != "exact":
        raise SpatialError('lee_yu=True with time effects is defined for transform="exact" only.')
    if lee_yu and effects == "none":
        raise SpatialError('lee_yu=True corrects for fixed effects: with effects="none" there are none.')
    return () if model in ("sar", "sem") else tuple(regressors if durbin is None else durbin)


def check_periods(panel: Panel, effects: str) -> None:
    if panel.y.shape[1] == 1 and effects != "none":
        raise SpatialError(
            f'the panel has one period only, and effects="{effects}" would absorb everything.'
            ' Use effects="none" for a cross-section, or bring more periods.'
        )


def _covariance(
    design: Design, fit: Optimum, kind: str, det: Determinant | None, weights: Weights, vcov: str
) -> np.ndarray:
    if vcov not in ("observed", "expected", "cluster"):
        raise SpatialError(f"vcov={vcov!r} is not known. Choose observed, expected or cluster.")
    bread = information(design, fit, kind, det, weights, expected=vcov == "expected")
    if vcov == "cluster":
        return clustered(design, fit, kind, weights, bread)
    return np.linalg.inv(bread)


def _r2(panel: Panel, fit: Optimum, lagged: tuple[str, ...], kind: str, effects: str) -> pd.Series:
    columns = [panel.names.index(name) for name in lagged]
    x = np.concatenate([panel.x, panel.weights.lag(panel.x[..., columns])], axis=2)
    linear = x @ fit.slopes[int(effects == "none") :]
    fitted = solve(panel.weights, fit.rho, linear) if kind == "lag" else linear
    parts = {
        "overall": (panel.y, fitted),
        "within": (within(panel.y, "unit"), within(fitted, "unit")),
        "between": (panel.y.mean(1), fitted.mean(1)),
    }
    return pd.Series({name: _squared_correlation(a, b) for name, (a, b) in parts.items()})


def _squared_correlation(a: np.ndarray, b: np.ndarray) -> float:
    a, b = a - a.mean(), b - b.mean()
    scale = (a**2).sum() * (b**2).sum()
    return float((a * b).sum() ** 2 / scale) if scale > 0 else float("nan")
