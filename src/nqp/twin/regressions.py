"""Every regression of the paper as linear functionals of the outcome: coefficient = row of numbers times y."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.linalg import orth

from nqp.papers import suggest
from nqp.twin.covariates import Values
from nqp.twin.declared import Spec, TwinError
from nqp.twin.rules import where
from nqp.twin.scaffold import Scaffold
from nqp.twin.study_file import StudyFile


@dataclass(frozen=True)
class Design:
    """One regression, ready for any outcome.

    Attributes
    ----------
    column : its declaration
    names : terms, controls, perhaps year dummies, and the constant last
    functional : array (len(names), N T)
        ``functional @ y`` are the coefficients; y is unit-major and not transformed.
    rows : array of bool (N T,)
    """

    column: Spec
    names: tuple[str, ...]
    functional: np.ndarray
    rows: np.ndarray

    def row(self, term: str) -> np.ndarray:
        """Return the functional of one coefficient, or say which there are."""
        if term not in self.names:
            raise TwinError(f"{self.column.name} has no coefficient {term!r}; it has {', '.join(self.names)}")
        return self.functional[self.names.index(term)]


def build_designs(study: StudyFile, scaffold: Scaffold, values: Values) -> dict[str, Design]:
    """Return the designs of every column that the study file declares."""
    return {name: build_design(column, study, scaffold, values) for name, column in study.columns.items()}


def treatment_space(designs: dict[str, Design], of_treatment: frozenset[str]) -> np.ndarray:
    """Return an orthonormal basis (N T, k) of all that the regressions read a coefficient of a treatment from."""
    rows = [d.row(term) for d in designs.values() for term in d.column.terms if term in of_treatment]
    return orth(np.array([row / np.linalg.norm(row) for row in rows]).T)


def build_design(column: Spec, study: StudyFile, scaffold: Scaffold, values: Values) -> Design:
    """Residualise the regressors of one column and write its coefficients as functionals of the outcome."""
    n, t = scaffold.shape
    rows = row_mask(column.rows, study, scaffold, values).ravel()
    unit = np.repeat(np.arange(n), t)[rows]
    year = np.tile(np.arange(t), n)[rows]
    names = (*column.terms, *column.controls)
    for name in names:
        if name not in values:
            said = f"unknown term {name!r}{suggest(name, values)}; there are {', '.join(values)}"
            raise study.mistake(f"columns: {column.name}", said)
    terms = [values[name].ravel()[rows] for name in names]
    within = _demean_by(unit)
    if column.effects == "unit+year":
        later = np.unique(year)[1:]
        terms += [(year == k).astype(float) for k in later]
        names = (*names, *(f"year {scaffold.years[k]}" for k in later))
    elif column.effects == "unit+province-year":
        within = _demean_twoway(unit, scaffold.province[unit], year)
    raw = np.column_stack(terms)
    x = within(raw)
    z = x
    if column.instrument:
        z = x.copy()
        z[:, 0] = within(values[column.instrument].ravel()[rows])
    slopes = np.linalg.solve(z.T @ x, z.T)
    functional = np.zeros((len(names) + 1, n * t))
    functional[:-1, rows] = slopes
    functional[-1, rows] = 1 / rows.sum() - raw.mean(axis=0) @ slopes
    functional = _net_of_lag(functional, column, study, scaffold)
    return Design(column, (*names, study.declared.constant), functional, rows)


def _net_of_lag(functional: np.ndarray, column: Spec, study: StudyFile, scaffold: Scaffold) -> np.ndarray:
    if not column.rho:
        return functional
    rho, w = study.value(column.rho), scaffold.weights
    cube = functional.reshape(-1, *scaffold.shape)
    lagged = np.stack([w.T @ layer for layer in cube])
    return (cube - rho * lagged).reshape(functional.shape)


def row_mask(rows: str, study: StudyFile, scaffold: Scaffold, values: Values) -> np.ndarray:
    """Return which unit-years (N, T) belong to a subsample, or to ``all``."""
    if rows == "all":
        return np.ones(scaffold.shape, bool)
    declared = study.declared.subsamples
    place = f"data/papers/{study.slug}/twin.yml, subsamples: {rows}"
    return np.broadcast_to(where(declared[rows], scaffold.columns | values, declared, place), scaffold.shape)


def _demean_by(group: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    codes = np.unique(group, return_inverse=True)[1]
    size = np.bincount(codes)

    def demean(values: np.ndarray) -> np.ndarray:
        table = values.reshape(len(values), -1)
        means = np.stack([np.bincount(codes, column) for column in table.T], axis=1) / size[:, None]
        return (table - means[codes]).reshape(values.shape)

    return demean


def _demean_twoway(
    unit: np.ndarray, province: np.ndarray, year: np.ndarray
) -> Callable[[np.ndarray], np.ndarray]:
    """Take out unit and province-by-year effects; one round is exact when each province is a balanced block."""
    by_unit, by_cell = _demean_by(unit), _demean_by(province * (year.max() + 1) + year)
    return lambda values: by_cell(by_unit(values))
