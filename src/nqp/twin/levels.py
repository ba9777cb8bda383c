"""Unit effects: set for each seed so that the printed sd, minimum and maximum are met.

No regression with unit effects sees them. What printed constants see, sums over (sub)samples, is kept as planted.
"""

import numpy as np
from scipy.optimize import brentq, root
from scipy.special import expit, logit

from nqp.panel import within
from nqp.twin.declared import TwinError
from nqp.twin.solve import Setting, Solved
from nqp.twin.study_file import STATS

SLACK = 0.015  # a unit that ranges wider than minimum to maximum may exceed the maximum by this share
CLOSEST = 0.002  # of a unit's room: planned unit effects outside are put this near to its edge
STARTS = (1.0, 0.7, 1.4)  # spreads of places from which the solution is sought
STEP, STEPS = 0.4, 8  # of the lean
Pinned = dict[int, float]  # unit effects that are given, by position
Lean = np.ndarray | float


def settle_all(setting: Setting, solved: Solved, moving: np.ndarray) -> np.ndarray:
    """Return the dimensions (dimensions, N, T) with unit effects under which they and the index have their moments.

    Each is settled by itself. The one that closes the index then leans towards the others until the index has its sd;
    there, the units with the highest and the lowest index get the effect that gives the printed maximum and (unless its
    own minimum forbids) minimum. `moving` is all but unit effects.
    """
    study, weights, spec = setting.study, setting.weights, setting.study.declared.outcome
    names, moments = study.dimensions, study.moments(study.paper.outcome)
    y = moving.copy()
    for i in (i for i, name in enumerate(names) if name != spec.closed_by):
        y[i] += _settle_one(setting, solved, moving, i, {})[:, None]
    if not spec.closed_by:
        return y
    last = names.index(spec.closed_by)
    others = np.tensordot(weights, y, axes=1)  # the last one still without its unit effects
    place = (others - weights[last] * y[last]).mean(axis=1)
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
                y[last] += closed(lean)[:, None]
                return y
    lowest, highest = (end(at.values()) + moments["sd"] for end in (min, max))
    raise TwinError(
        f"{study.paper.outcome}: leaning {spec.closed_by} towards the others moves its sd from {lowest:.4f} to"
        f" {highest:.4f}, not to {moments['sd']}. More or less common noise closes the gap"
    )


def _settle_one(
    setting: Setting, solved: Solved, moving: np.ndarray, i: int, pinned: Pinned, lean: Lean = 0.0
) -> np.ndarray:
    """Return unit effects (N,) under which dimension i has its printed sd, minimum and maximum, if there are any.

    Each unit has room between the level at which its worst year touches the printed minimum and the level at which its
    best year touches the maximum. The share s of its room that it takes becomes ``expit(a + b seen + g logit s)``:
    never outside. The constants close the conditions: the sd, and ``seen.T @ effects`` being as planned. `pinned` are
    unit effects that are given; `lean` is added to places, to bring them nearer to those in another dimension.
    """
    study, seen, moving, planned = setting.study, setting.seen, moving[i], solved.levels[i]
    name = study.dimensions[i]
    moments = study.moments(name)
    if len(moments) < len(STATS):
        return planned
    floor, ceiling = moments["min"] - moving.min(axis=1), moments["max"] - moving.max(axis=1)
    low, high = setting.ends(study.declared.outcome.dimensions[name], setting.planned[i])
    pinned = {low: floor[low], high: ceiling[high]} | pinned
    room = ceiling - floor
    place = logit(np.clip((solved.start[i] - floor) / room, CLOSEST, 1 - CLOSEST)) + lean
    centre, mean = place.mean(), moving.mean(axis=1)
    within_units = (within(moving, "unit") ** 2).sum()
    scale, shape = np.abs(seen).sum(axis=0) * moments["sd"], seen / seen.max(axis=0)

    def settled(x: np.ndarray) -> np.ndarray:
        out = floor + room * expit(shape @ x[:-1] + x[-1] * (place - centre))
        out[list(pinned)] = list(pinned.values())
        return out

    def gap(x: np.ndarray) -> np.ndarray:
        out = settled(x)
        between = moving.shape[1] * len(moving) * (out + mean).var()
        sd = np.sqrt((between + within_units) / (moving.size - 1))
        return np.append((seen.T @ (out - planned)) / scale, sd / moments["sd"] - 1)

    for spread in STARTS:
        found = root(gap, np.array([centre, *np.zeros(seen.shape[1] - 1), spread]), tol=1e-12).x
        y = settled(found)[:, None] + moving
        if np.abs(gap(found)).max() < 1e-9 and y.max() <= (1 + SLACK) * moments["max"]:
            return settled(found)
    raise TwinError(
        f"{name}: unit effects cannot give sd {moments['sd']}, minimum {moments['min']} and maximum {moments['max']}"
        f" together; nearest: {y.std(ddof=1):.4f}, {y.min():.4f}, {y.max():.4f}. Less noise, a smaller rise or another"
        " prior leaves more room"
    )
