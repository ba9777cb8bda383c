"""Unit and time means taken out, and regressors of which nothing is left refused by name."""

from collections.abc import Iterable, Sequence
from typing import Literal, TypeVar

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from nqp.panel.frames import PanelError, some

Columns = TypeVar("Columns", np.ndarray, pd.DataFrame)
Effects = Literal["two-way", "unit", "time", "none"]
one_thread = threadpool_limits.wrap(limits=1)  # more would sum in another order and change the last bits
NOTHING = 1e-16
"""Share of a variable's own sum of squares below which what is left of it counts as nothing."""


def within(values: np.ndarray, effects: Effects = "two-way", axes: tuple[int, int] = (-2, -1)) -> np.ndarray:
    """Take means of units and periods, of one of them, or neither out of a balanced array.

    `axes` says which axis runs over units and which over periods.
    """
    unit, time = axes
    if effects in ("two-way", "unit"):
        values = values - values.mean(axis=time, keepdims=True)
    if effects in ("two-way", "time"):
        values = values - values.mean(axis=unit, keepdims=True)
    return values


def net_of(values: Columns, *effects: Iterable[object]) -> Columns:
    """Take group effects out of the columns (n x K, no gaps) of a long frame or array, balanced or not.

    These are residuals on a dummy for every label (of units, periods or other groups) of every effect, by alternating
    projections until means are below 1e-13 of the spread: one round in a balanced panel. Effects on which it does not
    settle are refused. Without any, the mean is taken out.
    """
    out = np.array(values, dtype=float)
    out -= out.mean(axis=0)
    codes = [pd.factorize(pd.Series(effect))[0] for effect in effects]
    limit = 1e-13 * (np.abs(out).max(axis=0, initial=0) + np.finfo(float).tiny)
    for _ in range(10_000):
        largest = np.zeros(out.shape[1])
        for code in codes:
            means = np.column_stack([np.bincount(code, weights=column) for column in out.T])
            means /= np.bincount(code)[:, None]
            out -= means[code]
            largest = np.maximum(largest, np.abs(means).max(axis=0))
        if (largest <= limit).all():
            framed = isinstance(values, pd.DataFrame)
            return pd.DataFrame(out, values.index, values.columns) if framed else out
    raise PanelError("taking the effects out did not converge: units and periods are barely connected")


def orthonormal(net: np.ndarray, raw: np.ndarray, names: Sequence[str], effects: str) -> np.ndarray:
    """Orthonormalise in their order the columns (n x K) that effects or a constant have left of `raw` regressors.

    A PanelError refuses by its name a column of which the effects leave nothing, or that the columns before it explain,
    and more columns than rows carry.
    """
    if len(names) and len(net) <= len(names):
        raise PanelError(f"{len(net)} observations cannot carry {len(names)} coefficients: {some(names)}")
    sizes, left = np.square(raw - raw.mean(axis=0)).sum(axis=0), np.square(net).sum(axis=0)
    basis, triangle = np.linalg.qr(net)
    for k, name in enumerate(names):
        if left[k] <= NOTHING * sizes[k]:
            raise PanelError(f"{name} is absorbed by {effects}: leave it out")
        if triangle[k, k] ** 2 <= NOTHING * left[k]:
            raise PanelError(f"{name} is collinear with {some(names[:k])}: leave one out")
    return basis * np.sign(np.diag(triangle))
