"""Unit effects: set for each seed so that the printed sd, minimum and maximum are met.

Regressions with unit effects do not see them. Their means over the whole sample, the north and the better
marketised rows (which the printed constants do see) are kept as planted.
"""

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq, root
from scipy.special import expit, logit

from nqp.twin.declared import TwinError
from nqp.twin.solve import Setting, Solved
from nqp.twin.study_file import STATS

SLACK = 0.015  # a unit that ranges wider than minimum to maximum may exceed the maximum by this share
CLOSEST = 0.002  # of a unit's room: planned unit effects outside are put this near to its edge


def settle(
    level: np.ndarray,
    moving: np.ndarray,
    seen: np.ndarray,
    planned: np.ndarray,
    moments: dict[str, float],
    pinned: dict[int, float],
    name: str,
    lean: np.ndarray | float = 0.0,
) -> np.ndarray:
    """Return unit effects under which level + moving has the printed sd, minimum and maximum.

    Each unit has room between the level at which its worst year touches the printed minimum and the level at which
    its best year touches the maximum. The share s of its room that it takes becomes
    ``expit(a + b north + c high + g logit s)``: never outside. The constants close the conditions.

    Parameters
    ----------
    level : array (N,)
        Planned unit effects.
    moving : array (N, T)
        All else: years, effects, covariates, noise.
    seen : array (N, k)
        Functionals of the unit effects that printed constants see.
    planned : array (k,)
        Their values.
    moments : printed ``sd, min, max``
    pinned : unit effects that are given, such as those of the units that hold minimum and maximum
    lean : array (N,)
        Added to the units' places, to bring them nearer to those in another dimension.

    Raises
    ------
    TwinError
        When the moments cannot be met together.
    """
    floor, ceiling = moments["min"] - moving.min(axis=1), moments["max"] - moving.max(axis=1)
    room = ceiling - floor
    share = np.clip((level - floor) / room, CLOSEST, 1 - CLOSEST)
    place = logit(share) + lean
    centre = place.mean()
    scale, mean = np.abs(seen).sum(axis=0), moving.mean(axis=1)
    shape = seen / seen.max(axis=0)
    within = ((moving - mean[:, None]) ** 2).sum()

    def settled(x: np.ndarray) -> np.ndarray:
        out = floor + room * expit(shape @ x[:-1] + x[-1] * (place - centre))
        out[list(pinned)] = list(pinned.values())
        return out

    def gap(x: np.ndarray) -> np.ndarray:
        out = settled(x)
        city = out + mean
        between = moving.shape[1] * ((city - city.mean()) ** 2).sum()
        sd = np.sqrt((between + within) / (moving.size - 1))
        return np.append((seen.T @ out - planned) / scale / moments["sd"], sd / moments["sd"] - 1)

    start = np.zeros(seen.shape[1] + 1)
    start[0], start[-1] = centre, 1.0
    found = root(gap, start, tol=1e-12)
    out = settled(found.x)
    y = out[:, None] + moving
    met = np.abs(gap(found.x)).max() < 1e-9 and y.max() <= (1 + SLACK) * moments["max"]
    if not met:
        raise TwinError(
            f"{name}: unit effects cannot give sd {moments['sd']}, minimum {moments['min']} and maximum"
            f" {moments['max']} together; nearest: {y.std(ddof=1):.4f}, {y.min():.4f}, {y.max():.4f}. Less noise,"
            " a smaller rise or another prior leaves more room"
        )
    return out


def settle_all(setting: Setting, solved: Solved, moving: np.ndarray) -> np.ndarray:
    """Return the dimensions (dimensions, N, T) with unit effects under which they and the index have their moments.

    Each dimension is settled by itself. The one that the study file names then leans towards the others until the
    index has its printed sd; there, the units with the highest and the lowest index get the effect that gives the
    printed maximum and (unless its own minimum forbids) minimum.

    Parameters
    ----------
    moving : array (dimensions, N, T)
        All but unit effects.
    """
    study, weights = setting.study, setting.weights
    moments, names = study.moments(study.outcome), study.dimensions
    spec = study.declared.outcome
    if not spec.closed_by:
        levels = [_settle_one(setting, solved, moving, i, {}) for i in range(len(names))]
        return np.stack(levels)[:, :, None] + moving
    last = names.index(spec.closed_by)
    bottom, top = setting.ends(spec, weights @ setting.planned)
    levels = [_settle_one(setting, solved, moving, i, {}) for i in range(len(names)) if i != last]
    levels.insert(last, np.zeros(len(moving[0])))
    y = np.stack(levels)[:, :, None] + moving
    others = np.tensordot(weights, y, axes=1)  # the last one still without its unit effects
    place = (others - weights[last] * moving[last]).mean(axis=1)
    place = (place - place.mean()) / place.std()
    floor = study.moments(names[last])["min"] - moving[last, bottom].min()
    pin = {
        top: (moments["max"] - others[top].max()) / weights[last],
        bottom: max(floor, (moments["min"] - others[bottom].min()) / weights[last]),
    }

    def closed(lean: float) -> np.ndarray:
        level = _settle_one(setting, solved, moving, last, pin, lean * place)
        return others + weights[last] * level[:, None]

    def gap(lean: float) -> float:
        return float(closed(lean).std(ddof=1) - moments["sd"])

    lean = _root_near_zero(gap, study.outcome, moments["sd"])
    y[last] = _settle_one(setting, solved, moving, last, pin, lean * place)[:, None] + moving[last]
    return y


def _root_near_zero(gap: Callable[[float], float], name: str, sd: float) -> float:
    """Return the lean nearest to none at which the index has its printed sd."""
    below = above = 0.0
    at_below = at_above = gap(0.0)
    for _ in range(8):
        step = 0.4
        above, last = above + step, at_above
        at_above = gap(above)
        if last * at_above <= 0:
            return brentq(gap, above - step, above, xtol=1e-7)
        below, last = below - step, at_below
        at_below = gap(below)
        if last * at_below <= 0:
            return brentq(gap, below, below + step, xtol=1e-7)
    raise TwinError(
        f"{name}: leaning one dimension towards the others moves its sd from {at_below + sd:.4f} to"
        f" {at_above + sd:.4f}, not to {sd}. More or less common noise closes the gap"
    )


def _settle_one(
    setting: Setting,
    solved: Solved,
    moving: np.ndarray,
    i: int,
    pin: dict[int, float],
    lean: np.ndarray | float = 0.0,
) -> np.ndarray:
    """Return the unit effects (N,) of one dimension: as planned where print has no sd, minimum and maximum."""
    name = setting.study.dimensions[i]
    moments = setting.study.moments(name)
    if len(moments) < len(STATS):
        return solved.levels[i]
    low, high = setting.ends(setting.study.declared.outcome.dimensions[name], setting.planned[i])
    ends = {low: moments["min"] - moving[i, low].min(), high: moments["max"] - moving[i, high].max()}
    seen = setting.seen
    fixed = seen.T @ solved.levels[i]
    return settle(solved.start[i], moving[i], seen, fixed, moments, {**ends, **pin}, name, lean)
