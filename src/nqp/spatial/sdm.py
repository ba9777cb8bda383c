"""Spatial panels with fixed effects by maximum likelihood: Durbin and lag models."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import pandas as pd

from nqp.panel import balanced_panel, some, tidy_rows, within
from nqp.panel.frames import Panel
from nqp.panel.means import Effects
from nqp.spatial.covariance import clustered, information
from nqp.spatial.likelihood import Optimum, build_design, fit_lag
from nqp.spatial.logdet import Determinant, determinant, solve
from nqp.spatial.weights import SpatialError, Weights, align

Model = Literal["sdm", "sar"]
Covariance = Literal["observed", "cluster"]


@dataclass(frozen=True)
class SpatialPanelResult:
    """Estimates of a spatial panel model.

    `r2` holds squared correlations of the outcome with the reduced-form prediction (I - rho W)^-1 (X b + W X theta)
    without effects, over all observations and within units, as in Stata's xsmle.
    """

    model: Model
    outcome: str
    effects: Effects
    lee_yu: bool
    params: pd.Series  # slopes (``x`` and ``W*x``), then ``rho``, then ``sigma2``
    cov: pd.DataFrame  # of `params`
    loglik: float  # maximised, with all constants; of the transformed data when `lee_yu`
    rho_bounds: tuple[float, float]  # in which rho keeps I - rho W invertible
    r2: pd.Series
    n: int  # observations; this and units N as read, before any transformation
    n_units: int
    weights_name: str
    determinant: Determinant = field(repr=False)

    @property
    def rho(self) -> float:
        """Coefficient of W y."""
        return float(self.params["rho"])

    @property
    def sigma2(self) -> float:
        """Error variance: residual sum of squares over the observations that the likelihood counts."""
        return float(self.params["sigma2"])

    @property
    def beta(self) -> pd.Series:
        """Coefficients of the regressors themselves."""
        slopes = self.params.drop(["rho", "sigma2"])
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
    lee_yu: bool = False,
    durbin: Sequence[str] | None = None,
    vcov: Covariance = "observed",
) -> SpatialPanelResult:
    """Fit a balanced spatial panel by maximum likelihood.

    ``sdm``: y_t = rho W y_t + X_t beta + W X_t theta + unit effects + period effects + e_t (Elhorst 2014,
    ch. 3); ``sar`` sets theta = 0.

    Parameters
    ----------
    frame : long panel, one row a unit and period, in any order
    regressors : columns of X, a treatment dummy among them
    weights : for exactly the panel's units, in any order; any row sums, symmetric or not
    effects : a dummy for each (lags first, then means); "none" adds a constant and allows a single period
    lee_yu : use Lee & Yu's (2010) orthogonal transformation: (N-1)(T-1) observations and T-1 log-determinants less
        log(1 - rho). Without it sigma2 is too small by (T-1)/T and, with time effects and small N, rho is too. For
        two-way effects R's splm and SDPDmod subtract a bias of first order in 1 / N from the direct estimate instead
    durbin : regressors that enter lagged too, for "sdm"; all of them by default
    vcov : inverse of the Hessian (Stata's oim), or `nqp.spatial.covariance.clustered` by unit. R and spreg invert
        the Hessian's expectation: close in large samples

    PanelError and SpatialError refuse a panel that has gaps or does not fit the weights, an absorbed or collinear
    regressor, a combination of options that has no likelihood, and a rho that runs to the edge of its interval.
    """
    lagged = check_options(regressors, weights, model, effects, lee_yu, durbin, vcov)
    panel = balanced_panel(frame, [outcome, *regressors], unit, time)
    w = align(weights, panel.units)
    design = build_design(panel, w, lagged, effects, lee_yu)
    det = determinant(w)
    fit = fit_lag(design, det)
    bread = information(design, fit, det)
    cov = clustered(design, fit, w, bread) if vcov == "cluster" else np.linalg.inv(bread)
    index = pd.Index([*design.names, "rho", "sigma2"])
    values = np.r_[fit.slopes, fit.rho, fit.sigma2]
    n, t = design.shape
    return SpatialPanelResult(
        model=model,
        outcome=outcome,
        effects=effects,
        lee_yu=lee_yu,
        params=pd.Series(values, index),
        cov=pd.DataFrame(cov, index, index),
        loglik=fit.loglik,
        rho_bounds=tuple(map(float, det.bounds)),
        r2=_r2(panel, w, fit, lagged, effects),
        n=n * t,
        n_units=n,
        weights_name=weights.name,
        determinant=det,
    )


def check_options(
    regressors: Sequence[str],
    weights: Weights,
    model: str,
    effects: str,
    lee_yu: bool,
    durbin: Sequence[str] | None,
    vcov: str,
) -> tuple[str, ...]:
    """Return the regressors that enter lagged, or refuse a combination of options that has no likelihood."""
    given = {"model": model, "effects": effects, "vcov": vcov}
    for (option, value), kind in zip(given.items(), (Model, Effects, Covariance), strict=True):
        if value not in get_args(kind):
            raise SpatialError(f"{option}={value!r} is not known. Choose one of {', '.join(get_args(kind))}.")
    if durbin is not None and model != "sdm":
        raise SpatialError(f'model="{model}" has no lagged regressors: leave `durbin` out, or use "sdm".')
    stray = [name for name in durbin or () if name not in regressors]
    if stray:
        raise SpatialError(f"{some(stray)}: in `durbin` but not among the regressors.")
    full_rows = np.allclose(weights.row_sums, 1, atol=1e-9)
    if lee_yu and effects in ("two-way", "time") and not full_rows:
        raise SpatialError(
            f"weights '{weights.name}': some rows do not sum to one"
            + (f" ({some(weights.isolated)} have no neighbour)" if weights.isolated else "")
            + ", so removing period means does not remove the period effects (Lee & Yu 2010)."
            + ' Standardise the rows (and link isolated units), or use effects="unit".'
        )
    if lee_yu and effects == "none":
        raise SpatialError('lee_yu=True corrects for fixed effects: with effects="none" there are none.')
    return () if model != "sdm" else tuple(regressors if durbin is None else durbin)


def _r2(panel: Panel, w: Weights, fit: Optimum, lagged: tuple[str, ...], effects: str) -> pd.Series:
    y, x = panel.cube[..., 0], panel.cube[..., 1:]
    columns = [panel.names.index(name) for name in lagged]
    x = np.concatenate([x, w.lag(panel.cube[..., columns])], axis=2)
    fitted = solve(w, fit.rho, x @ fit.slopes[int(effects == "none") :])
    parts = {"overall": (y, fitted), "within": (within(y, "unit"), within(fitted, "unit"))}
    with np.errstate(invalid="ignore"):  # a single period leaves nothing within units
        found = {name: np.corrcoef(a.ravel(), b.ravel())[0, 1] ** 2 for name, (a, b) in parts.items()}
    return pd.Series(found)
