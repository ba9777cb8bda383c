"""Covariance matrices of the estimates: observed and expected information, and clustered by unit."""

import numpy as np

from nqp.spatial.likelihood import Design, Optimum, log_jacobian
from nqp.spatial.logdet import Determinant, inverse_traces, solve
from nqp.spatial.weights import SpatialError, Weights

CLUSTER_UP_TO = 5_000  # units: the clustered variance needs full N x N matrices


def information(
    design: Design, fit: Optimum, model: str, det: Determinant | None, weights: Weights, expected: bool
) -> np.ndarray:
    """Return minus the Hessian of the log-likelihood in (slopes, rho, sigma2), or its expectation.

    The observed version needs only tr G and tr GG, which the log-determinant's derivatives give. The expected
    version (Anselin 1988, ch. 6; Elhorst 2014, ch. 3) needs tr G'G too. Shape (P + 2, P + 2), or
    (P + 1, P + 1) for a model without spatial parameter.
    """
    if det is None:
        return _assemble(design.z, None, None, fit.sigma2, design.dof, None)
    pull = design.wy if model == "lag" else design.wy - design.wz @ fit.slopes
    own = design.z if model == "lag" else design.z - fit.rho * design.wz
    if not expected:
        mixed = own.T @ pull
        if model == "error":
            mixed = mixed + design.wz.T @ fit.residual
        curve = -log_jacobian(design, det, fit.rho, 2) + pull @ pull / fit.sigma2
        return _assemble(own, mixed, curve, fit.sigma2, design.dof, pull @ fit.residual / fit.sigma2**2)
    curve, trace = _expected_traces(design, fit, det, weights)
    if model == "error":
        return _assemble(own, np.zeros(own.shape[1]), curve, fit.sigma2, design.dof, trace / fit.sigma2)
    mean = systematic_lag(design, fit, weights)
    curve = curve + mean @ mean / fit.sigma2
    return _assemble(own, own.T @ mean, curve, fit.sigma2, design.dof, trace / fit.sigma2)


def systematic_lag(design: Design, fit: Optimum, weights: Weights) -> np.ndarray:
    """Return the part of W y that the errors do not move, W y - G e, without the effects; shape (n,)."""
    error = fit.residual.reshape(design.shape)
    echo = weights.lag(solve(weights, fit.rho, error))
    return design.wy - (echo - echo.mean(axis=0) * design.centred).ravel()


def clustered(design: Design, fit: Optimum, model: str, weights: Weights, bread: np.ndarray) -> np.ndarray:
    """Return the covariance that allows any correlation within a unit over time, none between units.

    The score of rho holds the quadratic form e'Ge, in which the errors of *different* units meet; unit sums
    of scores, the usual clustered recipe, miss those pairs. Here the variance of the score is, with e_i the
    T residuals of unit i, m_i the systematic lag and s_i = z_i'e_i,

        sum_i a_i a_i' + (1/2) sum_{i != j} (G_ij + G_ji)^2 (e_i'e_j)^2 / sigma^4   (second term: rho only),
        a_i = (s_i / sigma2, (m_i'e_i + G_ii e_i'e_i) / sigma2 - T G_ii, score of sigma2),

    the variance of a linear-quadratic form in independent units (Kelejian & Prucha 2001), times N / (N - 1).
    Under error variances that differ *between units* the maximum likelihood rho itself is consistent only if
    the diagonal of G is nearly constant (Lin & Lee 2010); clustering does not repair that.
    """
    n, _ = design.shape
    if n > CLUSTER_UP_TO:
        raise SpatialError(f'clustered standard errors need full {n} x {n} matrices. Use vcov="observed".')
    error = fit.residual.reshape(design.shape)
    own = (design.z if model != "error" else design.z - fit.rho * design.wz).reshape(*design.shape, -1)
    linear = np.einsum("itp,it->ip", own, error) / fit.sigma2
    squares = (error**2).sum(axis=1)
    variance = 0.5 * squares / fit.sigma2**2 - 0.5 * design.dof / n / fit.sigma2
    if model == "none":
        parts = np.column_stack([linear, variance])
        meat = parts.T @ parts
    else:
        gain = weights.matrix @ solve(weights, fit.rho, np.eye(n))
        trace = np.diag(gain)
        gain = gain - gain.mean(axis=0) * design.centred
        trace = np.diag(gain) if design.drop_one else trace
        mean = (
            systematic_lag(design, fit, weights).reshape(design.shape)
            if model == "lag"
            else np.zeros_like(error)
        )
        pull = ((mean * error).sum(axis=1) + np.diag(gain) * squares) / fit.sigma2 - design.jacobian * trace
        parts = np.column_stack([linear, pull, variance])
        meat = parts.T @ parts
        pairs = (gain + gain.T) ** 2 * (error @ error.T) ** 2
        meat[-2, -2] += 0.5 * (pairs.sum() - np.trace(pairs)) / fit.sigma2**2
    inverse = np.linalg.inv(bread)
    return n / (n - 1) * inverse @ meat @ inverse


def _expected_traces(design: Design, fit: Optimum, det: Determinant, weights: Weights) -> tuple[float, float]:
    square, columns = inverse_traces(weights, fit.rho)
    if design.drop_one:
        square -= columns / weights.n
    curve = -log_jacobian(design, det, fit.rho, 2) + design.jacobian * square
    return float(curve), float(-log_jacobian(design, det, fit.rho, 1))


def _assemble(
    own: np.ndarray,
    mixed: np.ndarray | None,
    curve: float | None,
    sigma2: float,
    dof: int,
    with_sigma: float | None,
) -> np.ndarray:
    p, spatial = own.shape[1], curve is not None
    result = np.zeros((p + 1 + spatial,) * 2)
    result[:p, :p] = own.T @ own / sigma2
    result[-1, -1] = dof / (2 * sigma2**2)
    if spatial:
        result[:p, p] = result[p, :p] = mixed / sigma2
        result[p, p] = curve
        result[p, -1] = result[-1, p] = with_sigma
    return result
