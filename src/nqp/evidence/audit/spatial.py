"""Effects of a spatial lag or Durbin model, their standard errors and the range of rho.

With S = I - rho W and G = W S^-1, write g = tr G / n and h = 1'G1 / n. A Durbin model with coefficients beta of x
and theta of Wx has direct = beta (1 + rho g) + theta g and total = beta (1 + rho h) + theta h; rows of W that sum
to one give h = 1 / (1 - rho). Without Wx, theta = 0, so the ratio of direct to total depends on rho and W alone.
"""

from functools import partial
from math import sqrt
from typing import Literal

import numpy as np

from nqp.evidence.audit.checks import CANNOT_TELL, CONSISTENT, INCONSISTENT, Result, check, verdict
from nqp.evidence.audit.intervals import Interval, as_printed, extremes, span
from nqp.spatial import Weights
from nqp.spatial.logdet import Determinant, determinant

EFFECTS = "LeSage & Pace (2009), Introduction to Spatial Econometrics, sec. 2.7"
PLUG_IN = "effects at the printed rho"
Model = Literal["lag", "durbin"]


@check("spatial", formula="total effect = direct effect + indirect effect", reference=EFFECTS)
def effects_add_up(direct: Interval, indirect: Interval, total: Interval) -> Result:
    """Compare a printed total effect with the sum of its parts."""
    implied = direct + indirect
    return Result(
        verdict(implied.meets(total)),
        span(implied),
        as_printed(total),
        f"Direct and indirect effect sum to {span(implied)}; the printed total is {as_printed(total)}.",
    )


@check(
    "spatial",
    formula="|se(direct) - se(indirect)| <= se(total) <= se(direct) + se(indirect)",
    reference="variance of a sum; holds for delta-method and for simulated errors alike",
)
def total_error(direct_se: Interval, indirect_se: Interval, total_se: Interval) -> Result:
    """Compare the error of a total effect with those of its parts, and give the correlation that it implies."""
    low, high = abs(direct_se - indirect_se).low, (direct_se + indirect_se).high
    holds = total_se.meets(Interval(low, high))
    correlation = (total_se.squared() - direct_se.squared() - indirect_se.squared()) / (
        2 * direct_se * indirect_se
    )
    bounded = Interval(max(correlation.low, -1), min(correlation.high, 1)) if holds else correlation
    return Result(
        verdict(holds),
        f"{span(Interval(low, high))}; correlation {span(bounded, 2)}",
        as_printed(total_se),
        f"The errors of direct and indirect effect allow {span(Interval(low, high))} for the total;"
        f" {as_printed(total_se)} is printed, a correlation of the two effects of {span(bounded, 2)}.",
    )


@check(
    "spatial",
    formula="beta + theta = (1 - rho) total",
    reference=EFFECTS,
    assumes=f"rows of W sum to one; {PLUG_IN}",
)
def durbin_total(beta: Interval, theta: Interval, rho: Interval, total: Interval | None = None) -> Result:
    """Give the total effect that printed Durbin coefficients imply, beside the printed one if there is one."""
    implied = (beta + theta) / (1 - rho)
    words = (
        f"beta and theta sum to {span(beta + theta)}, so with this rho the total effect is {span(implied)}"
    )
    if total is None:
        return Result(CANNOT_TELL, span(implied), "", f"{words}; no total effect is printed.")
    return Result(
        verdict(implied.meets(total)),
        span(implied),
        as_printed(total),
        f"{words}; {as_printed(total)} is printed.",
    )


