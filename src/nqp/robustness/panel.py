"""Balanced panels as arrays: sorting, checks, two-way demeaning, adoption dates."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

TOLERANCE = 1e-9
"""Share of a variable's own sum of squares below which what is left of it counts as nothing."""


class DesignError(ValueError):
    """The data cannot carry the design that was asked of them; the message says why and what to do."""


@dataclass(frozen=True)
class Panel:
    """A balanced panel, sorted by unit and time.

    Attributes
    ----------
    units, times : sorted labels, lengths N and T
    values : array (variables, N, T)
    names : the variables, in the order of `values`
    """

    units: np.ndarray
    times: np.ndarray
    values: np.ndarray
    names: tuple[str, ...]

    def __getitem__(self, name: str) -> np.ndarray:
        """Return one variable as an N x T array."""
        return self.values[self.names.index(name)]


def some(labels: Sequence[object], most: int = 5) -> str:
    """Write the first few labels, and how many more there are."""
    shown = ", ".join(str(label) for label in list(labels)[:most])
    return shown if len(labels) <= most else f"{shown} and {len(labels) - most} more"


def require_columns(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Refuse a frame that lacks a column, or holds missing or infinite values in a numeric one."""
    if absent := [name for name in columns if name not in frame.columns]:
        raise DesignError(f"the frame has no column {some(absent)}; it has {some(list(frame.columns), 12)}")
    numeric = frame[list(columns)].select_dtypes("number")
    bad = [str(name) for name in columns if frame[name].isna().any()]
    bad += [str(name) for name in numeric if name not in bad and not np.isfinite(numeric[name]).all()]
    if bad:
        raise DesignError(f"missing or infinite values in {some(bad)}: drop or fill them before estimation")


def balanced_panel(frame: pd.DataFrame, variables: Sequence[str], unit: str, time: str) -> Panel:
    """Sort a long frame by unit and time and return its variables as N x T arrays.

    Rows may come in any order. Raises DesignError naming the units when a unit-period is repeated or absent.
    """
    require_columns(frame, [unit, time, *variables])
    frame = frame.sort_values([unit, time], ignore_index=True)
    repeated = frame.loc[frame.duplicated([unit, time]), unit].unique()
    if len(repeated):
        raise DesignError(f"{unit} {some(repeated)}: more than one row in the same {time}; keep one row each")
    units, times = np.sort(frame[unit].unique()), np.sort(frame[time].unique())
    if len(frame) != len(units) * len(times):
        rows = frame.groupby(unit).size()
        gaps = rows.index[rows < len(times)]
        raise DesignError(
            f"the panel is not balanced: {unit} {some(gaps)} lack some of the {len(times)} periods."
            " Keep the periods or the units that are complete, and say so"
        )
    values = frame[list(variables)].to_numpy(dtype=float).T.reshape(len(variables), len(units), len(times))
    return Panel(units, times, np.ascontiguousarray(values), tuple(variables))


def two_way_demean(values: np.ndarray) -> np.ndarray:
    """Take unit and period means out of an array (..., N, T) of a balanced panel."""
    unit_mean = values.mean(axis=-1, keepdims=True)
    period_mean = values.mean(axis=-2, keepdims=True)
    return values - unit_mean - period_mean + values.mean(axis=(-2, -1), keepdims=True)


def orthonormal_controls(panel: Panel, controls: Sequence[str]) -> np.ndarray:
    """Return an orthonormal basis, (N*T) x K, of the two-way demeaned controls.

    Raises DesignError naming a control that the effects absorb or that the controls before it explain.
    """
    count = panel.values[0].size
    basis = np.empty((count, len(controls)))
    for k, name in enumerate(controls):
        left = two_way_demean(panel[name]).ravel()
        size = np.square(panel[name] - panel[name].mean()).sum()
        if left @ left <= TOLERANCE * size or size == 0:
            raise DesignError(f"control {name} is absorbed by the unit and period effects: leave it out")
        size = left @ left
        for _ in range(2):  # twice is enough for an orthogonal basis (Kahan)
            left = left - basis[:, :k] @ (basis[:, :k].T @ left)
        if left @ left <= TOLERANCE * size:
            raise DesignError(f"control {name} is collinear with {some(list(controls[:k]))}: leave one out")
        basis[:, k] = left / np.sqrt(left @ left)
    return basis


def require_varying_treatment(panel: Panel, treatment: str) -> None:
    """Refuse a treatment that unit and period effects absorb."""
    values = panel[treatment]
    left = np.square(two_way_demean(values)).sum()
    if left <= TOLERANCE * np.square(values - values.mean()).sum():
        what = "is constant within the panel" if np.ptp(values) == 0 else "is absorbed by the two-way effects"
        raise DesignError(f"treatment {treatment} {what}: its effect is not identified")


def adoption(panel: Panel, treatment: str) -> np.ndarray:
    """Return each unit's first treated period as a position 1..T-1; never-treated units have T.

    Raises DesignError unless the treatment is 0/1, stays on once on, varies, and starts after the first
    period in every treated unit.
    """
    values = panel[treatment]
    if not np.isin(values, (0.0, 1.0)).all():
        raise DesignError(f"treatment {treatment} must be 0 or 1 in every row")
    require_varying_treatment(panel, treatment)
    reversed_ = panel.units[(np.diff(values, axis=1) < 0).any(axis=1)]
    if len(reversed_):
        raise DesignError(
            f"treatment {treatment} switches off in units {some(reversed_)}: it must stay on once on"
        )
    always = panel.units[values[:, 0] == 1]
    if len(always):
        raise DesignError(
            f"units {some(always)} are treated in the first period {panel.times[0]}: they have no period before"
            " treatment. Leave them out, or start the panel earlier"
        )
    return np.where(values.any(axis=1), values.argmax(axis=1), len(panel.times))


def require_never_treated(first: np.ndarray, periods: int, treatment: str) -> None:
    """Refuse a panel in which every unit is treated in the end."""
    if not (first == periods).any():
        raise DesignError(
            f"no unit is never treated: {treatment} reaches every unit, so nothing is left to compare"
        )
