"""A study's setting (scaffold, covariates, regressions) and its worlds, solved for what must be planted."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nqp.twin.covariates import Covariates, draw_covariates
from nqp.twin.features import Features, build_features, derived_regressors, with_residuals
from nqp.twin.outcome import (
    Planted,
    dimension_weights,
    plan_levels,
    prior_coefficients,
    solve_combination,
    target_rows,
)
from nqp.twin.regressions import Design, build_designs, row_mask
from nqp.twin.scaffold import Scaffold, build_scaffold
from nqp.twin.study_file import StudyFile


@dataclass(frozen=True)
class Setting:
    """All of a study's twin that no seed and no world changes."""

    study: StudyFile
    scaffold: Scaffold
    drawn: Covariates
    features: Features
    regressors: dict[str, np.ndarray]
    designs: dict[str, Design]
    weights: np.ndarray

    @cached_property
    def mixes(self) -> dict[str, np.ndarray]:
        """How each outcome is made of the dimensions."""
        names = self.study.dimensions
        own = dict(zip(names, np.eye(len(names)), strict=True))
        return {**own, self.study.outcome: self.weights}

    @cached_property
    def seen(self) -> np.ndarray:
        """Functionals of the city effects that printed constants see: all rows, the north, the better marketised."""
        high = row_mask("high", self.study, self.scaffold, self.drawn.variables).sum(axis=1)
        return np.column_stack([np.ones(len(high)), self.scaffold.cities["north"], high]).astype(float)

    def city(self, name: str) -> int:
        """Return the position of a city."""
        return int(np.flatnonzero(self.scaffold.cities["name_zh"].eq(name))[0])


@dataclass(frozen=True)
class Solved:
    """A world of a study, solved: what is planted, and the outcome that no noise has touched.

    Attributes
    ----------
    planted : coefficients and their departure from the prior
    fixed : array (k, dimensions)
        What printed constants see of the city effects; kept when these are settled.
    planned : array (dimensions, N)
        Planned city means.
    moving : array (dimensions, N, T)
        All but city effects and noise.
    """

    world: str
    planted: Planted
    fixed: np.ndarray
    planned: np.ndarray
    moving: np.ndarray


def build_setting(study: StudyFile) -> Setting:
    """Build the scaffold, covariates and regressions of a study."""
    scaffold = build_scaffold(study)
    drawn = draw_covariates(study, scaffold)
    regressors = derived_regressors(study, scaffold, drawn)
    full = Covariates(regressors, drawn.counts, drawn.size)
    features = build_features(study, scaffold, full)
    designs = build_designs(study, scaffold, regressors)
    features = with_residuals(study, features, designs)
    return Setting(study, scaffold, drawn, features, regressors, designs, dimension_weights(study))


def solve_world(setting: Setting, world: str) -> Solved:
    """Solve for what must be planted so that every target of a world holds on the noise-free outcome.

    Raises
    ------
    ContradictoryTargets
        When its targets cannot hold at once.
    """
    study, features = setting.study, setting.features
    chosen = study.world(world)
    targets = [t for t in study.targets if t.id not in chosen.drop]
    rows = target_rows(targets, setting.designs, setting.mixes)
    named = [(t.id, t.value) for t in targets]
    mean = np.full(len(features.matrix), 1 / len(features.matrix))
    rows = np.concatenate([rows, np.stack([np.outer(setting.mixes[d], mean) for d in study.dimensions])])
    named += [(f"t2.{d}.mean", study.value(f"t2.{d}.mean")) for d in study.dimensions]
    prior = prior_coefficients(study, features, chosen)
    shape = (len(study.dimensions), *setting.scaffold.shape)
    planned = plan_levels(study, setting.drawn.size)
    levels = planned - (prior @ features.matrix.T).reshape(shape).mean(axis=2)
    flat = np.repeat(levels, shape[2], axis=1)
    planted = solve_combination(
        features, prior, chosen, rows, flat, named, study.declared["outcome"]["ridge"]
    )
    moving = (planted.coefficients @ features.matrix.T).reshape(shape)
    return Solved(world, planted, setting.seen.T @ levels.T, planned, moving)
