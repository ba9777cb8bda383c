"""Covariates under which a short and a long regression of the paper can both hold.

A short regression's coefficient is the long one's plus the omitted variables' coefficients times their regression
on what is left (the omitted-variable identity). It holds exactly in any sample, so printed short and long columns
put conditions on the covariates themselves, whatever the outcome is.
"""

from collections.abc import Callable

import numpy as np
from scipy.optimize import least_squares

from nqp.twin.regressions import Values, build_design
from nqp.twin.scaffold import Scaffold
from nqp.twin.study_file import StudyFile, TwinError


def omitted_part(study: StudyFile, column: str, treated: np.ndarray, values: Values) -> np.ndarray:
    """Return what a long column adds: its extra terms times their printed coefficients (N, T)."""
    printed = {t.term: t.value for t in study.targets if t.column == column}
    prefix = f"{study.treatments[0]}x"
    part = np.zeros_like(treated)
    for term in study.columns[column].terms[1:]:
        base = values[term.removeprefix(prefix)]
        part += printed[term] * (treated * (base - base.mean()) if term.startswith(prefix) else base)
    return part


def identity_gap(study: StudyFile, scaffold: Scaffold, values: Values, column: str) -> np.ndarray:
    """Return by how much treatment effect and constant of a long column miss the short one's, given covariates."""
    short, treatment = study.declared.consistency.short, study.treatments[0]
    design = build_design(study.columns[short], study, scaffold, values)
    part = omitted_part(study, column, values[treatment], values).ravel()
    gaps = []
    for term in (treatment, study.declared.constant):
        printed = {t.column: t.value for t in study.targets if t.term == term}
        gaps.append(design.row(term) @ part - (printed[short] - printed[column]))
    return np.array(gaps)


def consistent_moderator(study: StudyFile, scaffold: Scaffold, values: Values, name: str) -> np.ndarray:
    """Return a moderator plus the multiples of treatment and of one control's movement that close its column's gap.

    The gap is linear in both multiples, so this is exact. The mean stays as it was.
    """
    spec, treated = study.declared.consistency, values[study.treatments[0]]
    anchor, mean = values[spec.anchor], values[name].mean()
    anchor = anchor - anchor.mean(axis=1, keepdims=True)

    def adjusted(multiples: np.ndarray) -> np.ndarray:
        moved = values[name] + multiples[0] * treated + multiples[1] * anchor
        return moved - moved.mean() + mean

    def gap(multiples: np.ndarray) -> np.ndarray:
        return identity_gap(study, scaffold, {**values, name: adjusted(multiples)}, spec.moderators[name])

    start = gap(np.zeros(2))
    slopes = np.column_stack([gap(unit) - start for unit in np.eye(2)])
    return adjusted(np.linalg.solve(slopes, -start))


def consistent_loadings(
    study: StudyFile, scaffold: Scaffold, redraw: Callable[[np.ndarray], Values]
) -> np.ndarray:
    """Return loadings of two controls on the other policies that close the gap of the column with policies.

    Parameters
    ----------
    redraw : gives all covariates for given loadings

    Raises
    ------
    TwinError
        When no loadings do, with what is left.
    """
    spec = study.declared.consistency

    def gap(loadings: np.ndarray) -> np.ndarray:
        return identity_gap(study, scaffold, redraw(loadings), spec.column) * [100, 1]

    found = least_squares(gap, spec.start, xtol=1e-15, ftol=1e-15, gtol=1e-15)
    if np.abs(found.fun).max() > 1e-9:
        raise TwinError(
            f"{spec.column}: no loadings of the controls on the other policies make it agree with the short column;"
            f" left over {found.fun[0] / 100:+.6f} (treatment) and {found.fun[1]:+.6f} (constant)"
        )
    return found.x
