"""What may move the outcome: every feature whose coefficient can be planted, by group."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nqp.twin.covariates import Covariates
from nqp.twin.regressions import Design, row_mask
from nqp.twin.scaffold import Scaffold
from nqp.twin.study_file import StudyFile


@dataclass(frozen=True)
class Features:
    """What may move the outcome, with the group that each belongs to.

    Attributes
    ----------
    names, groups : tuples of length p
    matrix : array (N T, p), unit-major
    spread : array (p,)
        Sd of each feature net of city and year effects: what a unit of it moves in the outcome.
    shape : (N, T)
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]
    matrix: np.ndarray
    spread: np.ndarray
    shape: tuple[int, int]

    @property
    def net(self) -> np.ndarray:
        """The features net of city and year effects (N T, p)."""
        cube = self.matrix.T.reshape(len(self.names), *self.shape)
        net = cube - cube.mean(axis=2, keepdims=True)
        return (net - net.mean(axis=1, keepdims=True)).reshape(len(self.names), -1).T


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


def _listed(study: StudyFile, scaffold: Scaffold, drawn: Covariates) -> Iterator[tuple[str, str, np.ndarray]]:
    inn, values, event = scaffold.treated, drawn.variables, scaffold.event_time
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
        np.column_stack([features.matrix, cube.reshape(len(found), -1).T]),
        np.concatenate([features.spread, _spread(cube)]),
        features.shape,
    )


def derived_regressors(study: StudyFile, scaffold: Scaffold, drawn: Covariates) -> dict[str, np.ndarray]:
    """Return all variables that a column may name: treatment, its leads and lags, interactions, spatial lags."""
    name = study.declared["treatment"]
    out = {**drawn.variables, name: scaffold.treated, f"W{name}": scaffold.weights @ scaffold.treated}
    for moderator in study.declared["moderators"]:
        centred = drawn.variables[moderator] - drawn.variables[moderator].mean()
        out[moderator] = drawn.variables[moderator]
        out[f"{name}x{moderator}"] = scaffold.treated * centred
    for control in study.controls:
        out[f"W{control}"] = scaffold.weights @ drawn.variables[control]
    event = scaffold.event_time
    for k in range(int(event[event > -99].min()), event.max() + 1):
        out[f"event {k}"] = (event == k).astype(float)
    return out
