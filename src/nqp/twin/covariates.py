"""Synthetic controls, moderators and instruments with printed moments, drawn once from the study file's own seed."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import root
from scipy.special import expit

from nqp.panel import within
from nqp.twin.declared import Spec, TwinError
from nqp.twin.scaffold import Scaffold
from nqp.twin.study_file import StudyFile

Values = dict[str, np.ndarray]


@dataclass(frozen=True)
class Covariates:
    """Synthetic regressors of a study; the same for every seed of the reader.

    The variables (N, T) are all that a column may name: treatments with leads, lags and products with centred
    moderators; controls, moderators, policies, instruments; spatial lags.
    """

    variables: Values
    size: np.ndarray  # (N,), mean 0 and sd 1: what controls, counts and outcome have in common
    of_treatment: frozenset[str]  # names of the variables that are made of a treatment


def draw_covariates(study: StudyFile, scaffold: Scaffold) -> Covariates:
    """Draw every synthetic regressor of a study, treatments that are no policy among them.

    A latent normal variable (unit size, an own unit effect, a common trend and an AR(1) part, in declared shares) is
    mapped by a monotone function to the printed mean, sd, minimum and maximum.
    """
    declared = study.declared
    rng = np.random.default_rng(declared.covariate_seed)
    size = _unit_size(study, scaffold, rng)
    latents = {name: _latent(spec, size, scaffold, rng) for name, spec in declared.covariates.items()}
    values = {**scaffold.policies, **_drawn(study, scaffold, size, rng)}
    known = latents | values
    for name, spec in declared.covariates.items():
        latents[name] = latents[name] + _multiples(study, f"covariates: {name}, loads", spec.loads, known)
    values |= {name: to_moments(z, study.moments(name), name) for name, z in latents.items()}
    for name, rule in declared.subsamples.items():
        if rule.rows:
            rows = study.value(rule.rows, f"subsamples: {name}")
            values[rule.column] = _split_exactly(values[rule.column], rows)
    values |= {
        f"years since {name}": _since(start, scaffold) for name, start in scaffold.first_treated.items()
    }
    known = values | {f"within {name}": within(x, "unit") for name, x in values.items()}
    for name, spec in declared.covariates.items():
        if spec.adds:
            moved = values[name] + _multiples(study, f"covariates: {name}, adds", spec.adds, known)
            values[name] = moved - moved.mean() + values[name].mean()
    for name, spec in declared.instruments.items():
        values[name] = np.outer(_counts(spec, size, scaffold, rng), scaffold.years - scaffold.years[0] + 1.0)
    made = _made_of_treatment(study, scaffold, values)
    lags = {f"W{name}": scaffold.weights @ values[name] for name in study.paper.controls}
    return Covariates(values | lags | made, size, frozenset(made))


def _since(start: np.ndarray, scaffold: Scaffold) -> np.ndarray:
    """Return years since the first treated one (N, T), 0 before it and in units never treated."""
    return np.maximum(scaffold.years - np.where(start > 0, start, scaffold.years[-1])[:, None], 0.0)


def _made_of_treatment(study: StudyFile, scaffold: Scaffold, values: Values) -> Values:
    made = {}
    for name, spec in study.declared.treatments.items():
        own = values[name]
        made |= {name: own, f"W{name}": scaffold.weights @ own}
        for other in study.declared.moderators:
            made[f"{name}x{other}"] = own * (values[other] - values[other].mean())
        if spec.event_study:
            start = scaffold.first_treated[name][:, None]
            since = np.where(start > 0, scaffold.years - start, np.nan)
            made |= {f"event {k:g}": (since == k).astype(float) for k in np.unique(since[~np.isnan(since)])}
    return made


def _multiples(study: StudyFile, key: str, wanted: dict[str, float], known: Values) -> np.ndarray | float:
    """Return the sum of multiples of variables, by which printed short and long columns can be made to agree."""
    study.known(key, "variable", wanted, known)
    return sum(multiple * known[name] for name, multiple in wanted.items())


def _drawn(study: StudyFile, scaffold: Scaffold, size: np.ndarray, rng: np.random.Generator) -> Values:
    """Draw the units of policies that no roster lists: large and treated ones first."""
    out = {}
    for name, spec in study.declared.policies.items():
        if spec.draw:
            score = size + spec.treated * scaffold.ever_treated + spec.spread * rng.standard_normal(len(size))
            chosen = score >= np.sort(score)[-spec.draw]
            out[name] = (chosen[:, None] & (scaffold.years >= spec.year)).astype(float)
    return out


def _unit_size(study: StudyFile, scaffold: Scaffold, rng: np.random.Generator) -> np.ndarray:
    spec, units = study.declared.unit_size, scaffold.units
    size = rng.standard_normal(len(units)) + spec.treated * scaffold.ever_treated
    size = size + units["region"].map(lambda region: spec.region.get(region, 0.0)).to_numpy(dtype=float)
    size = (size - size.mean()) / size.std()
    for name, value in spec.named.items():
        size[units["name_zh"].eq(name).to_numpy()] = value
    return (size - size.mean()) / size.std()


def ar1(shape: tuple[int, int], persistence: float, rng: np.random.Generator) -> np.ndarray:
    """Return stationary AR(1) series with unit variance, one row a series."""
    out = rng.standard_normal(shape)
    for t in range(1, shape[1]):
        out[:, t] = persistence * out[:, t - 1] + np.sqrt(1 - persistence**2) * out[:, t]
    return out


def _latent(spec: Spec, size: np.ndarray, scaffold: Scaffold, rng: np.random.Generator) -> np.ndarray:
    own = np.sqrt(1 - spec.size**2) * rng.standard_normal(len(size))
    city = np.sqrt(spec.between) * (spec.size * size + own)
    trend = (scaffold.years - scaffold.years.mean()) / scaffold.years.std()
    moving = np.sqrt(1 - spec.between - spec.trend**2) * ar1(scaffold.shape, spec.persistence, rng)
    return city[:, None] + spec.trend * trend + moving


def to_moments(latent: np.ndarray, moments: dict[str, float], name: str) -> np.ndarray:
    """Map a latent variable, keeping its order, to a mean, sd (of the sample), minimum and maximum, or refuse its name.

    The ends take the bounds; the others ``min + (max - min) expit(a + b z)`` with a and b solved for mean and sd.
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


def _counts(spec: Spec, size: np.ndarray, scaffold: Scaffold, rng: np.random.Generator) -> np.ndarray:
    """Draw whole counts (N,): larger in large and in treated units, without a long tail."""
    score = spec.size * size + spec.treated * scaffold.ever_treated
    score = np.logaddexp(0.0, score + spec.spread * rng.standard_normal(len(size)))
    return np.floor(np.exp(spec.level) * score)
