"""Balanced panels as arrays: sorting, checks, two-way demeaning, adoption dates."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nqp.robustness.errors import DesignError, require_binary, require_columns, some
from nqp.robustness.orthogonal import TOLERANCE, orthonormal


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


def balanced_panel(frame: pd.DataFrame, variables: Sequence[str], unit: str, time: str) -> Panel:
    """Sort a long frame by unit and time and return its variables as N x T arrays.

    Rows may come in any order. Raises DesignError naming the units when a unit-period is repeated or absent.
    """
    require_columns(frame, [unit, time, *variables])
    units, row = np.unique(frame[unit].to_numpy(), return_inverse=True)
    times, column = np.unique(frame[time].to_numpy(), return_inverse=True)
    place = row * len(times) + column
    rows = np.bincount(place, minlength=len(units) * len(times)).reshape(len(units), len(times))
    repeated, gaps = units[(rows > 1).any(axis=1)], units[(rows == 0).any(axis=1)]
    if len(repeated):
        raise DesignError(f"{unit} {some(repeated)}: more than one row in the same {time}; keep one row each")
    if len(gaps):
        raise DesignError(
            f"the panel is not balanced: {unit} {some(gaps)} lack some of the {len(times)} periods."
            " Keep the periods or the units that are complete, and say so"
        )
    values = np.empty((len(variables), place.size))
    values[:, place] = frame[list(variables)].to_numpy(dtype=float).T
    return Panel(units, times, values.reshape(len(variables), *rows.shape), tuple(variables))


def two_way_demean(values: np.ndarray) -> np.ndarray:
    """Take unit and period means out of an array (..., N, T) of a balanced panel."""
    unit_mean = values.mean(axis=-1, keepdims=True)
    period_mean = values.mean(axis=-2, keepdims=True)
    return values - unit_mean - period_mean + values.mean(axis=(-2, -1), keepdims=True)


def orthonormal_controls(panel: Panel, controls: Sequence[str]) -> np.ndarray:
    """Return an orthonormal basis, (N*T) x K, of the two-way demeaned controls.

    Raises DesignError naming a control that the effects absorb or that the controls before it explain.
    """
    raw = [panel[name] for name in controls]
    left = [two_way_demean(values).ravel() for values in raw]
    count = len(panel.units) * len(panel.times)
    columns = (np.array(values).reshape(len(controls), count).T for values in (left, raw))
    return orthonormal(*columns, [f"control {name}" for name in controls], "the unit and period effects")


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
    require_binary(values, treatment)
    require_varying_treatment(panel, treatment)
    reversed_ = panel.units[(np.diff(values, axis=1) < 0).any(axis=1)]
    if len(reversed_):
        raise DesignError(
            f"treatment {treatment} switches off in units {some(reversed_)}: it must stay on once on"
        )
    always = panel.units[values[:, 0] == 1]
    if len(always):
        raise DesignError(
            f"units {some(always)} are treated in the first period {panel.times[0]}: they have no period"
            " before treatment. Leave them out, or start the panel earlier"
        )
    return np.where(values.any(axis=1), values.argmax(axis=1), len(panel.times))


def require_never_treated(first: np.ndarray, periods: int, treatment: str) -> None:
    """Refuse a panel in which every unit is treated in the end."""
    if not (first == periods).any():
        raise DesignError(
            f"no unit is never treated: {treatment} reaches every unit, so nothing is left to compare"
        )
