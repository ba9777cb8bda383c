"""Covariance matrices of the estimates: the inverse Hessian, and clustered by unit."""

import numpy as np

from nqp.spatial.likelihood import Design, Optimum, log_jacobian
from nqp.spatial.logdet import Determinant, solve
from nqp.spatial.weights import SpatialError, Weights

CLUSTER_UP_TO = 5_000  # units: the clustered variance needs full N x N matrices


def information(design: Design, fit: Optimum, det: Determinant) -> np.ndarray:
    """Return minus the Hessian of the log-likelihood in (slopes, rho, sigma2), shape (P + 2, P + 2).

    Of W it needs only tr G and tr GG, which the derivatives of the log-determinant give.
    """
    pull = np.column_stack([design.z, design.wy])
    p, result = pull.shape[1], np.zeros((pull.shape[1] + 1,) * 2)
    result[:p, :p] = pull.T @ pull / fit.sigma2
    result[p - 1, p - 1] -= log_jacobian(design, det, fit.rho, 2)
    result[p - 1, p] = result[p, p - 1] = design.wy @ fit.residual / fit.sigma2**2
    result[p, p] = design.dof / (2 * fit.sigma2**2)
    return result


def clustered(design: Design, fit: Optimum, weights: Weights, bread: np.ndarray) -> np.ndarray:
    """Return the covariance that allows any correlation within a unit over time, none between units.

    The score of rho holds the quadratic form e'Ge, in which the errors of *different* units meet; unit sums
    of scores, the usual clustered recipe, miss those pairs. Here the variance of the score is, with e_i the
    T residuals of unit i, m_i what they leave of W y (W y - G e, without the effects) and s_i = z_i'e_i,

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
    own = design.z.reshape(*design.shape, -1)
    linear = np.einsum("itp,it->ip", own, error) / fit.sigma2
    squares = (error**2).sum(axis=1)
    variance = 0.5 * squares / fit.sigma2**2 - 0.5 * design.dof / n / fit.sigma2
    gain = weights.matrix @ solve(weights, fit.rho, np.eye(n))
    trace = np.diag(gain)
    gain = gain - gain.mean(axis=0) * design.centred
    trace = np.diag(gain) if design.drop_one else trace
    echo = weights.lag(solve(weights, fit.rho, error))
    systematic = design.wy.reshape(design.shape) - (echo - echo.mean(axis=0) * design.centred)
    moved = (systematic * error).sum(axis=1)
    pull = (moved + np.diag(gain) * squares) / fit.sigma2 - design.jacobian * trace
    parts = np.column_stack([linear, pull, variance])
    meat = parts.T @ parts
    pairs = (gain + gain.T) ** 2 * (error @ error.T) ** 2
    meat[-2, -2] += 0.5 * (pairs.sum() - np.trace(pairs)) / fit.sigma2**2
    inverse = np.linalg.inv(bread)
    return n / (n - 1) * inverse @ meat @ inverse
