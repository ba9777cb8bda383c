"""The outcome: linear indirect inference.

Every printed coefficient is a linear functional of the outcome, and the outcome is linear in what is planted. So the
planted coefficients follow from one problem: the smallest departure from the declared prior, subject to the targets.
"""

import numpy as np

from nqp.twin.covariates import Values
from nqp.twin.declared import ContradictoryTargets, Spec
from nqp.twin.features import SHUT, Features
from nqp.twin.regressions import Design
from nqp.twin.study_file import StudyFile, Target

EXACT = 1e-8
Named = list[tuple[str, float]]  # targets: id and value


def dimension_weights(study: StudyFile) -> np.ndarray:
    """Return the weights in the index: 1 each, equal shares, or three that sum to one and give its mean and effect."""
    names, index, spec = study.dimensions, study.paper.outcome, study.declared.outcome
    if names == [index] or spec.weights == "sum":
        return np.ones(len(names))
    if spec.weights == "mean":
        return np.full(len(names), 1 / len(names))
    if spec.weights != "print" or len(names) != 3 or set(spec.effect) != {index, *names}:
        said = "use mean or sum; print takes three dimensions and all ids in `effect`"
        raise study.mistake("outcome, weights", said)
    effect = {name: study.value(number, "outcome, effect") for name, number in spec.effect.items()}
    rows = [np.ones(3), [study.moments(d)["mean"] for d in names], [effect[d] for d in names]]
    return np.linalg.solve(np.array(rows), [1.0, study.moments(index)["mean"], effect[index]])


def target_rows(targets: list[Target], designs: dict[str, Design], mixes: Values) -> np.ndarray:
    """Return targets as rows over stacked dimensions (targets, dimensions, N T)."""
    of = [(designs[t.column], t.term) for t in targets]
    return np.stack([np.outer(mixes[design.column.outcome], design.row(term)) for design, term in of])


def least_shift(
    features: Features, world: Spec, outcome: Spec, rows: np.ndarray, gap: np.ndarray, named: Named
) -> np.ndarray:
    """Return the smallest shift of coefficients (dimensions, p) that closes the gaps (targets,).

    It is measured by how far it moves the outcome net of unit and year effects, plus the declared ridge times the same
    for each feature by itself. `rows` (targets, dimensions, N T) are targets as functionals of the stacked dimensions.
    Where no shift closes all gaps, ContradictoryTargets names those that contradict each other, with the residual.
    """
    root = _inverse_root(features, world, outcome.ridge)
    loose = np.array([dimension.loose for dimension in outcome.dimensions.values()])[:, None]
    a = np.einsum("kdn,np->kdp", rows, features.matrix, optimize=True)
    moves = (a @ root * loose).reshape(len(rows), -1)
    size = np.linalg.norm(moves, axis=1)
    moves, gap = moves / size[:, None], gap / size
    step, left = _least(moves, gap)
    if np.abs(left * size).max() > EXACT:
        raise _contradiction(named, moves, gap, size)
    return loose * step.reshape(len(loose), -1) @ root.T


def _inverse_root(features: Features, world: Spec, ridge: float) -> np.ndarray:
    """Return R (p, q) such that a shift of coefficients R z costs z'z; groups a world shuts have zero rows."""
    loose = np.array([world.loose.get(g, float(g not in SHUT)) for g in features.groups])
    open_ = np.flatnonzero(loose > 0)
    net = features.net[:, open_]
    metric = net.T @ net / len(net) + np.diag(ridge * (features.spread[open_] / loose[open_]) ** 2)
    root = np.zeros((len(loose), len(open_)))
    root[open_] = np.linalg.inv(np.linalg.cholesky(metric)).T
    return root


def _least(moves: np.ndarray, gap: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the shortest step that closes the gap as far as possible, and what is left of it."""
    step = np.linalg.lstsq(moves, gap, rcond=EXACT)[0]
    return step, gap - moves @ step


def _contradiction(
    named: Named, moves: np.ndarray, gap: np.ndarray, size: np.ndarray
) -> ContradictoryTargets:
    """Name a smallest set of contradicting targets: none of them can be taken out and a contradiction remain."""
    kept = list(range(len(named)))
    for k in reversed(range(len(named))):
        fewer = [i for i in kept if i != k]
        left = _least(moves[fewer], gap[fewer])[1] * size[fewer]
        if np.abs(left).max(initial=0) > EXACT:
            kept = fewer
    *others, last = kept
    name, value = named[last]
    miss = (gap[last] - moves[last] @ _least(moves[others], gap[others])[0]) * size[last]
    listed = ", ".join(f"{named[k][0]} = {named[k][1]:g}" for k in kept)
    return ContradictoryTargets(
        f"these targets cannot hold at once: {listed}. With the others met, {name} comes out at"
        f" {value - miss:.6f}: residual {miss:+.6f}. Move one of them from `targets` to `untargeted` in the"
        " study file and say why, or drop it in a world"
    )


def prior_coefficients(study: StudyFile, features: Features, world: Spec) -> np.ndarray:
    """Return the declared prior of a world (dimensions, p); what is not declared is zero."""
    prior = np.zeros((len(study.dimensions), len(features.names)))
    lookup = {name: j for j, name in enumerate(features.names)}
    first, last = study.paper.years
    for i, (dimension, spec) in enumerate(study.declared.outcome.dimensions.items()):
        key = f"outcome, dimensions: {dimension}, prior"
        study.known(key, "feature", spec.prior, lookup)
        for name, value in spec.prior.items():
            prior[i, lookup[name]] = study.value(value, key)
        rise = spec.rise + world.rise.get(dimension, 0.0)
        for name, j in lookup.items():
            if features.groups[j] == "years":
                prior[i, j] = rise * ((int(name.split()[1]) - first) / (last - first)) ** spec.bend
            if features.groups[j] == "timing" and (k := int(name.rsplit(" ", 1)[1])) >= 0:
                midpoint = study.declared.treatments[features.treatments[j]].midpoint
                prior[i, j] = spec.effect_growth * (k - midpoint)
    return prior


def plan_levels(study: StudyFile, size: np.ndarray) -> np.ndarray:
    """Return planned unit means (dimensions, N): skewed to the right, higher in larger units."""
    rng = np.random.default_rng([study.declared.covariate_seed, 1])
    planned = []
    for name, dimension in study.declared.outcome.dimensions.items():
        spec = dimension.levels
        mixed = np.sqrt(spec.with_size) * size + np.sqrt(1 - spec.with_size) * rng.standard_normal(len(size))
        skewed = np.exp(spec.skew * mixed)
        shape = (skewed - skewed.mean()) / skewed.std()
        planned.append(study.moments(name)["mean"] + spec.sd * shape)
    return np.stack(planned)
