"""Direct, indirect and total effects of every regressor, with simulated or delta-method intervals."""

from typing import Literal

import numpy as np
import pandas as pd

from nqp.panel import one_thread, tidy_rows
from nqp.spatial.sdm import SpatialPanelResult
from nqp.spatial.weights import SpatialError

KINDS = ("direct", "indirect", "total")


@one_thread
def spatial_effects(
    result: SpatialPanelResult,
    *,
    method: Literal["simulated", "delta"] = "simulated",
    draws: int = 1_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Average direct, indirect and total effects (LeSage & Pace 2009, sec. 2.7).

    With S = I - rho W and G = W S^-1, the effect of x on y is S^-1 (beta I + theta W) and

        direct = beta (1 + rho g) + theta g,   g = tr G / N,
        total  = beta (1 + rho h) + theta h,   h = 1'G1 / N   (1 / (1 - rho) when rows sum to one),
        indirect = total - direct.

    So averages and derivatives need only g and h, which come from log|S| without an N x N inverse. `theta` is zero
    for a regressor that is not lagged; spreg's impacts drop it in Durbin models too.

    Parameters
    ----------
    method : "delta" gives first-order standard errors. "simulated" draws coefficients from their estimated normal
        distribution, as R's `impacts` and Stata's `xsmle` do: `estimate` stays at the plug-in value, the
        standard error is the draws' standard deviation, the interval their 2.5 and 97.5 % quantiles. Near rho's upper
        bound 1 / (1 - rho) is steeply convex: the mean of the draws (none beyond the bound) leaves the estimate and has
        no finite limit. Read the quantiles there
    draws, seed : number of draws, and the seed of the generator

    Rows are regressors and kinds (direct, indirect, total): `term, effect`, tidy columns, and if simulated
    `draws_mean`, which xsmle prints as the estimate. A SpatialError refuses a rho of which more than half of the
    draws fall outside the admissible interval.
    """
    if method not in ("simulated", "delta"):
        raise SpatialError(f"method={method!r} is not known. Choose simulated or delta.")
    names = [name for name in result.beta.index if name != "const"]
    labels = pd.MultiIndex.from_product([names, KINDS], names=["term", "effect"]).to_frame(index=False)
    beta, theta = result.beta[names].to_numpy(), result.theta.reindex(names, fill_value=0.0).to_numpy()
    estimate = _effects(result, np.array([result.rho]), beta[None], theta[None])[0].ravel()
    if method == "delta":
        return labels.join(tidy_rows(estimate, _delta(result, names, beta, theta)))
    values = _simulate(result, names, draws, seed)
    low, high = np.quantile(values, [0.025, 0.975], axis=0)
    table = labels.join(tidy_rows(estimate, values.std(axis=0, ddof=1)))
    return table.assign(conf_low=low, conf_high=high, draws_mean=values.mean(axis=0))


def _effects(result: SpatialPanelResult, rho: np.ndarray, beta: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """Effects for D parameter vectors; `beta`, `theta` (D, K); returns (D, K, 3)."""
    own, spread = result.determinant.own(rho), result.determinant.spread(rho, 0)
    direct = beta * (1 + rho * own)[:, None] + theta * own[:, None]
    total = beta * (1 + rho * spread)[:, None] + theta * spread[:, None]
    return np.stack([direct, total - direct, total], axis=2)


def _delta(result: SpatialPanelResult, names: list[str], beta: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """Return first-order standard errors (3K,), by the derivatives of effects in all parameters."""
    index, rho, found = result.params.index, result.rho, []
    of_beta, of_theta = (
        np.array(named)[:, None] == index.to_numpy() for named in (names, [f"W*{x}" for x in names])
    )
    for average in (result.determinant.own, result.determinant.spread):
        level, slope = average(rho, 0), average(rho, 1)
        of_rho = np.outer(beta * (level + rho * slope) + theta * slope, index == "rho")
        found.append((1 + rho * level) * of_beta + level * of_theta + of_rho)
    direct, total = found
    jacobian = np.stack([direct, total - direct, total], axis=1).reshape(-1, len(index))
    return np.sqrt(np.einsum("ij,jk,ik->i", jacobian, result.cov.to_numpy(), jacobian))


def _simulate(result: SpatialPanelResult, names: list[str], draws: int, seed: int) -> np.ndarray:
    """Return effects (draws, 3K) at coefficients drawn from their normal distribution, rho inside its interval."""
    lagged = [name for name in names if f"W*{name}" in result.params]
    used = [*names, *(f"W*{name}" for name in lagged), "rho"]
    root = np.linalg.cholesky(result.cov.loc[used, used].to_numpy())
    generator, kept, (low, high) = np.random.default_rng(seed), [], result.rho_bounds
    while sum(map(len, kept)) < draws:
        sample = result.params[used].to_numpy() + generator.standard_normal((draws, len(used))) @ root.T
        inside = (sample[:, -1] > low) & (sample[:, -1] < high)
        if inside.mean() < 0.5:
            raise SpatialError(
                f"{(~inside).mean():.0%} of the draws of rho fall outside the admissible"
                f" interval ({low:.4f}, {high:.4f}): rho is too close"
                ' to its bound for simulated effects. Use method="delta" and report the bound.'
            )
        kept.append(sample[inside][: draws - sum(map(len, kept))])
    sample = np.concatenate(kept)
    beta, theta = sample[:, : len(names)], np.zeros((draws, len(names)))
    theta[:, [names.index(name) for name in lagged]] = sample[:, len(names) : -1]
    return _effects(result, sample[:, -1], beta, theta).reshape(draws, -1)
