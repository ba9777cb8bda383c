"""Stochastic production frontiers by maximum likelihood: how far a unit lies below what its inputs could make."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import optimize
from scipy.special import log_ndtr

from nqp.panel import PanelError, require_columns


@dataclass(frozen=True)
class Frontier:
    """A stochastic frontier.

    Estimates are ``estimate, std_error`` by term: ``intercept``, the inputs, ``sigma2`` (of u before truncation, and v,
    together), ``gamma`` (the share of u in it) and, where estimated, ``mu`` and ``eta``; errors from the Hessian.
    """

    estimates: pd.DataFrame
    efficiency: pd.Series  # E[exp(-u) | e] by row as given: output as a share of the frontier's
    log_likelihood: float


def stochastic_frontier(
    rows: pd.DataFrame,
    output: str,
    inputs: Sequence[str],
    *,
    unit: str | None = None,
    time: str | None = None,
    truncated: bool = False,
) -> Frontier:
    """Estimate ``output = x'b + v - u`` with normal noise v and inefficiency u above zero.

    Without `unit` every row has an own, half-normal u (Aigner, Lovell & Schmidt 1977, Journal of Econometrics 6(1)).
    With `unit` a unit keeps one u. With `time` too it decays, ``u_it = u_i exp(-eta (t - T))``, T the last period
    (Battese & Coelli 1992, Journal of Productivity Analysis 3, equations 1 and 2); panels may be unbalanced.

    Parameters
    ----------
    rows : logarithms of output and inputs, in any order
    unit, time : columns; `time` is a number
    truncated : u is cut off at zero from a normal with mean mu, not zero; the search starts at mu = 0, and the
        likelihood may have another maximum, at a mu and an intercept without bound where u is not skewed

    A PanelError refuses gaps or text in a column, a unit twice in a period, collinear inputs, and data that show no
    inefficiency.
    """
    from statsmodels.tools.numdiff import approx_hess

    if time and not unit:
        raise PanelError("inefficiency can only decay within units: name the unit column, too")
    require_columns(rows, [output, *inputs, *([time] if time else [])], [unit] if unit else [])
    if time and (twice := int(rows.duplicated([unit, time]).sum())):
        raise PanelError(f"{unit} and {time} name {twice} rows twice")
    x = np.column_stack([np.ones(len(rows)), rows[list(inputs)]])
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise PanelError(f"{', '.join(inputs)} are collinear, or one does not vary; leave it out")
    groups = rows.groupby(unit).ngroup().to_numpy() if unit else np.arange(len(rows))
    since = (rows[time] - rows[time].max()).to_numpy(dtype=float) if time else np.zeros(len(rows))
    extra = [name for name, asked in (("mu", truncated), ("eta", bool(time))) if asked]
    model = _Model(rows[output].to_numpy(dtype=float), x, groups, since, truncated, bool(time))
    best = _maximise(model)
    names = ["intercept", *inputs, "sigma2", "gamma", *extra]
    errors = np.sqrt(np.diag(np.linalg.inv(-approx_hess(best, model.log_likelihood))))
    estimates = pd.DataFrame({"estimate": best, "std_error": errors}, index=names)
    efficiency = pd.Series(model.efficiency(best), index=rows.index)
    return Frontier(estimates, efficiency, model.log_likelihood(best))


@dataclass(frozen=True)
class _Model:
    y: np.ndarray
    x: np.ndarray
    groups: np.ndarray
    since: np.ndarray
    truncated: bool
    decays: bool

    def _conditional(self, p: np.ndarray) -> tuple[np.ndarray, ...]:
        """Return residuals, decay by row, variances of u and v, mu, and mean and sd of u given residuals by unit."""
        k = self.x.shape[1]
        of_u, of_v = p[k] * p[k + 1], p[k] * (1 - p[k + 1])
        mu = p[k + 2] if self.truncated else 0.0
        decay = np.exp(-(p[-1] if self.decays else 0.0) * self.since)
        residual = self.y - self.x @ p[:k]
        scale = of_v + of_u * np.bincount(self.groups, decay**2)
        mean = (mu * of_v - of_u * np.bincount(self.groups, decay * residual)) / scale
        return residual, decay, of_u, of_v, mu, mean, np.sqrt(of_u * of_v / scale)

    def log_likelihood(self, p: np.ndarray) -> float:
        """Return the log likelihood at coefficients, sigma2, gamma and, where estimated, mu and eta."""
        residual, _, of_u, of_v, mu, mean, sd = self._conditional(p)
        squares = residual @ residual / of_v + len(mean) * mu**2 / of_u - np.sum((mean / sd) ** 2)
        normal = len(self.y) * np.log(2 * np.pi * of_v) + len(mean) * np.log(of_u) - 2 * np.log(sd).sum()
        tails = log_ndtr(mean / sd).sum() - len(mean) * log_ndtr(mu / np.sqrt(of_u))
        return float(tails - (normal + squares) / 2)

    def efficiency(self, p: np.ndarray) -> np.ndarray:
        """Return E[exp(-u) | residuals] of each row."""
        _, decay, *_, mean, sd = self._conditional(p)
        mean, sd = mean[self.groups], sd[self.groups]
        tails = log_ndtr(mean / sd - decay * sd) - log_ndtr(mean / sd)
        return np.exp(tails - decay * mean + (decay * sd) ** 2 / 2)


def _maximise(model: _Model) -> np.ndarray:
    """Return the best parameters, sought from the best of nine gammas along least squares."""
    slopes = np.linalg.lstsq(model.x, model.y, rcond=None)[0]
    variance = np.mean((model.y - model.x @ slopes) ** 2)
    k, extra = len(slopes), [0.0] * (model.truncated + model.decays)

    def start(gamma: float) -> np.ndarray:
        sigma2 = variance / (1 - 2 * gamma / np.pi)
        lifted = slopes + np.eye(k)[0] * np.sqrt(2 * gamma * sigma2 / np.pi)
        return np.array([*lifted, sigma2, gamma, *extra])

    def free(p: np.ndarray) -> np.ndarray:  # sigma2 above zero, gamma between zero and one
        return np.r_[p[:k], np.log(p[k]), np.log(p[k + 1] / (1 - p[k + 1])), p[k + 2 :]]

    def bound(q: np.ndarray) -> np.ndarray:
        return np.r_[q[:k], np.exp(q[k]), 1 / (1 + np.exp(-q[k + 1])), q[k + 2 :]]

    first = max((start(gamma) for gamma in np.linspace(0.1, 0.9, 9)), key=model.log_likelihood)
    best = bound(optimize.minimize(lambda q: -model.log_likelihood(bound(q)), free(first), method="BFGS").x)
    least_squares = float(-len(model.y) / 2 * (np.log(2 * np.pi * variance) + 1))
    if model.log_likelihood(best) - least_squares < 1e-4 or best[k + 1] > 1 - 1e-6:
        raise PanelError(
            f"gamma is {best[k + 1]:.6f}: the data do not tell inefficiency from noise. In a cross-section that is so"
            " where least-squares residuals are not skewed to the left (Waldman 1982); look at them first"
        )
    return best
