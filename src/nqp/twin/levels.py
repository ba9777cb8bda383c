"""Unit effects: set for each seed so that the printed sd, minimum and maximum are met.

Regressions with unit effects do not see them. What printed constants see of them, their sums over the whole sample and
over subsamples, is kept as planted.
"""

import numpy as np
from scipy.optimize import brentq, root
from scipy.special import expit, logit

from nqp.twin.declared import TwinError
from nqp.twin.solve import Setting, Solved
from nqp.twin.study_file import STATS

SLACK = 0.015  # a unit that ranges wider than minimum to maximum may exceed the maximum by this share
CLOSEST = 0.002  # of a unit's room: planned unit effects outside are put this near to its edge
STARTS = (1.0, 0.7, 1.4)  # spreads of places from which the solution is sought
STEP, STEPS = 0.4, 8  # of the lean


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
    """Return unit effects (N,) under which level + moving (N, T) has the printed sd, minimum and maximum.

    Each unit has room between the level at which its worst year touches the printed minimum and the level at which its
    best year touches the maximum. The share s of its room that it takes becomes ``expit(a + b seen + g logit s)``:
    never outside. The constants close the conditions: the sd, and ``seen.T @ effects`` being `planned`. `pinned` are
    unit effects that are given; `lean` is added to places, to bring them nearer to those in another dimension.

    Raises
    ------
    TwinError
        When the moments cannot be met together.
    """
    floor, ceiling = moments["min"] - moving.min(axis=1), moments["max"] - moving.max(axis=1)
    room = ceiling - floor
    place = logit(np.clip((level - floor) / room, CLOSEST, 1 - CLOSEST)) + lean
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
        unit = out + mean
        between = moving.shape[1] * ((unit - unit.mean()) ** 2).sum()
        sd = np.sqrt((between + within) / (moving.size - 1))
        return np.append((seen.T @ out - planned) / scale / moments["sd"], sd / moments["sd"] - 1)

    for spread in STARTS:
        start = np.array([centre, *np.zeros(seen.shape[1] - 1), spread])
        found = root(gap, start, tol=1e-12)
        y = settled(found.x)[:, None] + moving
        if np.abs(gap(found.x)).max() < 1e-9 and y.max() <= (1 + SLACK) * moments["max"]:
            return settled(found.x)
    raise TwinError(
        f"{name}: unit effects cannot give sd {moments['sd']}, minimum {moments['min']} and maximum {moments['max']}"
        f" together; nearest: {y.std(ddof=1):.4f}, {y.min():.4f}, {y.max():.4f}. Less noise, a smaller rise or another"
        " prior leaves more room"
    )


def settle_all(setting: Setting, solved: Solved, moving: np.ndarray) -> np.ndarray:
    """Return the dimensions (dimensions, N, T) with unit effects under which they and the index have their moments.

    Each dimension is settled by itself. The one that closes the index then leans towards the others until the index
    has its printed sd; there, the units with the highest and the lowest index get the effect that gives the printed
    maximum and (unless its own minimum forbids) minimum. `moving` is all but unit effects.
    """
    study, weights, spec = setting.study, setting.weights, setting.study.declared.outcome
    names, moments = study.dimensions, study.moments(study.outcome)
    alone = [
        _settle_one(setting, solved, moving, i) for i, name in enumerate(names) if name != spec.closed_by
    ]
    if not spec.closed_by:
        return np.stack(alone)[:, :, None] + moving
    last = names.index(spec.closed_by)
    alone.insert(last, np.zeros(len(moving[0])))
    y = np.stack(alone)[:, :, None] + moving
    others = np.tensordot(weights, y, axes=1)  # the last one still without its unit effects
    place = (others - weights[last] * moving[last]).mean(axis=1)
    place = (place - place.mean()) / place.std()
    bottom, top = setting.ends(spec, weights @ setting.planned)
    floor = study.moments(names[last])["min"] - moving[last, bottom].min()
    pin = {
        top: (moments["max"] - others[top].max()) / weights[last],
        bottom: max(floor, (moments["min"] - others[bottom].min()) / weights[last]),
    }

    def closed(lean: float) -> np.ndarray:
        return _settle_one(setting, solved, moving, last, pin, lean * place)

    def gap(lean: float) -> float:
        return float((others + weights[last] * closed(lean)[:, None]).std(ddof=1) - moments["sd"])

    at = {0: gap(0.0)}
    for k in range(1, STEPS + 1):
        for side in (k, -k):
            nearer = side - np.sign(side)
            at[side] = gap(side * STEP)
            if at[side] * at[nearer] <= 0:
                lean = brentq(gap, *sorted((nearer * STEP, side * STEP)), xtol=1e-7)
                y[last] = closed(lean)[:, None] + moving[last]
                return y
    raise TwinError(
        f"{study.outcome}: leaning {spec.closed_by} towards the others moves its sd from"
        f" {min(at.values()) + moments['sd']:.4f} to {max(at.values()) + moments['sd']:.4f}, not to {moments['sd']}."
        " More or less common noise closes the gap"
    )


def _settle_one(
    setting: Setting,
    solved: Solved,
    moving: np.ndarray,
    i: int,
    pin: dict[int, float] | None = None,
    lean: np.ndarray | float = 0.0,
) -> np.ndarray:
    """Return the unit effects (N,) of one dimension: as planned where print has no sd, minimum and maximum."""
    name, seen = setting.study.dimensions[i], setting.seen
    moments = setting.study.moments(name)
    if len(moments) < len(STATS):
        return solved.levels[i]
    low, high = setting.ends(setting.study.declared.outcome.dimensions[name], setting.planned[i])
    ends = {low: moments["min"] - moving[i, low].min(), high: moments["max"] - moving[i, high].max()}
    ends |= pin or {}
    return settle(solved.start[i], moving[i], seen, seen.T @ solved.levels[i], moments, ends, name, lean)
