"""What may move the outcome: every feature whose coefficient can be planted, by group."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.linalg import orth

from nqp.panel import within
from nqp.twin.covariates import Covariates, Values
from nqp.twin.regressions import Design, row_mask, treatment_space
from nqp.twin.scaffold import Scaffold
from nqp.twin.study_file import StudyFile

SHUT = ("drift", "growth")  # groups whose coefficients are declared, never solved for
Listed = Iterator[tuple[str, str, str, np.ndarray]]  # name, group, treatment it is an effect of, values


@dataclass(frozen=True)
class Features:
    """What may move the outcome: p features."""

    names: tuple[str, ...]
    groups: tuple[str, ...]
    treatments: tuple[str, ...]  # the treatment whose effect a feature is part of, empty for all others
    matrix: np.ndarray  # (N T, p), unit-major
    net: np.ndarray  # the same, net of unit and year effects
    spread: np.ndarray  # (p,), the sd of each net of these effects; of the effects themselves, their sd


def build_features(
    study: StudyFile, scaffold: Scaffold, drawn: Covariates, designs: dict[str, Design]
) -> Features:
    """Return every feature: treatment by timing and place, controls, years, neighbours, and what is left of targets."""
    listed = [*_of_treatment(study, scaffold, drawn), *_of_the_rest(study, scaffold, drawn)]
    listed += [*_growth(scaffold, drawn, designs), *_residuals(study, scaffold, designs)]
    names, groups, treatments, values = zip(*listed, strict=True)
    cube = np.stack([np.broadcast_to(v, scaffold.shape) for v in values])
    net = within(cube)
    sds = [part.std(axis=(1, 2)) for part in (net, within(cube, "unit"), cube)]
    spread = np.select([sd > 1e-9 for sd in sds], sds, 1.0)
    flat = (len(names), -1)
    return Features(names, groups, treatments, cube.reshape(flat).T, net.reshape(flat).T, spread)


def _of_treatment(study: StudyFile, scaffold: Scaffold, drawn: Covariates) -> Listed:
    values = drawn.variables
    for name, spec in study.declared.treatments.items():
        own = values[name]
        yield name, "effect", name, own
        for event in values:
            if spec.event_study and event.startswith("event ") and event != "event -1":
                yield f"{name}, {event.replace(' ', ' time ')}", "timing", name, values[event]
        for other, mask in subsamples(study, scaffold, values).items():
            if (mask != mask[0]).any():
                yield f"{name} x {other}", "place", name, own * mask
        for other in study.declared.moderators:
            yield f"{name} x {other}", "moderation", name, values[f"{name}x{other}"]
        for other in study.declared.instruments:
            count = values[other][:, :1]  # an instrument is a count times years, of which the first is 1
            centred = count - count.mean()
            yield f"{name} x count of {other}", "effect by count", name, own * centred
        yield f"neighbours' {name}", "spillover", name, scaffold.weights @ own
        yield f"drift of {name}", "drift", "", _drift(own, scaffold)


def _of_the_rest(study: StudyFile, scaffold: Scaffold, drawn: Covariates) -> Listed:
    values, parts = drawn.variables, subsamples(study, scaffold, drawn.variables)
    steady = {name: mask for name, mask in parts.items() if (mask == mask[:, :1]).all()}
    for name, mask in parts.items():
        if name in steady:
            yield name, "levels", "", mask
        elif (mask != mask[0]).any():
            yield name, "split", "", mask
            yield f"share of years {name}", "levels", "", mask.mean(axis=1, keepdims=True)
    if not steady:
        yield "everywhere", "levels", "", np.ones(1)
    for name in study.paper.controls:
        yield name, "controls", "", values[name]
        for other, mask in parts.items():
            yield f"{name} x {other}", "control slopes", "", (values[name] - values[name].mean()) * mask
    for name in study.declared.moderators:
        yield name, "moderation", "", values[name]
    if study.declared.mediators:
        yield from _of_mediators(study, scaffold, values)
    for name in study.declared.policies:
        yield name, "policies", "", values[name]
    for year in scaffold.years[1:]:
        yield f"year {year}", "years", "", (scaffold.years == year).astype(float)
        for other, mask in steady.items():
            yield f"year {year} x {other}", "regional years", "", (scaffold.years == year) * mask
    for name in study.declared.instruments:
        yield name, "exclusion", "", values[name]
    for name in study.paper.controls:
        yield f"neighbours' {name}", "spillover", "", scaffold.weights @ values[name]


def _of_mediators(study: StudyFile, scaffold: Scaffold, values: Values) -> Listed:
    """Yield what no treatment moves of a mediator: the way through it is part of each treatment's planted effect.

    No treatment gets a coefficient from it, be it among all units or among those ever, or never, under another one.
    """
    ever = [start > 0 for start in scaffold.first_treated.values()]
    samples = [np.ones(len(scaffold.units), bool), scaffold.ever_treated, *ever, *(~one for one in ever)]
    samples = [units for units in samples if units.any()]
    along = np.zeros((len(samples), len(study.declared.treatments), *scaffold.shape))
    for i, units in enumerate(samples):
        for j, name in enumerate(study.declared.treatments):
            x = within(np.stack([values[k][units] for k in (name, *study.paper.controls)]))
            own, *controls = x.reshape(len(x), -1)
            fitted = np.linalg.lstsq(np.array(controls).T, own)[0] @ controls
            along[i, j, units] = (own - fitted).reshape(x[0].shape)
    along = orth(along.reshape(-1, scaffold.shape[0] * scaffold.shape[1]).T)
    for name in study.declared.mediators:
        moved = along @ (along.T @ within(values[name]).ravel())
        yield f"own {name}", "mediation", "", values[name] - moved.reshape(scaffold.shape)


def subsamples(study: StudyFile, scaffold: Scaffold, values: Values) -> dict[str, np.ndarray]:
    """Return the declared subsamples but those that are the rest of another, as numbers (N, T)."""
    names = [name for name, rule in study.declared.subsamples.items() if not rule.outside]
    return {name: row_mask(name, study, scaffold, values).astype(float) for name in names}


def _drift(treatment: np.ndarray, scaffold: Scaffold) -> np.ndarray:
    """Return years since the first for units ever treated; for a continuous treatment, times the unit's own trend."""
    years = scaffold.years - scaffold.years[0]
    binary = np.isin(treatment, (0, 1)).all()
    slope = treatment.max(axis=1) if binary else np.polyfit(years, treatment.T, 1)[0]
    path = np.outer(slope, years)
    return path - path.mean()


def _growth(scaffold: Scaffold, drawn: Covariates, designs: dict[str, Design]) -> Listed:
    """Yield a rise over the years in proportion to exp(size), less what regressions would take for an effect."""
    larger, since = np.exp(drawn.size), scaffold.years - scaffold.years[0]
    path = np.outer(larger / larger.mean(), since / since[-1]).ravel()
    along = treatment_space(designs, drawn.of_treatment)
    yield "growth with size", "growth", "", (path - along @ (along.T @ path)).reshape(scaffold.shape)


def _residuals(study: StudyFile, scaffold: Scaffold, designs: dict[str, Design]) -> Listed:
    """Yield, for each target, its regressor (for a constant: the controls, weighted by their means) net of all else.

    Only its own regression sees that: the cheapest direction, in units of outcome, to move one coefficient.
    """
    for target in study.targets:
        if not study.columns[target.column].instrument and not target.term.startswith("event "):
            row = within(designs[target.column].row(target.term).reshape(scaffold.shape), "unit")
            yield f"residual of {target.term} in {target.column}", "residuals", "", row / row.std()
