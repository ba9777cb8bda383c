"""The outcome: linear indirect inference.

Every printed coefficient is a linear functional of the outcome, and the outcome is linear in what is planted.
So the planted coefficients follow from one equality-constrained least-squares problem: the smallest departure
from the declared prior, measured in units of outcome, subject to the targets.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nqp.twin.covariates import Covariates
from nqp.twin.regressions import Design, row_mask
from nqp.twin.scaffold import Scaffold
from nqp.twin.study_file import ContradictoryTargets, StudyFile, Target, World

EXACT = 1e-8


@dataclass(frozen=True)
class Features:
    """What may move the outcome, with the group that each belongs to.

    Attributes
    ----------
    names, groups : tuples of length p
    values : array (N T, p), unit-major
    spread : array (p,)
        Sd of each feature net of city and year effects: what a unit of it moves in the outcome.
    shape : (N, T)
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]
    values: np.ndarray
    spread: np.ndarray
    shape: tuple[int, int]


def dimension_weights(study: StudyFile) -> np.ndarray:
    """Return the weights of the dimensions: they sum to one and reproduce the mean and the effect of the index.

    With three dimensions these are three equations; print fixes the weights.
    """
    names, index = study.dimensions, study.outcome
    effect = study.declared["outcome"]["effect"]
    rows = [
        np.ones(len(names)),
        [study.value(f"t2.{d}.mean") for d in names],
        [study.value(effect[d]) for d in names],
    ]
    return np.linalg.solve(
        np.array(rows), [1.0, study.value(f"t2.{index}.mean"), study.value(effect[index])]
    )


def build_features(study: StudyFile, scaffold: Scaffold, drawn: Covariates) -> Features:
    """Return every feature: treatment by timing and place, controls, moderators, policies, years, neighbours."""
    listed = list(_listed(study, scaffold, drawn))
    names, groups, values = zip(*listed, strict=True)
    cube = np.stack([np.broadcast_to(v, scaffold.shape) for v in values])
    return Features(names, groups, cube.reshape(len(names), -1).T, _spread(cube), scaffold.shape)


def _spread(cube: np.ndarray) -> np.ndarray:
    """Return the sd of each layer (p, N, T) net of city and year effects; of year effects themselves, their sd."""
    net = cube - cube.mean(axis=2, keepdims=True)
    moved = net.std(axis=(1, 2))
    own = (net - net.mean(axis=1, keepdims=True)).std(axis=(1, 2))
    return np.where(own > 1e-9, own, np.where(moved > 1e-9, moved, cube.std(axis=(1, 2))))


def _listed(
    study: StudyFile, scaffold: Scaffold, drawn: Covariates
) -> Iterator[tuple[str, str, np.ndarray]]:
    inn, values, event = scaffold.treated, drawn.values, scaffold.event_time
    treatment = study.declared["treatment"]
    high = row_mask("high", study, scaffold, values).astype(float)
    north = scaffold.cities["north"].to_numpy(dtype=float)[:, None]
    yield treatment, "effect", inn
    for k in range(int(event[event > -99].min()), event.max() + 1):
        if k != -1:
            yield f"{treatment}, event time {k}", "timing", (event == k).astype(float)
    for name, mask in (("north", north), ("high", high)):
        yield f"{treatment} x {name}", "place", inn * mask
    yield "high", "high", high
    yield "north", "levels", north
    yield "share of years high", "levels", high.mean(axis=1, keepdims=True)
    for name in study.controls:
        yield name, "controls", values[name]
        for other, mask in (("north", north), ("high", high), ("late", scaffold.years >= 2020)):
            yield f"{name} x {other}", "control slopes", (values[name] - values[name].mean()) * mask
    for name in study.declared["moderators"]:
        yield name, "moderation", values[name]
        yield f"{treatment} x {name}", "moderation", values[f"{treatment}x{name}"]
    for name in study.declared["policies"]:
        yield name, "policies", values[name]
    for year in scaffold.years[1:]:
        yield f"year {year}", "years", (scaffold.years == year).astype(float)
        yield f"year {year} x north", "regional years", (scaffold.years == year) * north
    for name, count in drawn.counts.items():
        yield name, "exclusion", values[name]
        yield f"{treatment} x count of {name}", "effect by count", inn * (count - count.mean())[:, None]
    for name in (treatment, *study.controls):
        base = inn if name == treatment else values[name]
        yield f"neighbours' {name}", "spillover", scaffold.weights @ base


