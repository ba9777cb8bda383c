"""Every regression of the paper as linear functionals of the outcome: coefficient = row of numbers times y."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nqp.twin.scaffold import Scaffold
from nqp.twin.study_file import Column, StudyFile, TwinError


@dataclass(frozen=True)
class Design:
    """One regression, ready for any outcome.

    Attributes
    ----------
    column : its declaration
    names : terms, controls, perhaps year dummies, and ``Constant`` last
    functional : array (len(names), N T)
        ``functional @ y`` are the coefficients; y is unit-major and not transformed.
    x : array (rows, len(names) - 1)
        Regressors net of the absorbed effects, on the rows used.
    rows : array of bool (N T,)
    city : array (rows,)
    within : function
        Takes the absorbed effects out of a vector over the rows used.
    net_of_lag : function
        What is done to y before anything else: nothing, or y - rho W y.
    """

    column: Column
    names: tuple[str, ...]
    functional: np.ndarray
    x: np.ndarray
    rows: np.ndarray
    city: np.ndarray
    within: Callable[[np.ndarray], np.ndarray]
    net_of_lag: Callable[[np.ndarray], np.ndarray]

    def row(self, term: str) -> np.ndarray:
        """Return the functional of one coefficient, or say which there are."""
        if term not in self.names:
            raise TwinError(f"{self.column.name} has no coefficient {term!r}; it has {', '.join(self.names)}")
        return self.functional[self.names.index(term)]


def build_designs(study: StudyFile, scaffold: Scaffold, values: dict[str, np.ndarray]) -> dict[str, Design]:
    """Return the designs of every column that the study file declares."""
    return {name: build_design(column, study, scaffold, values) for name, column in study.columns.items()}


def build_design(
    column: Column, study: StudyFile, scaffold: Scaffold, values: dict[str, np.ndarray]
) -> Design:
    """Residualise the regressors of one column and write its coefficients as functionals of the outcome."""
    n, t = scaffold.shape
    rows = row_mask(column.rows, study, scaffold, values).ravel()
    city = np.repeat(np.arange(n), t)[rows]
    year = np.tile(np.arange(t), n)[rows]
    terms = [values[name].ravel()[rows] for name in (*column.terms, *study.controls)]
    if column.effects == "city+year":
        later = np.unique(year)[1:]
        terms += [(year == k).astype(float) for k in later]
        names = (*column.terms, *study.controls, *(f"year {scaffold.years[k]}" for k in later))
        within = _demean_by(city)
    else:
        names = (*column.terms, *study.controls)
        within = _demean_twoway(city, scaffold.province[city], year)
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
    functional, net = _net_of_lag(functional, column, study, scaffold)
    return Design(column, (*names, "Constant"), functional, x, rows, city, within, net)


def _net_of_lag(
    functional: np.ndarray, column: Column, study: StudyFile, scaffold: Scaffold
) -> tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]:
    if not column.rho:
        return functional, lambda y: y
    n, t = scaffold.shape
    rho, w = study.value(column.rho), scaffold.weights
    cube = functional.reshape(-1, n, t)
    lagged = np.stack([w.T @ layer for layer in cube])
    net = (cube - rho * lagged).reshape(functional.shape)
    return net, lambda y: y - rho * (w @ y.reshape(n, t)).ravel()


def row_mask(rows: str, study: StudyFile, scaffold: Scaffold, values: dict[str, np.ndarray]) -> np.ndarray:
    """Return which city-years (N, T) a column uses."""
    north = np.broadcast_to(scaffold.cities["north"].to_numpy()[:, None] == 1, scaffold.shape)
    split = values[study.declared["split"]["variable"]]
    high = split > split.mean(axis=0)
    if rows.startswith("until "):
        return np.broadcast_to(scaffold.years <= int(rows.split()[1]), scaffold.shape)
    masks = {
        "all": np.ones(scaffold.shape, bool),
        "north": north,
        "south": ~north,
        "high": high,
        "low": ~high,
    }
    if rows not in masks:
        raise TwinError(f"unknown rows {rows!r}; use {', '.join(masks)} or `until YEAR`")
    return masks[rows]


def _demean_by(group: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    codes = np.unique(group, return_inverse=True)[1]
    size = np.bincount(codes)

    def demean(values: np.ndarray) -> np.ndarray:
        table = values.reshape(len(values), -1)
        means = np.stack([np.bincount(codes, column) for column in table.T], axis=1) / size[:, None]
        return (table - means[codes]).reshape(values.shape)

    return demean


def _demean_twoway(
    city: np.ndarray, province: np.ndarray, year: np.ndarray
) -> Callable[[np.ndarray], np.ndarray]:
    """Take out city and province-by-year effects; one round is exact when each province is a balanced block."""
    by_city, by_cell = _demean_by(city), _demean_by(province * (year.max() + 1) + year)
    return lambda values: by_cell(by_city(values))


@dataclass(frozen=True)
class Estimates:
    """Coefficients, clustered standard errors (Stata's small-sample factor) and R2 of one regression."""

    coefficients: dict[str, float]
    std_errors: dict[str, float]
    r2: float


def estimate(design: Design, y: np.ndarray) -> Estimates:
    """Estimate one column on an outcome (N T,): standard errors clustered by city, R2 by the column's convention."""
    b = design.functional @ y
    net = design.net_of_lag(y)[design.rows]
    inner = design.within(net)
    residual = inner - design.x @ b[:-1]
    scores = (_raw_functional(design)[:, design.rows] * residual).T
    sums = np.stack([np.bincount(design.city, s) for s in scores.T], axis=1)
    groups, used, k = len(np.unique(design.city)), len(residual), design.x.shape[1] + 1
    factor = groups / (groups - 1) * (used - 1) / (used - k)
    errors = np.sqrt(factor * (sums**2).sum(axis=0))
    total = inner if design.column.effects == "city+year" else net - net.mean()
    return Estimates(
        dict(zip(design.names, b, strict=True)),
        dict(zip(design.names, errors, strict=True)),
        float(1 - residual @ residual / (total @ total)),
    )


def _raw_functional(design: Design) -> np.ndarray:
    """Return the functionals before any spatial lag was taken, for the scores."""
    if not design.column.rho:
        return design.functional
    slopes = np.linalg.pinv(design.x)
    out = np.zeros_like(design.functional)
    out[:-1, design.rows] = slopes
    return out
