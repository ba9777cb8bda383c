"""From a long frame to balanced arrays in the order of the weights."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nqp.panel import balanced_panel
from nqp.spatial.weights import Weights, align


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
        As `nqp.panel.balanced_panel`.
    SpatialError
        If the units are not those of the weights.
    """
    panel = balanced_panel(frame, [outcome, *regressors], unit, time)
    aligned = align(weights, panel.units)
    values = panel.cube
    return Panel(values[..., 0], values[..., 1:], tuple(regressors), aligned.ids, tuple(panel.times), aligned)
