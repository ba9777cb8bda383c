"""Synthetic controls, moderators and instruments with printed moments, drawn once from the study file's own seed."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import root
from scipy.special import expit

from nqp.twin.consistency import Values, consistent_loadings, consistent_moderator, omitted_part
from nqp.twin.declared import Column, Covariate, Instrument
from nqp.twin.regressions import build_design
from nqp.twin.scaffold import Scaffold
from nqp.twin.study_file import StudyFile, TwinError


@dataclass(frozen=True)
class Covariates:
    """Synthetic regressors of a study; the same for every seed of the reader.

    Attributes
    ----------
    variables : dict of arrays (N, T)
        Treatments, controls, moderators, policies, instruments, in the units of the paper.
    counts : dict of arrays (N,)
        Fixed counts of units behind the instruments.
    size : array (N,)
        Latent size of a unit, mean 0 and sd 1: what controls, counts and outcome have in common.
    """

    variables: dict[str, np.ndarray]
    counts: dict[str, np.ndarray]
    size: np.ndarray


def draw_covariates(study: StudyFile, scaffold: Scaffold) -> Covariates:
    """Draw every synthetic regressor of a study, treatments that are no policy among them.

    A latent normal variable (unit size, an own unit effect, a common trend and an AR(1) part, with the shares the
    study file declares) is mapped by a monotone function to the printed mean, sd, minimum and maximum.
    """
    declared = study.declared
    rng = np.random.default_rng(declared.covariate_seed)
    size = _unit_size(study, scaffold, rng)
    latents = {name: _latent(spec, size, scaffold, rng) for name, spec in declared.covariates.items()}
    first = study.treatments[0]
    moved = scaffold.treated(first) if first in scaffold.first_treated else latents[first]
    for name, spec in declared.covariates.items():
        latents[name] = latents[name] + spec.with_treatment * moved
    values = {**scaffold.policies, **_drawn_policies(study, scaffold, size, rng)}
    if declared.consistency and declared.consistency.column:
        values |= _with_loadings(study, scaffold, latents, values)
    else:
        values |= _mapped(study, latents)
    values |= {name: scaffold.treated(name) for name in scaffold.first_treated}
    for name in declared.consistency.moderators if declared.consistency else ():
        values[name] = consistent_moderator(study, scaffold, values, name)
    counts = {}
    for name, spec in declared.instruments.items():
        score = _count_score(spec, size, scaffold, rng)
        counts[name] = _scale_counts(score, spec, name, values, study, scaffold)
        values[name] = counts[name][:, None] * _trend(scaffold)
    return Covariates(values, counts, size)


def _with_loadings(study: StudyFile, scaffold: Scaffold, latents: Values, policies: Values) -> Values:
    """Return the covariates with two controls loaded on the other policies, so that short and long columns agree."""
    spec, treated = study.declared.consistency, scaffold.treated(study.treatments[0])
    pull = omitted_part(study, spec.column, treated, policies)
    pull = (pull - pull.mean()) / pull.std()

    def redraw(loadings: np.ndarray) -> Values:
        moved = zip(spec.controls, loadings, strict=True)
        z = {**latents, **{name: latents[name] + loading * pull for name, loading in moved}}
        return {**policies, **_mapped(study, z), study.treatments[0]: treated}

    return redraw(consistent_loadings(study, scaffold, redraw))


def _mapped(study: StudyFile, latents: Values) -> Values:
    values = {name: to_moments(z, study.moments(name), name) for name, z in latents.items()}
    for name, rule in study.declared.subsamples.items():
        if rule.rows:
            rows = study.value(rule.rows, f"subsamples: {name}")
            values[rule.column] = _split_exactly(values[rule.column], rows)
    return values


def _drawn_policies(study: StudyFile, scaffold: Scaffold, size: np.ndarray, rng: np.random.Generator) -> Values:
    """Draw the units of policies that no roster lists: large and treated ones first."""
    out = {}
    for name, spec in study.declared.policies.items():
        if spec.draw:
            score = size + spec.treated * scaffold.ever_treated
            score = score + spec.spread * rng.standard_normal(len(size))
            chosen = score >= np.sort(score)[-spec.draw]
            out[name] = (chosen[:, None] & (scaffold.years >= spec.year)).astype(float)
    return out


def _unit_size(study: StudyFile, scaffold: Scaffold, rng: np.random.Generator) -> np.ndarray:
    spec, units = study.declared.unit_size, scaffold.units
    size = rng.standard_normal(len(units))
    size = size + spec.treated * scaffold.ever_treated
    size = size + units["region"].map(lambda region: spec.region.get(region, 0.0)).to_numpy(dtype=float)
    size = (size - size.mean()) / size.std()
    for name, value in spec.named.items():
        size[units["name_zh"].eq(name).to_numpy()] = value
    return (size - size.mean()) / size.std()


def ar1(shape: tuple[int, int], persistence: float, rng: np.random.Generator) -> np.ndarray:
    """Return stationary AR(1) series with unit variance, one row a series."""
    shocks = rng.standard_normal(shape)
    out = shocks.copy()
    for t in range(1, shape[1]):
        out[:, t] = persistence * out[:, t - 1] + np.sqrt(1 - persistence**2) * shocks[:, t]
    return out


def _latent(spec: Covariate, size: np.ndarray, scaffold: Scaffold, rng: np.random.Generator) -> np.ndarray:
    n, t = scaffold.shape
    own = np.sqrt(1 - spec.size ** 2) * rng.standard_normal(n)
    city = np.sqrt(spec.between) * (spec.size * size + own)
    trend = (scaffold.years - scaffold.years.mean()) / scaffold.years.std()
    moving = np.sqrt(1 - spec.between - spec.trend ** 2) * ar1((n, t), spec.persistence, rng)
    return city[:, None] + spec.trend * trend + moving


def to_moments(latent: np.ndarray, moments: dict[str, float], name: str) -> np.ndarray:
    """Map a latent variable, keeping its order, to a mean, sd (of the sample), minimum and maximum.

    The lowest and highest cell take the bounds; the others ``min + (max - min) expit(a + b z)`` with a and b
    solved for mean and sd.

    Raises
    ------
    TwinError
        When no such map exists, naming the variable.
    """
    z = ((latent - latent.mean()) / latent.std()).ravel()
    low, high = moments["min"], moments["max"]
    ends = [z.argmin(), z.argmax()]

    def mapped(ab: np.ndarray) -> np.ndarray:
        share = expit(ab[0] + ab[1] * z)
        share[ends] = 0.0, 1.0
        return low + (high - low) * share

    def gap(ab: np.ndarray) -> list[float]:
        x = mapped(ab)
        return [(x.mean() - moments["mean"]) / moments["sd"], x.std(ddof=1) / moments["sd"] - 1]

    middle = (moments["mean"] - low) / (high - low)
    slope = moments["sd"] / (high - low) / (middle * (1 - middle))
    found = root(gap, [np.log(middle / (1 - middle)), slope], tol=1e-13)
    if not found.success or np.abs(gap(found.x)).max() > 1e-8:
        raise TwinError(f"{name}: no monotone map reaches mean, sd, minimum and maximum together")
    return mapped(found.x).reshape(latent.shape)


def _split_exactly(x: np.ndarray, rows_above: float) -> np.ndarray:
    """Move the cells nearest to their year's mean across it until `rows_above` cells lie above."""
    x = x.copy()
    for _ in range(1000):
        distance = x - x.mean(axis=0)
        excess = int((distance > 0).sum() - rows_above)
        if excess == 0:
            return x
        sign = np.sign(excess)
        cell = np.argmin(np.where(sign * distance > 0, np.abs(distance), np.inf))
        x.flat[cell] -= 2 * distance.flat[cell] + sign * 1e-6
    raise TwinError(f"the split of the sample cannot reach {rows_above:.0f} rows above the yearly mean")


