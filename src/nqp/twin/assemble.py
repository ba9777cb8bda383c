"""A twin: the real scaffold, synthetic covariates, planted outcome, noise of a seed, raw indicators."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from nqp.index import malmquist
from nqp.panel import one_thread
from nqp.twin.covariates import Values
from nqp.twin.declared import TwinError
from nqp.twin.disaggregate import disaggregate
from nqp.twin.levels import settle_all
from nqp.twin.noise import draw_noise
from nqp.twin.production import draw_production
from nqp.twin.reading import read_study
from nqp.twin.regressions import row_mask
from nqp.twin.scaffold import Scaffold
from nqp.twin.solve import Setting, Solved, build_setting, solve_world
from nqp.twin.study_file import AS_PRINTED, StudyFile
from nqp.twin.worlds import depart, effects

LABEL = "SYNTHETIC"


@dataclass(frozen=True)
class Twin:
    """A synthetic panel of a study. SYNTHETIC: no number in it was observed but codes, names, places and policy dates.

    The panel has one row a unit and year, sorted by ``adcode`` and ``year``. ``first_treated`` (with several policies:
    ``first_treated_NAME``) is 0 for units never treated; a subsample of a drawn column is ``COLUMN_NAME``.
    """

    study: StudyFile
    seed: int
    world: str
    panel: pd.DataFrame
    indicators: pd.DataFrame | None  # ``adcode, year`` and raw indicators, if any
    production: pd.DataFrame | None  # with the year before the panel, inputs of Malmquist indicators, if any
    truth: pd.DataFrame  # planted coefficients by feature
    effects: pd.DataFrame  # what is planted, and what the headline regression makes of it
    weights: pd.Series  # of each dimension in the index

    @property
    def label(self) -> str:
        """One line for titles, file names and metadata."""
        return f"{LABEL} panel calibrated to {self.study.slug}, world {self.world}, seed {self.seed}"


@cache
@one_thread
def setting_of(slug: str) -> Setting:
    """Return all of a study's twin that no seed and no world changes."""
    return build_setting(read_study(slug))


@cache
@one_thread
def world_of(slug: str, world: str) -> Solved:
    """Return a solved world of a study."""
    setting = setting_of(slug)
    if setting.study.departs(world):
        return depart(setting, world_of(slug, AS_PRINTED), world)
    return solve_world(setting, world)


@one_thread
def generate(study: str, seed: int, *, world: str = "as_printed", indicators: bool = True) -> Twin:
    """Generate the twin of a study. Same arguments, same bytes.

    Covariates, treatment and planted coefficients are the same for every seed (0 or more), which draws the noise, the
    unit effects that go with it, and how dimensions split into `indicators`, if wanted. Raises a TwinError for a study
    without twin, an unknown world, a negative seed, and targets that cannot hold at once.
    """
    if seed < 0:
        raise TwinError(f"seed must be 0 or more, not {seed}")
    setting, solved = setting_of(study), world_of(study, world)
    stacked = settle_all(setting, solved, solved.moving + draw_noise(setting, seed))
    names, index = setting.study.dimensions, setting.study.paper.outcome
    made = dict(zip(names, stacked, strict=True))
    panel = _panel(setting, {index: np.tensordot(setting.weights, stacked, axes=1), **made}, world)
    wanted = indicators and setting.study.declared.indicators
    raw, production = _raw(setting, made, seed) if wanted else (None, None)
    truth, found = _truth(setting, solved.planted), effects(setting, solved)
    weights = pd.Series(setting.weights, names, name="weight")
    return Twin(setting.study, seed, world, panel, raw, production, truth, found, weights)


@one_thread
def noise_free(study: str, *, world: str = "as_printed") -> np.ndarray:
    """Return the dimensions (dimensions, N, T) without noise: on them, targeted regressions return what is printed."""
    setting, solved = setting_of(study), world_of(study, world)
    return settle_all(setting, solved, solved.moving)


def _truth(setting: Setting, planted: np.ndarray) -> pd.DataFrame:
    """Return the planted coefficients: one row a feature, one column a dimension and the index."""
    features = setting.features
    table = {"group": features.groups, **{name: mix @ planted for name, mix in setting.mixes.items()}}
    return pd.DataFrame(table, index=pd.Index(features.names, name="feature"))


def _raw(setting: Setting, made: Values, seed: int) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Return the raw indicators behind the dimensions, and the production data behind some of them."""
    declared, scaffold = setting.study.declared.production, setting.scaffold
    given, production = {}, None
    if declared:
        inputs = draw_production(setting)
        given = dict(zip(declared.indicators, malmquist(inputs), strict=True))
        production = _keys(scaffold, earlier=1).assign(**{name: x.ravel() for name, x in inputs.items()})
    return pd.concat([_keys(scaffold), disaggregate(setting, made, given, seed)], axis=1), production


def _keys(scaffold: Scaffold, earlier: int = 0) -> pd.DataFrame:
    codes, years = scaffold.units["adcode"].to_numpy(), scaffold.years
    years = np.arange(years[0] - earlier, years[-1] + 1)
    return pd.DataFrame({"adcode": np.repeat(codes, len(years)), "year": np.tile(years, len(codes))})


def _panel(setting: Setting, columns: Values, world: str) -> pd.DataFrame:
    """Return the panel: traits of units, first treated years, the outcomes in `columns`, and what was drawn."""
    study, scaffold, values = setting.study, setting.scaffold, setting.drawn.variables
    frame = _keys(scaffold)
    t, starts = len(scaffold.years), scaffold.first_treated
    traits = ("name_zh", "province_zh", "region", "north", "longitude", "latitude")
    for name in (name for name in traits if name in scaffold.units):
        frame[name] = np.repeat(scaffold.units[name].to_numpy(), t)
    for name, start in starts.items():
        frame["first_treated" if len(starts) == 1 else f"first_treated_{name}"] = np.repeat(start, t)
    continuous = [*study.declared.treatments, *study.paper.controls, *study.declared.moderators]
    whole = [*study.declared.policies, *study.declared.instruments]
    columns |= {name: values[name] for name in (*continuous, *whole)}
    for name, path in study.declared.mediators.items():
        steps = zip(map(study.value, path), study.headline, strict=False)
        moved = sum(step * (values[by] - values[by].mean()) for step, by in steps)
        columns[name] = values[name] - (1 - study.world(world).moved) * moved
    for name, rule in study.declared.subsamples.items():
        if rule.column in values:
            columns[f"{rule.column}_{name}"] = row_mask(name, study, scaffold, values).astype(int)
    frame = frame.assign(**{name: np.ravel(array) for name, array in columns.items()})
    return frame.astype(dict.fromkeys([*starts, *whole], int))
