"""A study's setting (scaffold, covariates, regressions) and its worlds, solved for what must be planted."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nqp.twin.covariates import Covariates, Values, draw_covariates
from nqp.twin.declared import Spec
from nqp.twin.features import Features, build_features, subsamples
from nqp.twin.outcome import dimension_weights, least_shift, plan_levels, prior_coefficients, target_rows
from nqp.twin.regressions import Design, build_design
from nqp.twin.scaffold import Scaffold, build_scaffold
from nqp.twin.study_file import StudyFile


@dataclass(frozen=True)
class Setting:
    """All of a study's twin that no seed and no world changes; `planned` are unit means (dimensions, N)."""

    study: StudyFile
    scaffold: Scaffold
    drawn: Covariates
    designs: dict[str, Design]
    features: Features
    weights: np.ndarray
    planned: np.ndarray

    @cached_property
    def mixes(self) -> Values:
        """How each outcome is made of the dimensions."""
        names = self.study.dimensions
        own = dict(zip(names, np.eye(len(names)), strict=True))
        return {**own, self.study.paper.outcome: self.weights}

    @cached_property
    def seen(self) -> np.ndarray:
        """Functionals of the unit effects that targeted constants see (N, k): all rows, and those of subsamples."""
        study, found = self.study, [np.ones(self.scaffold.shape[0])]
        rules, constant = study.declared.subsamples, study.declared.constant
        rows = {study.columns[target.column].rows for target in study.targets if target.term == constant}
        rows |= {rules[name].outside for name in rows if name in rules}
        for name, mask in subsamples(study, self.scaffold, self.drawn.variables).items():
            if name in rows and (mask != mask[0]).any():
                steady = (mask == mask[:, :1]).all()
                found.append(mask.mean(axis=1) if steady else mask.sum(axis=1))
        return np.column_stack(found)

    def ends(self, spec: Spec, planned: np.ndarray) -> tuple[int, int]:
        """Return which units hold minimum and maximum: those declared, or those planned lowest and highest (N,)."""
        names, found = self.scaffold.units["name_zh"], []
        for name, otherwise in ((spec.lowest, planned.argmin()), (spec.highest, planned.argmax())):
            if name and not names.eq(name).any():
                raise self.study.mistake("outcome", f"lowest or highest: no unit {name!r} in the sample")
            found.append(int(names.eq(name).argmax() if name else otherwise))
        return found[0], found[1]


@dataclass(frozen=True)
class Solved:
    """A world of a study, solved: what is planted, and the outcome that no noise has touched.

    `levels` (dimensions, N) are unit effects with which targets were solved; what printed constants see of them stays.
    """

    world: str
    planted: np.ndarray  # (dimensions, features)
    levels: np.ndarray
    start: np.ndarray  # (dimensions, N), those of the planned means, from which seeds settle theirs
    moving: np.ndarray  # (dimensions, N, T), all but unit effects and noise


def build_setting(study: StudyFile) -> Setting:
    """Build the scaffold, covariates and regressions of a study."""
    scaffold = build_scaffold(study)
    drawn = draw_covariates(study, scaffold)
    read = study, scaffold, drawn.variables
    designs = {name: build_design(column, *read) for name, column in study.columns.items()}
    features = build_features(study, scaffold, drawn, designs)
    weights, planned = dimension_weights(study), plan_levels(study, drawn.size)
    return Setting(study, scaffold, drawn, designs, features, weights, planned)


def solve_world(setting: Setting, world: str) -> Solved:
    """Solve for what must be planted so that every target of a world holds on the noise-free outcome."""
    study, features = setting.study, setting.features
    chosen, targets = study.world(world), study.kept(world)
    rows = target_rows(targets, setting.designs, setting.mixes)
    named = [(t.id, t.value) for t in targets]
    mean = np.full(len(features.matrix), 1 / len(features.matrix))
    rows = np.concatenate([rows, np.stack([np.outer(setting.mixes[d], mean) for d in study.dimensions])])
    named += [(f"mean of {d}", study.moments(d)["mean"]) for d in study.dimensions]
    prior = prior_coefficients(study, features, chosen)
    shape = (len(study.dimensions), *setting.scaffold.shape)
    start = (prior @ features.matrix.T).reshape(shape)
    levels = setting.planned - start.mean(axis=2)
    expected = np.einsum("kdn,dn->k", rows, (start + levels[:, :, None]).reshape(len(start), -1))
    gap = np.array([value for _, value in named]) - expected
    planted = prior + least_shift(features, chosen, study.declared.outcome, rows, gap, named)
    moving = (planted @ features.matrix.T).reshape(shape)
    return Solved(world, planted, levels, setting.planned - moving.mean(axis=2), moving)