def _trend(scaffold: Scaffold) -> np.ndarray:
    return scaffold.years - scaffold.years[0] + 1.0


def _count_score(
    spec: Instrument, size: np.ndarray, scaffold: Scaffold, rng: np.random.Generator
) -> np.ndarray:
    """Draw a count up to its level: larger in large and in treated units, without a long tail."""
    score = spec.size * size + spec.treated * scaffold.ever_treated
    return np.logaddexp(0.0, score + spec.spread * rng.standard_normal(len(size)))


def _scale_counts(
    score: np.ndarray, spec: Instrument, name: str, values: Values, study: StudyFile, scaffold: Scaffold
) -> np.ndarray:
    """Return whole counts at the level whose first stage is nearest to the printed one (which falls in it)."""
    column = Column(name, study.outcome, (name,), tuple(study.controls))
    treated = values[study.treatments[0]].ravel()

    def counts(level: float) -> np.ndarray:
        return np.floor(np.exp(level) * score)

    def first_stage(level: float) -> float:
        trial = {**values, name: counts(level)[:, None] * _trend(scaffold)}
        return float(build_design(column, study, scaffold, trial).row(name) @ treated)

    low, high, printed = 0.0, 5.0, study.value(spec.first_stage, f"instruments: {name}")
    for _ in range(25):
        middle = (low + high) / 2
        low, high = (middle, high) if first_stage(middle) > printed else (low, middle)
    return counts(low)