def with_residuals(study: StudyFile, features: Features, designs: dict[str, Design]) -> Features:
    """Add, for each target, the part of its regressor that only its own regression sees.

    That is the regressor (for a constant: the controls, weighted by their means) net of all else in the column, on
    the column's rows: the cheapest direction, in units of outcome, to move one coefficient.
    """
    found = {}
    for target in study.targets:
        column = study.columns[target.column]
        if not column.instrument and target.column != study.declared["event_column"]:
            row = designs[target.column].row(target.term).reshape(features.shape)
            row = row - row.mean(axis=1)[:, None]
            found[f"residual of {target.term} in {target.column}"] = row / row.std()
    cube = np.stack(list(found.values()))
    return Features(
        (*features.names, *found),
        (*features.groups, *["residuals"] * len(found)),
        np.column_stack([features.values, cube.reshape(len(found), -1).T]),
        np.concatenate([features.spread, _spread(cube)]),
        features.shape,
    )


def derived_regressors(study: StudyFile, scaffold: Scaffold, drawn: Covariates) -> dict[str, np.ndarray]:
    """Return all variables that a column may name: treatment, its leads and lags, interactions, spatial lags."""
    name = study.declared["treatment"]
    out = {**drawn.values, name: scaffold.treated, f"W{name}": scaffold.weights @ scaffold.treated}
    for moderator in study.declared["moderators"]:
        centred = drawn.values[moderator] - drawn.values[moderator].mean()
        out[moderator] = drawn.values[moderator]
        out[f"{name}x{moderator}"] = scaffold.treated * centred
    for control in study.controls:
        out[f"W{control}"] = scaffold.weights @ drawn.values[control]
    event = scaffold.event_time
    for k in range(int(event[event > -99].min()), event.max() + 1):
        out[f"event {k}"] = (event == k).astype(float)
    return out


@dataclass(frozen=True)
class Planted:
    """The solved combination.

    Attributes
    ----------
    coefficients : array (dimensions, p)
    departure : array (dimensions,)
        How far this moves the outcome from where the prior has it, net of city and year effects: sd.
    """

    coefficients: np.ndarray
    departure: np.ndarray


def target_rows(targets: list[Target], designs: dict[str, Design], mixes: dict[str, np.ndarray]) -> np.ndarray:
    """Return targets as rows over stacked dimensions (targets, dimensions, N T)."""
    rows = [designs[t.column].row(t.term) for t in targets]
    mix = [mixes[designs[t.column].column.outcome] for t in targets]
    return np.stack([np.outer(m, r) for m, r in zip(mix, rows, strict=True)])


def solve_combination(
    features: Features,
    prior: np.ndarray,
    world: World,
    rows: np.ndarray,
    levels: np.ndarray,
    targets: list[tuple[str, float]],
    ridge: float,
) -> Planted:
    """Find the smallest departure from the prior under which every target holds.

    The departure is measured by how far it moves the outcome net of city and year effects, plus `ridge` times the
    same for each feature by itself.

    Parameters
    ----------
    features : what may move the outcome
    prior : array (dimensions, p)
    world : scales the freedom of each group of features
    rows : array (targets, dimensions, N T)
        Each target as a functional of the stacked dimensions.
    levels : array (dimensions, N T)
        City effects, which are not solved for.
    targets : names and values, in the order of `rows`

    Raises
    ------
    ContradictoryTargets
        When no combination meets all; names those that contradict each other, with the residual.
    """
    d, p = prior.shape
    root = _inverse_root(features, world, ridge)
    a = np.einsum("kdn,np->kdp", rows, features.values, optimize=True)
    start = np.einsum("kdp,dp->k", a, prior) + np.einsum("kdn,dn->k", rows, levels)
    moves = (a @ root).reshape(len(rows), -1)
    gap = np.array([value for _, value in targets]) - start
    size = np.linalg.norm(moves, axis=1)
    scaled = moves / size[:, None]
    u, s, vt = np.linalg.svd(scaled, full_matrices=False)
    kept = s > EXACT * s[0]
    step = vt[kept].T @ ((u[:, kept].T @ (gap / size)) / s[kept])
    left = gap - scaled @ step * size
    if np.abs(left).max() > EXACT:
        raise _contradiction(targets, left, u[:, ~kept] / size[:, None], gap)
    shift = step.reshape(d, -1) @ root.T
    return Planted(prior + shift, np.sqrt(((shift @ _net(features).T) ** 2).mean(axis=1)))