@check(
    "spatial",
    formula="direct / total = (1 + rho g + (theta/beta) g) / (1 + rho h + (theta/beta) h), which for theta = 0 and"
    " rows that sum to one is (1 - rho) tr((I - rho W)^-1) / n",
    reference=EFFECTS,
    assumes="effects at the printed rho, or means over draws of rho with its printed error",
)
def without_lagged_regressor(
    direct: Interval, total: Interval, rho: Interval, rho_se: Interval, *, weights: Weights, model: Model
) -> Result:
    """Ask whether direct and total effect are those of a model without Wx, for one weights matrix.

    Parameters
    ----------
    rho_se : error of rho; software that prints means of simulated effects shifts the ratio by its square
    weights : the matrix taken for the paper's own
    model : what the paper says it estimates. Effects that fit theta = 0 are then ``consistent``; others are
        ``inconsistent`` for ``lag`` and ``cannot tell`` for ``durbin``, where theta is free
    """
    one = determinant(weights)
    share = direct / total
    plain = extremes(partial(_plain_share, one), rho, Interval(0.0, rho_se.high))
    theta = extremes(lambda d, t, r: _theta_over_beta(one, d / t, r), direct, total, rho)
    fits = plain.meets(share)
    other = INCONSISTENT if model == "lag" else CANNOT_TELL
    return Result(
        CONSISTENT if fits else other,
        f"{span(plain)} with theta = 0; theta/beta {span(theta, 2)}",
        span(share),
        f"Direct over total effect is {span(share)}; at this rho a model without WX has {span(plain)} with"
        f" {weights.name} of {weights.n} units, where a Durbin model needs theta/beta of {span(theta, 2)}.",
    )


def _plain_share(one: Determinant, rho: float, error: float) -> float:
    """Return direct / total of a lag model, its parts averaged to second order over draws of rho."""
    inner, outer = (
        1 + rho * f(rho) + error**2 / 2 * (2 * f(rho, 1) + rho * f(rho, 2)) for f in (one.own, one.spread)
    )
    return float(inner / outer)


def _theta_over_beta(one: Determinant, share: float, rho: float) -> float:
    g, h = float(one.own(rho)), float(one.spread(rho))
    return (1 + rho * g - share * (1 + rho * h)) / (share * h - g)


@check(
    "spatial",
    formula="theta = 0: log indirect = log direct + log(R - 1), R = (1 + rho h)/(1 + rho g), so"
    " |se(direct)/direct - A se(rho)| <= se(indirect)/indirect <= se(direct)/direct + A se(rho), A = R'/(R - 1)",
    reference=f"delta method on {EFFECTS}; the bounds hold for every covariance of the estimates",
    assumes=PLUG_IN,
)
def indirect_error_without_lagged_regressor(
    direct: Interval,
    direct_se: Interval,
    indirect: Interval,
    indirect_se: Interval,
    rho: Interval,
    rho_se: Interval,
    *,
    weights: Weights,
    model: Model,
) -> Result:
    """Ask whether the error of the indirect effect is that of a model without Wx. Parameters as there.

    The covariance of beta and rho is not printed: the bounds take every one, the middle a direct effect
    unrelated to rho. A free theta adds a term with the error of theta, see `durbin_error_ratio`.
    """
    one = determinant(weights)
    slope = extremes(lambda r: _log_slope(one, r), rho)
    own, other = direct_se / abs(direct), slope * rho_se
    low = (abs(own - other) * abs(indirect)).low
    high = ((own + other) * abs(indirect)).high
    middle = sqrt(own.middle**2 + other.middle**2) * abs(indirect.middle)
    fits = indirect_se.meets(Interval(low, high))
    return Result(
        CONSISTENT if fits else (INCONSISTENT if model == "lag" else CANNOT_TELL),
        f"{span(Interval(low, high))} with theta = 0",
        as_printed(indirect_se),
        f"Without WX the errors of direct effect and rho give the indirect effect ({weights.name},"
        f" {weights.n} units) an error of {span(Interval(low, high), 2)}, {middle:.2g} if the two are unrelated;"
        f" {as_printed(indirect_se)} is printed.",
    )


def _log_slope(one: Determinant, rho: float) -> float:
    """Return d log(indirect / direct) / d rho of a lag model."""
    inner, outer = 1 + rho * one.own(rho), 1 + rho * one.spread(rho)
    inner_slope = one.own(rho) + rho * one.own(rho, 1)
    outer_slope = one.spread(rho) + rho * one.spread(rho, 1)
    slope = (outer_slope * inner - outer * inner_slope) / inner**2
    return float(slope / (outer / inner - 1))


