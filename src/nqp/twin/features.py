"""What may move the outcome: every feature whose coefficient can be planted, by group."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nqp.twin.covariates import Covariates, Values
from nqp.twin.regressions import Design, row_mask
from nqp.twin.scaffold import Scaffold
from nqp.twin.study_file import StudyFile

SHUT = ("drift", "growth")  # groups whose coefficients are declared, never solved for


@dataclass(frozen=True)
class Features:
    """What may move the outcome, with the group that each belongs to.

    Attributes
    ----------
    names, groups, treatments : tuples of length p
        `treatments` names the treatment whose effect a feature is part of, and is empty for all others.
    matrix : array (N T, p), unit-major
    spread : array (p,)
        Sd of each feature net of unit and year effects: what a unit of it moves in the outcome.
    shape : (N, T)
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]
    treatments: tuple[str, ...]
    matrix: np.ndarray
    spread: np.ndarray
    shape: tuple[int, int]

    @property
    def net(self) -> np.ndarray:
        """The features net of unit and year effects (N T, p)."""
        cube = self.matrix.T.reshape(len(self.names), *self.shape)
        return _net(_net(cube, 2), 1).reshape(len(self.names), -1).T


def build_features(study: StudyFile, scaffold: Scaffold, drawn: Covariates) -> Features:
    """Return every feature: treatment by timing and place, controls, moderators, policies, years, neighbours."""
    listed = [*_of_treatment(study, scaffold, drawn), *_of_the_rest(study, scaffold, drawn)]
    names, groups, treatments, values = zip(*listed, strict=True)
    cube = np.stack([np.broadcast_to(v, scaffold.shape) for v in values])
    matrix = cube.reshape(len(names), -1).T
    return Features(names, groups, treatments, matrix, _spread(cube), scaffold.shape)


def _net(cube: np.ndarray, axis: int) -> np.ndarray:
    return cube - cube.mean(axis=axis, keepdims=True)


def _spread(cube: np.ndarray) -> np.ndarray:
    """Return the sd of each layer (p, N, T) net of unit and year effects; of year effects themselves, their sd."""
    net = _net(cube, 2)
    moved = net.std(axis=(1, 2))
    own = _net(net, 1).std(axis=(1, 2))
    apart = cube.std(axis=(1, 2))
    return np.select([own > 1e-9, moved > 1e-9, apart > 1e-9], [own, moved, apart], 1.0)


Listed = Iterator[tuple[str, str, str, np.ndarray]]


def _of_treatment(study: StudyFile, scaffold: Scaffold, drawn: Covariates) -> Listed:
    values = drawn.variables
    for name, spec in study.declared.treatments.items():
        own = values[name]
        yield name, "effect", name, own
        for k in _steps(scaffold.event_time(name)) if spec.event_study else ():
            if k != -1:
                yield (
                    f"{name}, event time {k}",
                    "timing",
                    name,
                    (scaffold.event_time(name) == k).astype(float),
                )
        for other, mask in _subsamples(study, scaffold, values).items():
            if (mask != mask[0]).any():
                yield f"{name} x {other}", "place", name, own * mask
        for other in study.declared.moderators:
            yield f"{name} x {other}", "moderation", name, values[f"{name}x{other}"]
        for other, count in drawn.counts.items():
            centred = (count - count.mean())[:, None]
            yield f"{name} x count of {other}", "effect by count", name, own * centred
        yield f"neighbours' {name}", "spillover", name, scaffold.weights @ own
        yield f"drift of {name}", "drift", "", _drift(own, scaffold)


