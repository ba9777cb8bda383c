"""City effects: set for each seed so that the printed sd, minimum and maximum are met.

Regressions with city effects do not see them. Their means over the whole sample, the north and the better
marketised rows (which the printed constants do see) are kept as planted.
"""

import numpy as np

from nqp.twin.study_file import TwinError

ROUNDS = 60


def settle(
    level: np.ndarray,
    moving: np.ndarray,
    seen: np.ndarray,
    planned: np.ndarray,
    moments: dict[str, float],
    lowest: int,
    highest: int,
    name: str,
) -> np.ndarray:
    """Return city effects under which level + moving has the printed sd, minimum and maximum.

    Parameters
    ----------
    level : array (N,)
        Planned city effects.
    moving : array (N, T)
        All else: years, effects, covariates, noise.
    seen : array (N, k)
        Functionals of the city effects that printed constants see.
    planned : array (k,)
        Their values.
    moments : printed ``sd, min, max``
    lowest, highest : cities that hold the minimum and the maximum

    Raises
    ------
    TwinError
        When the moments cannot be met together.
    """
    level, low, high = level.copy(), moments["min"], moments["max"]
    floor, ceiling = low - moving.min(axis=1), high - moving.max(axis=1)
    for _ in range(ROUNDS):
        level = np.clip(level, floor, ceiling)
        level[lowest], level[highest] = floor[lowest], ceiling[highest]
        free = (level > floor) & (level < ceiling)
        level = _restore(level, planned, seen, free)
        level = _rescale(level, moving, seen, free, moments["sd"])
        y = level[:, None] + moving
        ends = max(abs(y.min() - low), abs(y.max() - high))
        if ends < 1e-3 * (high - low) and abs(y.std(ddof=1) / moments["sd"] - 1) < 1e-6:
            return level
    raise TwinError(
        f"{name}: sd {y.std(ddof=1):.4f}, minimum {y.min():.4f} and maximum {y.max():.4f} instead of"
        f" {moments['sd']}, {low} and {high}: less noise, a smaller rise or another prior leaves more room"
    )


def _restore(level: np.ndarray, planned: np.ndarray, seen: np.ndarray, free: np.ndarray) -> np.ndarray:
    g = seen[free]
    out = level.copy()
    out[free] += g @ np.linalg.solve(g.T @ g, planned - seen.T @ level)
    return out


def _rescale(
    level: np.ndarray, moving: np.ndarray, seen: np.ndarray, free: np.ndarray, sd: float
) -> np.ndarray:
    """Stretch the free cities' mean levels, net of what must stay, until the sd is as printed."""
    g = seen[free]
    mean = (level + moving.mean(axis=1))[free]
    direction = np.zeros(len(level))
    direction[free] = mean - g @ np.linalg.lstsq(g, mean, rcond=None)[0]
    y = level[:, None] + moving
    y = y - y.mean()
    spread = np.broadcast_to(direction[:, None], y.shape)
    wanted = sd**2 * (y.size - 1)
    a, b, c = (spread**2).sum(), 2 * (spread * y).sum(), (y**2).sum() - wanted
    step = (-b + np.sqrt(max(b**2 - 4 * a * c, 0.0))) / (2 * a)
    return level + max(step, -0.5) * direction
