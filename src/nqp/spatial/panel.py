"""From a long frame to balanced arrays in the order of the weights, and the within transformations."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from nqp.spatial.weights import SpatialError, Weights, align, some

Effects = Literal["two-way", "unit", "time", "none"]
COLLINEAR = 1e-11


@dataclass(frozen=True)
class Panel:
    """A balanced panel as arrays: `y` (N, T), `x` (N, T, K), units in the order of the weights."""

    y: np.ndarray
    x: np.ndarray
    names: tuple[str, ...]
    units: tuple[Hashable, ...]
    times: tuple[Hashable, ...]
    weights: Weights


def read_panel(
    frame: pd.DataFrame, outcome: str, regressors: Sequence[str], weights: Weights, unit: str, time: str
) -> Panel:
    """Sort, check and reshape a long frame; refuse what would make row order or gaps matter.

    Raises
    ------
    SpatialError
        If a column is absent or not numeric, a value is missing, a unit-time pair repeats, the panel is not
        balanced, or the units are not those of the weights. The message names variables or units.
    """
    columns = [outcome, *regressors]
    _check_columns(frame, [unit, time, *columns], columns)
    keys = frame[[unit, time]]
    if keys.isna().any(axis=None):
        raise SpatialError(f"{keys.isna().any(axis=1).sum()} rows have no {unit} or no {time}: fill them in.")
    if keys.duplicated().any():
        twice = keys[keys.duplicated()].astype(str).agg(" in ".join, axis=1)
        raise SpatialError(
            f"more than one row for {some(twice)}. A panel has one row for each {unit} and {time}."
        )
    times = sorted(frame[time].unique())
    counts = frame.groupby(unit, sort=True)[time].size()
    short = counts.index[counts < len(times)]
    if len(short):
        raise SpatialError(
            f"the panel is not balanced: of {len(times)} periods, {some(short)} lack at least one."
            " Spatial lags need every unit in every period: complete these units, or drop them and build"
            " the weights without them."
        )
    aligned = align(weights, tuple(counts.index))
    ordered = frame.sort_values([unit, time])
    values = ordered[columns].to_numpy(float).reshape(len(counts), len(times), len(columns))
    return Panel(values[..., 0], values[..., 1:], tuple(regressors), aligned.ids, tuple(times), aligned)


def within(values: np.ndarray, effects: Effects) -> np.ndarray:
    """Remove unit and/or time means from a balanced array whose first axes are units and periods."""
    if effects in ("two-way", "unit"):
        values = values - values.mean(axis=1, keepdims=True)
    if effects in ("two-way", "time"):
        values = values - values.mean(axis=0, keepdims=True)
    return values


def check_rank(raw: np.ndarray, transformed: np.ndarray, names: Sequence[str], effects: Effects) -> None:
    """Refuse regressors that the effects absorb or that are combinations of others; name them.

    Both arrays have shape (n, K): the columns before and after the effects are removed.
    """
    if not names:
        return
    if transformed.shape[0] <= transformed.shape[1]:
        raise SpatialError(
            f"{transformed.shape[0]} observations cannot carry {len(names)} coefficients: {some(names)}."
        )
    size = np.linalg.norm(raw, axis=0)
    left = np.linalg.norm(transformed, axis=0)
    gone = [
        name for name, before, after in zip(names, size, left, strict=True) if after <= COLLINEAR * before
    ]
    if gone:
        raise SpatialError(
            f"{some(gone)}: no variation is left once the {effects} effects are removed."
            " Drop these regressors (and do not lag them), or choose other effects."
        )
    scaled = transformed / left
    # plain Gram-Schmidt order (no pivoting), so that the later of two collinear columns is the one named
    diagonal = np.abs(np.diag(np.linalg.qr(scaled, mode="r")))
    twins = [name for name, value in zip(names, diagonal, strict=True) if value < 1e-8]
    if twins:
        raise SpatialError(
            f"{some(twins)}: collinear with the regressors before it, once the {effects} effects are removed."
            " Drop it, or leave it out of `durbin` if only its spatial lag is meant."
        )


def _check_columns(frame: pd.DataFrame, needed: Sequence[str], numeric: Sequence[str]) -> None:
    absent = [column for column in needed if column not in frame.columns]
    if absent:
        raise SpatialError(f"the frame has no column {some(absent)}.")
    repeated = [column for column in set(numeric) if list(numeric).count(column) > 1]
    if repeated:
        raise SpatialError(f"{some(sorted(repeated))}: named more than once among outcome and regressors.")
    text = [column for column in numeric if not pd.api.types.is_numeric_dtype(frame[column])]
    if text:
        raise SpatialError(f"{some(text)}: not numeric. Recode before estimation.")
    bare = frame[list(numeric)].to_numpy(float)
    missing = [column for column, bad in zip(numeric, ~np.isfinite(bare).all(axis=0), strict=True) if bad]
    if missing:
        raise SpatialError(
            f"missing or infinite values in {some(missing)}. A dropped row would leave a hole in every"
            " neighbour's lag: fill the values, or drop whole units and rebuild the weights."
        )
