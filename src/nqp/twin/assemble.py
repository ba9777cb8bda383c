"""A twin: the real scaffold, synthetic covariates, planted outcome, noise of a seed, raw indicators."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from nqp.index import malmquist
from nqp.twin.disaggregate import disaggregate
from nqp.twin.levels import settle_all
from nqp.twin.noise import draw_noise
from nqp.twin.outcome import truth_table
from nqp.twin.production import draw_production
from nqp.twin.regressions import row_mask
from nqp.twin.solve import Setting, Solved, build_setting, solve_world
from nqp.twin.study_file import StudyFile, TwinError, read_study

LABEL = "SYNTHETIC"
one_thread = threadpool_limits.wrap(limits=1)  # sums in another order would change the last bits


@dataclass(frozen=True)
class Twin:
    """A synthetic panel of a study. SYNTHETIC: no number in it was observed but codes, names, places and policy dates.

    Attributes
    ----------
    study : StudyFile
        What it was made to meet.
    seed, world : what made this one
    panel : DataFrame
        One row a city-year, sorted by ``adcode`` and ``year``: scaffold, index and dimensions, treatment, controls,
        moderators, other policies, instruments. ``first_treated`` is 0 for cities never treated.
    indicators : DataFrame
        ``adcode, year`` and the raw indicators of the index, in the same rows.
    production : DataFrame
        ``adcode, year, capital, labour, output``, with the year before the panel: inputs of the Malmquist indicators.
    truth : DataFrame
        Planted coefficients: one row a feature, one column a dimension and the index.
    weights : Series
        Weight of each dimension in the index.
    """

    study: StudyFile
    seed: int
    world: str
    panel: pd.DataFrame
    indicators: pd.DataFrame
    production: pd.DataFrame
    truth: pd.DataFrame
    weights: pd.Series

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
    return solve_world(setting_of(slug), world)


@one_thread
def generate(study: str, seed: int, *, world: str = "as_printed") -> Twin:
    """Generate the twin of a study.

    Covariates, treatment and planted coefficients are the same for every seed; a seed draws the noise, the city
    effects that go with it, and how dimensions split into indicators. Same arguments, same bytes.

    Parameters
    ----------
    study : slug of a study that has a file in ``data/twin``
    seed : non-negative
    world : one of the worlds that the study file declares; they differ in what makes up the gap between
        least squares and instrumental variables

    Raises
    ------
    TwinError
        For a study without twin, an unknown world, or a negative seed.
    ContradictoryTargets
        When the targets of the world cannot hold at once: names them, with the residual.
    """
    if seed < 0:
        raise TwinError(f"seed must be 0 or more, not {seed}")
    setting, solved = setting_of(study), world_of(study, world)
    noise = draw_noise(setting.study, setting.scaffold, setting.drawn.size, seed)
    return _assemble(setting, solved, settle_all(setting, solved, solved.moving + noise), seed)


@one_thread
def noise_free(study: str, *, world: str = "as_printed") -> np.ndarray:
    """Return the dimensions (dimensions, N, T) without noise: on them, targeted regressions return what is printed."""
    setting, solved = setting_of(study), world_of(study, world)
    return settle_all(setting, solved, solved.moving)


def _assemble(setting: Setting, solved: Solved, dimensions: np.ndarray, seed: int) -> Twin:
    study, scaffold = setting.study, setting.scaffold
    made = dict(zip(study.dimensions, dimensions, strict=True))
    weights = dict(zip(study.dimensions, setting.weights, strict=True))
    inputs = draw_production(study, scaffold, setting.drawn.size)
    given = dict(zip(study.declared["production"]["indicators"], malmquist(inputs), strict=True))
    keys = _keys(scaffold.cities["adcode"].to_numpy(), scaffold.years)
    raw = disaggregate(study, scaffold, made, weights, given, seed)
    earlier = np.append(scaffold.years[0] - 1, scaffold.years)
    grown = pd.DataFrame({name: values.ravel() for name, values in inputs.items()})
    return Twin(
        study,
        seed,
        solved.world,
        _panel(setting, made, np.tensordot(setting.weights, dimensions, axes=1)),
        pd.concat([keys, raw], axis=1),
        pd.concat([_keys(scaffold.cities["adcode"].to_numpy(), earlier), grown], axis=1),
        truth_table(study, setting.features, solved.planted, setting.weights),
        pd.Series(weights, name="weight"),
    )


def _keys(codes: np.ndarray, years: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"adcode": np.repeat(codes, len(years)), "year": np.tile(years, len(codes))})


def _panel(setting: Setting, made: dict[str, np.ndarray], index: np.ndarray) -> pd.DataFrame:
    study, scaffold, values = setting.study, setting.scaffold, setting.drawn.variables
    frame = _keys(scaffold.cities["adcode"].to_numpy(), scaffold.years)
    t = len(scaffold.years)
    for name in ("name_zh", "province_zh", "region", "north", "longitude", "latitude"):
        frame[name] = np.repeat(scaffold.cities[name].to_numpy(), t)
    frame["first_treated"] = np.repeat(scaffold.first_treated, t)
    high = row_mask("high", study, scaffold, values).astype(int)
    columns = {
        study.outcome: index,
        **made,
        study.declared["treatment"]: scaffold.treated.astype(int),
        **{name: values[name] for name in (*study.controls, *study.declared["moderators"])},
        **{name: values[name].astype(int) for name in (*study.declared["policies"], *setting.drawn.counts)},
        f"{study.declared['split']['variable']}_high": high,
    }
    return frame.assign(**{name: array.ravel() for name, array in columns.items()})