def _net(features: Features) -> np.ndarray:
    """Return the features net of city and year effects (N T, p)."""
    cube = features.values.T.reshape(len(features.names), *features.shape)
    net = cube - cube.mean(axis=2, keepdims=True)
    return (net - net.mean(axis=1, keepdims=True)).reshape(len(features.names), -1).T


def _inverse_root(features: Features, world: World, ridge: float) -> np.ndarray:
    """Return R (p, q) such that a shift of coefficients R z costs z'z; groups a world shuts have zero rows."""
    loose = np.array([world.loose.get(g, 1.0) for g in features.groups])
    open_ = np.flatnonzero(loose > 0)
    net = _net(features)[:, open_]
    metric = net.T @ net / len(net) + np.diag(ridge * (features.spread[open_] / loose[open_]) ** 2)
    root = np.zeros((len(loose), len(open_)))
    root[open_] = np.linalg.inv(np.linalg.cholesky(metric)).T
    return root


def _contradiction(
    targets: list[tuple[str, float]], left: np.ndarray, null: np.ndarray, gap: np.ndarray
) -> ContradictoryTargets:
    worst = null @ (null.T @ gap)
    worst = worst / np.abs(worst).max()
    named = [k for k in np.argsort(-np.abs(worst)) if abs(worst[k]) > 1e-6]
    listed = "; ".join(f"{targets[k][0]} = {targets[k][1]:g} (left over {left[k]:+.6f})" for k in named)
    miss = float(worst @ gap) / abs(worst[named[0]])
    return ContradictoryTargets(
        f"these targets cannot hold at once: {listed}. With the others met, {targets[named[0]][0]} would be off by"
        f" {miss:+.6f}. Move one of them from `targets` to `untargeted` in the study file and say why, or drop it"
        " in a world"
    )


def prior_coefficients(study: StudyFile, features: Features, world: World) -> np.ndarray:
    """Return the declared prior of a world (dimensions, p); what is not declared is zero."""
    prior = np.zeros((len(study.dimensions), len(features.names)))
    lookup = {name: j for j, name in enumerate(features.names)}
    for i, dimension in enumerate(study.dimensions):
        spec = study.declared["outcome"]["dimensions"][dimension]
        for name, value in spec["prior"].items():
            prior[i, lookup[name]] = value
        for name, j in lookup.items():
            if name.startswith("year ") and " x " not in name:
                rise = spec["rise"] + world.rise.get(dimension, 0.0)
                prior[i, j] = year_path(study, rise, spec["bend"], int(name.split()[1]))
            if ", event time " in name and (k := int(name.rsplit(" ", 1)[1])) >= 0:
                prior[i, j] = spec["effect_growth"] * (k - study.declared["treatment_midpoint"])
    return prior


def plan_levels(study: StudyFile, size: np.ndarray) -> np.ndarray:
    """Return planned city means (dimensions, N): skewed to the right, higher in larger cities."""
    rng = np.random.default_rng([study.declared["covariate_seed"], 1])
    planned = []
    for name, spec in study.declared["outcome"]["dimensions"].items():
        spec = spec["levels"]
        share = spec["with_size"]
        mixed = np.sqrt(share) * size + np.sqrt(1 - share) * rng.standard_normal(len(size))
        skewed = np.exp(spec["skew"] * mixed)
        shape = (skewed - skewed.mean()) / skewed.std()
        planned.append(study.value(f"t2.{name}.mean") + spec["sd"] * shape)
    return np.stack(planned)


def year_path(study: StudyFile, rise: float, bend: float, year: int) -> float:
    """Return the prior common path of a dimension: its rise over the sample, bent by a power."""
    first, last = study.scaffold["first_year"], study.scaffold["last_year"]
    return rise * ((year - first) / (last - first)) ** bend


def truth_table(study: StudyFile, features: Features, planted: Planted, weights: np.ndarray) -> pd.DataFrame:
    """Return the planted coefficients: one row a feature, one column a dimension and the index."""
    table = pd.DataFrame(planted.coefficients.T, index=list(features.names), columns=study.dimensions)
    table.insert(0, "group", features.groups)
    table[study.outcome] = table[study.dimensions].to_numpy() @ weights
    return table.rename_axis("feature")