def _of_the_rest(study: StudyFile, scaffold: Scaffold, drawn: Covariates) -> Listed:
    values, parts = drawn.variables, _subsamples(study, scaffold, drawn.variables)
    steady = {name: mask for name, mask in parts.items() if (mask == mask[:, :1]).all()}
    for name, mask in parts.items():
        if name in steady:
            yield name, "levels", "", mask
        elif (mask != mask[0]).any():
            yield name, "split", "", mask
            yield f"share of years {name}", "levels", "", mask.mean(axis=1, keepdims=True)
    if not steady:
        yield "everywhere", "levels", "", np.ones(1)
    for name in study.controls:
        yield name, "controls", "", values[name]
        for other, mask in parts.items():
            yield f"{name} x {other}", "control slopes", "", (values[name] - values[name].mean()) * mask
    for name in study.declared.moderators:
        yield name, "moderation", "", values[name]
    for name in study.declared.policies:
        yield name, "policies", "", values[name]
    for year in scaffold.years[1:]:
        yield f"year {year}", "years", "", (scaffold.years == year).astype(float)
        for other, mask in steady.items():
            yield f"year {year} x {other}", "regional years", "", (scaffold.years == year) * mask
    larger, since = np.exp(drawn.size), scaffold.years - scaffold.years[0]
    yield "growth with size", "growth", "", (larger / larger.mean())[:, None] * since / since[-1]
    for name in drawn.counts:
        yield name, "exclusion", "", values[name]
    for name in study.controls:
        yield f"neighbours' {name}", "spillover", "", scaffold.weights @ values[name]


def _subsamples(study: StudyFile, scaffold: Scaffold, values: Values) -> dict[str, np.ndarray]:
    """Return the declared subsamples but those that are the rest of another, as numbers (N, T)."""
    names = [name for name, rule in study.declared.subsamples.items() if not rule.outside]
    return {name: row_mask(name, study, scaffold, values).astype(float) for name in names}


def _steps(event: np.ndarray) -> range:
    return range(int(event[event > -99].min()), event.max() + 1)


def _drift(treatment: np.ndarray, scaffold: Scaffold) -> np.ndarray:
    """Return years since the first for units ever treated; for a continuous treatment, times the unit's own trend."""
    years = scaffold.years - scaffold.years[0]
    centred = years - years.mean()
    own = treatment @ centred / (centred @ centred)
    binary = np.isin(treatment, (0, 1)).all()
    path = (treatment.max(axis=1) if binary else own)[:, None] * years
    return path - path.mean()


def with_residuals(study: StudyFile, features: Features, designs: dict[str, Design]) -> Features:
    """Add, for each target, the part of its regressor that only its own regression sees.

    That is the regressor (for a constant: the controls, weighted by their means) net of all else in the column, on
    the column's rows: the cheapest direction, in units of outcome, to move one coefficient.
    """
    found = {}
    for target in study.targets:
        column = study.columns[target.column]
        if not column.instrument and not target.term.startswith("event "):
            row = designs[target.column].row(target.term).reshape(features.shape)
            row = row - row.mean(axis=1)[:, None]
            found[f"residual of {target.term} in {target.column}"] = row / row.std()
    cube = np.stack(list(found.values()))
    return Features(
        (*features.names, *found),
        (*features.groups, *["residuals"] * len(found)),
        (*features.treatments, *[""] * len(found)),
        np.column_stack([features.matrix, cube.reshape(len(found), -1).T]),
        np.concatenate([features.spread, _spread(cube)]),
        features.shape,
    )


def derived_regressors(
    study: StudyFile, scaffold: Scaffold, drawn: Covariates
) -> tuple[Values, frozenset[str]]:
    """Return all variables that a column may name, and which of them are made of a treatment.

    Treatments, their leads and lags, products with centred moderators, squares, and spatial lags.
    """
    made = {}
    for name, spec in study.declared.treatments.items():
        own = drawn.variables[name]
        made |= {name: own, f"{name}2": own**2, f"W{name}": scaffold.weights @ own}
        for moderator in study.declared.moderators:
            made[f"{name}x{moderator}"] = own * (
                drawn.variables[moderator] - drawn.variables[moderator].mean()
            )
        if spec.event_study:
            event = scaffold.event_time(name)
            made |= {f"event {k}": (event == k).astype(float) for k in _steps(event)}
    lags = {f"W{name}": scaffold.weights @ drawn.variables[name] for name in study.controls}
    return {**drawn.variables, **lags, **made}, frozenset(made)
