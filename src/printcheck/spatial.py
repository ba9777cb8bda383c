"""Effects of a spatial lag or Durbin model, their standard errors and the range of rho.

With S = I - rho W and G = W S^-1, write g = tr G / n and h = 1'G1 / n. A Durbin model with coefficients beta of x
and theta of Wx has direct = beta (1 + rho g) + theta g and total = beta (1 + rho h) + theta h; rows of W that sum
to one give h = 1 / (1 - rho). Without Wx, theta = 0, so the ratio of direct to total depends on rho and W alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import sqrt
from typing import Any, Literal

import numpy as np

from printcheck.checks import CANNOT_TELL, CONSISTENT, INCONSISTENT, MEASURED, Result, check, verdict
from printcheck.intervals import Interval, as_printed, extremes, span

EFFECTS = "LeSage & Pace (2009), Introduction to Spatial Econometrics, sec. 2.7"
PLUG_IN = "effects at the printed rho"
Model = Literal["lag", "durbin"]


@dataclass(frozen=True)
class Matrix:
    """What the checks ask of a spatial weights matrix W; made once, used by all of them.

    Attributes
    ----------
    name, n : what W measures, and the number of units
    bounds : the open interval around zero on which I - rho W is invertible
    own, spread : callables (rho, order): g and h above, or their derivative of that order
    lag : callable that returns W times an array whose first axis runs over the units
    squares : sum of all squared weights over n
    """

    name: str
    n: int
    bounds: tuple[float, float]
    own: Callable[..., float]
    spread: Callable[..., float]
    lag: Callable[[np.ndarray], np.ndarray]
    squares: float

    @classmethod
    def of(cls, weights: Any, determinant: Any) -> "Matrix":
        """Take it from objects that have these: `weights` also a sparse `matrix`, `determinant` bounds, own, spread."""
        squares = float(weights.matrix.power(2).sum()) / weights.n
        known = determinant.bounds, determinant.own, determinant.spread
        return cls(weights.name, weights.n, *known, weights.lag, squares)


@check(
    "spatial",
    formula="beta + theta = (1 - rho) total",
    reference=EFFECTS,
    assumes=f"rows of W sum to one; {PLUG_IN}",
)
def durbin_total(beta: Interval, theta: Interval, rho: Interval) -> Result:
    """Give the total effect that printed Durbin coefficients imply where none is printed."""
    implied = (beta + theta) / (1 - rho)
    return Result(
        MEASURED,
        span(implied),
        "",
        f"beta and theta sum to {span(beta + theta)}, so with this rho the total effect is {span(implied)}; no total"
        " effect is printed.",
    )


@check(
    "spatial",
    formula="direct / total = (1 + rho g + (theta/beta) g) / (1 + rho h + (theta/beta) h), which for theta = 0 and"
    " rows that sum to one is (1 - rho) tr((I - rho W)^-1) / n",
    reference=EFFECTS,
    assumes="effects at the printed rho, or means over draws of rho with its printed error",
)
def without_lagged_regressor(
    direct: Interval, total: Interval, rho: Interval, rho_se: Interval, *, weights: Matrix, model: Model
) -> Result:
    """Ask whether direct and total effect are those of a model without Wx, for one weights matrix.

    Parameters
    ----------
    rho_se : error of rho; software that prints means of simulated effects shifts the ratio by its square
    weights : the matrix taken for the paper's own
    model : what the paper says it estimates. Effects that fit theta = 0 are then ``consistent``; others are
        ``inconsistent`` for ``lag`` and ``cannot tell`` for ``durbin``, where theta is free
    """
    share = direct / total
    plain = extremes(partial(_plain_share, weights), rho, Interval(0.0, rho_se.high))
    theta = extremes(lambda d, t, r: _theta_over_beta(weights, d / t, r), direct, total, rho)
    fits = plain.meets(share)
    other = INCONSISTENT if model == "lag" else CANNOT_TELL
    return Result(
        CONSISTENT if fits else other,
        f"{span(plain)} with theta = 0; theta/beta {span(theta, 2)}",
        span(share),
        f"Direct over total effect is {span(share)}; at this rho a model without WX has {span(plain)} with"
        f" {weights.name} of {weights.n} units, where a Durbin model needs theta/beta of {span(theta, 2)}.",
    )


def _plain_share(one: Matrix, rho: float, error: float) -> float:
    """Return direct / total of a lag model, its parts averaged to second order over draws of rho."""
    inner, outer = (
        1 + rho * f(rho) + error**2 / 2 * (2 * f(rho, 1) + rho * f(rho, 2)) for f in (one.own, one.spread)
    )
    return float(inner / outer)


def _theta_over_beta(one: Matrix, share: float, rho: float) -> float:
    g, h = float(one.own(rho)), float(one.spread(rho))
    return (1 + rho * g - share * (1 + rho * h)) / (share * h - g)


@check(
    "spatial",
    formula="rho known: (direct, indirect) = A (beta, theta), Var(beta, theta) proportional to (Z'Z)^-1,"
    " Z = x and Wx less unit and period means; so se(indirect)/se(direct) is a number of W, rho and x alone",
    reference=f"least squares and {EFFECTS}",
    assumes="one variance for all errors, no further regressors, rho known: an order of magnitude",
)
def durbin_error_ratio(
    direct_se: Interval, indirect_se: Interval, rho: Interval, *, weights: Matrix, regressor: np.ndarray
) -> Result:
    """Compare se(indirect)/se(direct) with that of a Durbin model in which x is publicly known.

    Parameters
    ----------
    regressor : x, shape (units, periods), units in the order of `weights`
    """
    durbin, lag = error_ratios(weights, regressor, rho.middle)
    printed = abs(indirect_se) / abs(direct_se)
    return Result(
        CONSISTENT if printed.high >= durbin else CANNOT_TELL,
        f"{durbin:.2f} with theta free, {lag:.2f} with theta = 0",
        span(printed, 2),
        f"The error of the indirect effect is {span(printed, 2)} times that of the direct effect. With the treatment"
        f" as known from public lists and {weights.name} it is {durbin:.2f} times where theta is estimated and"
        f" {lag:.2f} times where theta is zero, both with rho taken as known.",
    )


def error_ratios(weights: Matrix, regressor: np.ndarray, rho: float) -> tuple[float, float]:
    """Return se(indirect)/se(direct) with theta estimated and with theta = 0, at a known rho."""
    g, h = float(weights.own(rho)), float(weights.spread(rho))
    direct, total = np.array([1 + rho * g, g]), np.array([1 + rho * h, h])
    z = np.column_stack([_within(regressor).ravel(), _within(weights.lag(regressor)).ravel()])
    cov = np.linalg.inv(z.T @ z)
    indirect = total - direct
    return sqrt(indirect @ cov @ indirect / (direct @ cov @ direct)), indirect[0] / direct[0]


def _within(values: np.ndarray) -> np.ndarray:
    return values - values.mean(0) - values.mean(1, keepdims=True) + values.mean()


@check(
    "spatial",
    formula="se(theta)/se(beta) = |x| / |Wx| after the other regressors, and |Moran's I of x| <= |Wx| / |x|",
    reference="least squares with two regressors; Cauchy-Schwarz inequality",
    assumes="one variance for all errors; x and Wx less the same controls and effects; rows of W sum to one",
)
def durbin_coefficient_errors(beta_se: Interval, theta_se: Interval, *, weights: Matrix) -> Result:
    """Read from the errors of beta and theta how large the spatial lag of x is beside x.

    For a regressor without spatial pattern |Wx|/|x| is the root of the mean over units of the sum of squared
    weights; a regressor that neighbours share has more.
    """
    printed = abs(theta_se) / abs(beta_se)
    bound = 1 / printed
    known = 1 / sqrt(weights.squares)
    return Result(
        MEASURED,
        f"{known:.2f}",
        span(printed, 3),
        f"The error of theta is {span(printed, 3)} times that of beta; for an x without spatial pattern {weights.name}"
        f" of {weights.n} units gives {known:.2f}. The printed ratio leaves the part of x that identifies theta a"
        f" Moran's I of at most {bound.high:.3f} in size.",
    )


@check(
    "spatial",
    formula="1 / smallest real eigenvalue of W < rho < 1 / largest; binary W of any map with one pair of neighbours:"
    " -1 < rho < 1",
    reference="LeSage & Pace (2009), ch. 4; eigenvalue interlacing for the binary case",
)
def rho_admissible(rho: Interval, *, weights: Matrix) -> Result:
    """Compare rho with the interval around zero in which I - rho W stays invertible, for one matrix."""
    low, high = weights.bounds
    inside = rho.high > low and rho.low < high
    return Result(
        verdict(inside),
        f"{low:.4g} to {high:.4g}",
        as_printed(rho),
        f"With {weights.name} of {weights.n} units rho lies between {low:.4g} and {high:.4g};"
        f" {as_printed(rho)} is printed.",
    )
