"""Long panels: the checks every room makes before it estimates, and balanced panels as arrays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd


class PanelError(ValueError):
    """The data cannot carry what was asked of them; the message says which variables or units and what to do.

    The rooms refuse with subclasses of it what only they ask for, so catching it catches every refusal.
    """


@dataclass(frozen=True)
class Panel:
    """A balanced panel, sorted by unit and time."""

    units: np.ndarray  # sorted labels, N
    times: np.ndarray  # sorted labels, T
    values: np.ndarray  # (variables, N, T)
    names: tuple[str, ...]  # the variables, in the order of `values`

    def __getitem__(self, name: str) -> np.ndarray:
        """Return one variable as an N x T array."""
        return self.values[self.names.index(name)]

    @property
    def cube(self) -> np.ndarray:
        """All variables as one array (N, T, variables), a view of `values`."""
        return np.moveaxis(self.values, 0, -1)


def some(labels: Iterable[object], most: int = 5) -> str:
    """Write the first few labels for a message, and how many more there are."""
    listed = [str(label) for label in labels]
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more


def require_columns(frame: pd.DataFrame, numeric: Sequence[str], keys: Sequence[str] = ()) -> None:
    """Refuse a frame whose columns cannot be used as they are.

    A PanelError names columns that are absent, named twice, hold missing values, or among the numeric variables are not
    numeric or hold infinite ones. Keys (units, periods, clusters) may hold text, and may be among these variables.
    """
    names = list(dict.fromkeys([*numeric, *keys]))
    if absent := [name for name in names if name not in frame.columns]:
        raise PanelError(f"the frame has no column {some(absent)}; it has {some(frame.columns, 20)}")
    twice = [name for name in names if list(numeric).count(name) > 1 or (frame.columns == name).sum() > 1]
    if twice:
        raise PanelError(f"{some(twice)}: named more than once. Give each variable one column and one part")
    text = [name for name in numeric if not pd.api.types.is_numeric_dtype(frame[name])]
    if text:
        raise PanelError(f"{some(text)}: not numeric. Recode before estimation")
    missing = {name: frame[name].isna() for name in names}
    missing |= {name: ~np.isfinite(frame[name].to_numpy(float, na_value=np.nan)) for name in numeric}
    if gaps := [f"{name} ({rows.sum()})" for name, rows in missing.items() if rows.any()]:
        raise PanelError(
            f"missing or infinite values in {some(gaps, 20)} of {len(frame)} rows. Rows are never dropped here:"
            " fill the values, or choose units, periods or variables without gaps (for instance the years in"
            " which all columns are observed)"
        )


def require_unique(frame: pd.DataFrame, unit: str, time: str) -> None:
    """Refuse more than one row for a unit in a period, naming both."""
    twice = frame.loc[frame.duplicated([unit, time]), [unit, time]].drop_duplicates()
    if len(twice):
        pairs = [f"{a} in {b}" for a, b in zip(twice[unit], twice[time], strict=True)]
        raise PanelError(f"more than one row for {some(pairs)}. Keep one row for each {unit} and {time}")


def require_sample(frame: pd.DataFrame, variables: Sequence[str], name: str) -> pd.DataFrame:
    """Return a subsample; refuse by its name one without rows, on which pyfixest ends the process it runs in.

    A PanelError also refuses one in which any of the variables has one value in every row.
    """
    advice = "Split by another rule, or leave out what needs this sample"
    if frame.empty:
        raise PanelError(f"the sample '{name}' has no rows. {advice}")
    if constant := [variable for variable in variables if frame[variable].nunique() < 2]:
        raise PanelError(f"in the sample '{name}' {some(constant)} has one value in all rows. {advice}")
    return frame


def balanced_panel(frame: pd.DataFrame, variables: Sequence[str], unit: str, time: str) -> Panel:
    """Sort a long frame by unit and time and return its variables as arrays; units that lack a period are refused."""
    require_columns(frame, variables, [unit, time])
    require_unique(frame, unit, time)
    # not np.unique, which would forget the order of a categorical that sort_values and groupby follow
    row, units = pd.factorize(frame[unit], sort=True)
    column, times = pd.factorize(frame[time], sort=True)
    present = np.zeros((len(units), len(times)), dtype=bool)
    present[row, column] = True
    gaps = units[~present.all(axis=1)]
    if len(gaps):
        raise PanelError(
            f"the panel is not balanced: {len(gaps)} of {len(units)} units lack some of the {len(times)} periods:"
            f" {some(gaps)}. Keep the units, or the periods, that are complete, and say so"
        )
    values = np.empty((len(variables), *present.shape))
    values[:, row, column] = frame[list(variables)].to_numpy(dtype=float).T
    return Panel(np.asarray(units), np.asarray(times), values, tuple(variables))
