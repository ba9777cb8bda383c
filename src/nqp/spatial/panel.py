"""From a long frame to balanced arrays in the order of the weights, and the within transformations."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from nqp.data.panels import balanced_panel, some
from nqp.spatial.weights import SpatialError, Weights, align

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
    PanelError
        As `nqp.data.panels.balanced_panel`.
    SpatialError
        If the units are not those of the weights.
    """
    panel = balanced_panel(frame, [outcome, *regressors], unit, time)
    aligned = align(weights, panel.units)
    values = panel.cube
    return Panel(values[..., 0], values[..., 1:], tuple(regressors), aligned.ids, tuple(panel.times), aligned)


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