@check(
    "spatial",
    formula="rho known: (direct, indirect) = A (beta, theta), Var(beta, theta) proportional to (Z'Z)^-1,"
    " Z = x and Wx less unit and period means; so se(indirect)/se(direct) is a number of W, rho and x alone",
    reference=f"least squares and {EFFECTS}",
    assumes="one variance for all errors, no further regressors, rho known: an order of magnitude",
)
def durbin_error_ratio(
    direct_se: Interval, indirect_se: Interval, rho: Interval, *, weights: Weights, regressor: np.ndarray
) -> Result:
    """Compare se(indirect)/se(direct) with that of a Durbin model in which x is publicly known.

    Parameters
    ----------
    regressor : x, shape (units, periods), units in the order of `weights`
    """
    durbin, lag = error_ratios(weights, regressor, rho.middle)
    printed = indirect_se / direct_se
    return Result(
        CONSISTENT if printed.high >= durbin else CANNOT_TELL,
        f"{durbin:.2f} with theta free, {lag:.2f} with theta = 0",
        span(printed, 2),
        f"The error of the indirect effect is {span(printed, 2)} times that of the direct effect. With the treatment"
        f" as known from public lists and {weights.name} it is {durbin:.2f} times where theta is estimated and"
        f" {lag:.2f} times where theta is zero, both with rho taken as known.",
    )


def error_ratios(weights: Weights, regressor: np.ndarray, rho: float) -> tuple[float, float]:
    """Return se(indirect)/se(direct) with theta estimated and with theta = 0, at a known rho."""
    one = determinant(weights)
    g, h = float(one.own(rho)), float(one.spread(rho))
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
def durbin_coefficient_errors(
    beta_se: Interval, theta_se: Interval, *, weights: Weights, regressor: np.ndarray | None = None
) -> Result:
    """Read from the errors of beta and theta how large the spatial lag of x is beside x.

    For a regressor without spatial pattern |Wx|/|x| is the root of the mean over units of the sum of squared
    weights; a regressor that neighbours share has more. Verdict ``cannot tell`` always.

    Parameters
    ----------
    regressor : x, shape (units, periods), where it is publicly known
    """
    printed = theta_se / beta_se
    bound = 1 / printed
    squares = float((weights.matrix.power(2)).sum()) / weights.n
    known = 1 / sqrt(squares)
    what = "for an x without spatial pattern"
    if regressor is not None:
        known = float(np.linalg.norm(_within(regressor)) / np.linalg.norm(_within(weights.lag(regressor))))
        what = "for x as known from public lists"
    return Result(
        CANNOT_TELL,
        f"{known:.2f}",
        span(printed, 3),
        f"The error of theta is {span(printed, 3)} times that of beta; {what} {weights.name} of {weights.n} units gives"
        f" {known:.2f}. The printed ratio leaves the part of x that identifies theta a Moran's I of at most"
        f" {bound.high:.3f} in size.",
    )


@check(
    "spatial",
    formula="1 / smallest real eigenvalue of W < rho < 1 / largest; binary W of any map with one pair of neighbours:"
    " -1 < rho < 1",
    reference="LeSage & Pace (2009), ch. 4; eigenvalue interlacing for the binary case",
)
def rho_admissible(rho: Interval, *, weights: Weights) -> Result:
    """Compare rho with the interval around zero in which I - rho W stays invertible, for one matrix."""
    low, high = determinant(weights).bounds
    inside = rho.high > low and rho.low < high
    return Result(
        verdict(inside),
        f"{low:.4g} to {high:.4g}",
        as_printed(rho),
        f"With {weights.name} of {weights.n} units rho lies between {low:.4g} and {high:.4g};"
        f" {as_printed(rho)} is printed.",
    )
