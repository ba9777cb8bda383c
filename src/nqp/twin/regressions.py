"""Every regression of the paper as linear functionals of the outcome: coefficient = row of numbers times y."""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import orth

from nqp.panel import net_of
from nqp.twin.covariates import Values
from nqp.twin.declared import Spec, TwinError
from nqp.twin.rules import where
from nqp.twin.scaffold import Scaffold
from nqp.twin.study_file import StudyFile


@dataclass(frozen=True)
class Design:
    """One declared regression: ``functional @ y`` (y unit-major) are its terms, controls and constant, as `names`."""

    column: Spec
    names: tuple[str, ...]
    functional: np.ndarray

    def row(self, term: str) -> np.ndarray:
        """Return the functional of one coefficient, or say which there are."""
        if term not in self.names:
            raise TwinError(f"{self.column.name} has no coefficient {term!r}; it has {', '.join(self.names)}")
        return self.functional[self.names.index(term)]


def treatment_space(designs: dict[str, Design], of_treatment: frozenset[str]) -> np.ndarray:
    """Return an orthonormal basis (N T, k) of all that the regressions read a coefficient of a treatment from."""
    rows = [d.row(term) for d in designs.values() for term in d.column.terms if term in of_treatment]
    return orth(np.array([row / np.linalg.norm(row) for row in rows]).T)


def build_design(column: Spec, study: StudyFile, scaffold: Scaffold, values: Values) -> Design:
    """Residualise the regressors of one column and write its coefficients as functionals of the outcome."""
    n, t = scaffold.shape
    rows = row_mask(column.rows, study, scaffold, values).ravel()
    unit, year = np.repeat(np.arange(n), t)[rows], np.tile(scaffold.years, n)[rows]
    names = (*column.terms, *column.controls)
    study.known(f"columns: {column.name}", "term", names, values)
    terms, effects = [values[name].ravel()[rows] for name in names], [unit]
    if column.effects == "unit+year":
        terms += [(year == later).astype(float) for later in np.unique(year)[1:]]
    elif column.effects == "unit+province-year":
        effects.append(scaffold.province[unit] * (year.max() + 1) + year)
    raw = np.column_stack(terms)
    x = net_of(raw, *effects)
    z = x.copy()
    if column.instrument:
        z[:, :1] = net_of(values[column.instrument].reshape(-1, 1)[rows], *effects)
    slopes = np.linalg.solve(z.T @ x, z.T)
    functional = np.zeros((len(names) + 1, n * t))
    functional[:-1, rows] = slopes[: len(names)]
    functional[-1, rows] = 1 / rows.sum() - raw.mean(axis=0) @ slopes
    if column.rho:  # a regression of the outcome less rho times its spatial lag
        lagged = np.stack([scaffold.weights.T @ one.reshape(n, t) for one in functional])
        functional -= study.value(column.rho) * lagged.reshape(functional.shape)
    return Design(column, (*names, study.declared.constant), functional)


def row_mask(rows: str, study: StudyFile, scaffold: Scaffold, values: Values) -> np.ndarray:
    """Return which unit-years (N, T) belong to a subsample, or to ``all``."""
    if rows == "all":
        return np.ones(scaffold.shape, bool)
    chosen = where(study.declared.subsamples[rows], scaffold.columns | values, study, f"subsamples: {rows}")
    return np.broadcast_to(chosen, scaffold.shape)
