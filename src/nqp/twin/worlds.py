"""Worlds in which treatment works otherwise than printed: no or other effects, a drift of treated units, spillovers.

All start from ``as_printed``: same units, covariates, trends and noise, and unit effects that give the same moments.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from nqp.twin.regressions import treatment_space
from nqp.twin.solve import Setting, Solved


def depart(setting: Setting, base: Solved, world: str) -> Solved:
    """Return the world that scales or replaces planted effects of ``as_printed`` and adds drift and spillovers.

    With effect 0, what the rest of the outcome has along the treatments of declared regressions is taken out as well:
    the smallest change under which all these coefficients are zero without noise. README.md says what the numbers mean.
    """
    chosen, features = setting.study.world(world), setting.features
    effects = np.array([bool(name) for name in features.treatments])
    planted = base.planted * np.where(effects, chosen.effect, 1.0)
    moving = base.moving - (1 - chosen.effect) * _of_treatment(setting, base, effects)
    added = np.zeros_like(planted)
    rows, paths = _headline(setting), features.matrix[:, _at(setting, "drift of ")]
    drifts = np.linalg.solve(rows @ paths, rows @ base.moving.reshape(len(planted), -1).T).T
    added[:, _at(setting, "drift of ")] = chosen.drift * drifts
    added[:, _at(setting, "neighbours' ")] = chosen.spillover * direct_effects(setting, base)
    for name, value in chosen.effects.items():
        at = features.names.index(name)
        added[:, at] = setting.study.value(value, f"worlds: {world}, effects") - planted[:, at]
    moving = moving + (added @ features.matrix.T).reshape(moving.shape)
    moving += (base.moving - moving).mean(axis=(1, 2), keepdims=True)
    level = setting.drawn.variables[next(iter(setting.study.headline))].mean(axis=1)
    lean = chosen.between * np.outer(base.start.std(axis=1), (level - level.mean()) / level.std())
    return replace(base, world=world, planted=planted + added, moving=moving, start=base.start + lean)


def _of_treatment(setting: Setting, base: Solved, effects: np.ndarray) -> np.ndarray:
    """Return what declared regressions take for effects (dimensions, N, T): planted ones, and what goes with them."""
    planted = base.planted[:, effects] @ setting.features.matrix[:, effects].T
    along = treatment_space(setting.designs, setting.drawn.of_treatment)
    rest = base.moving.reshape(planted.shape) - planted
    return (planted + rest @ along @ along.T).reshape(base.moving.shape)


def _headline(setting: Setting) -> np.ndarray:
    """Return the functionals (treatments, N T) of the regressions by which the paper is known."""
    return np.array([setting.designs[column].row(name) for name, column in setting.study.headline.items()])


def _at(setting: Setting, what: str) -> list[int]:
    """Return the positions of a feature of each treatment."""
    return [setting.features.names.index(f"{what}{name}") for name in setting.study.headline]


def direct_effects(setting: Setting, solved: Solved) -> np.ndarray:
    """Return the average planted effect (dimensions, treatments) of a treatment on the units and years that have it.

    Of a continuous treatment it is the average effect of one unit of it. Spillovers are not in it.
    """
    features, found = setting.features, []
    treatments, at_home = np.array(features.treatments), np.array(features.groups) != "spillover"
    for name in setting.study.headline:
        dose = setting.drawn.variables[name].ravel()
        own, has = (treatments == name) & at_home, dose != 0
        per_dose = features.matrix[has][:, own] / dose[has, None]
        found.append(solved.planted[:, own] @ per_dose.mean(axis=0))
    return np.array(found).T


def effects(setting: Setting, solved: Solved) -> pd.DataFrame:
    """Return what is planted and what the headline regression makes of it, by outcome and treatment.

    Columns ``direct`` (average effect on the treated), ``spillover`` (of a neighbourhood all treated), ``drift`` (a
    year) and ``regression`` (the headline regression without noise).
    """
    planted = solved.planted
    parts = {
        "direct": direct_effects(setting, solved),
        "spillover": planted[:, _at(setting, "neighbours' ")],
        "drift": planted[:, _at(setting, "drift of ")],
        "regression": solved.moving.reshape(len(planted), -1) @ _headline(setting).T,
    }
    mixes = np.array(list(setting.mixes.values()))
    keys = pd.MultiIndex.from_product([setting.mixes, setting.study.headline], names=["outcome", "treatment"])
    return pd.DataFrame({key: (mixes @ part).ravel() for key, part in parts.items()}, index=keys)
