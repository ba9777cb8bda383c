"""Effects by cohort and period against units not yet treated, and their averages (Callaway & Sant'Anna 2021)."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from nqp.baseline.event_study import cohorts
from nqp.panel import PanelError, balanced_panel, some, tidy_rows

Average = Literal["simple", "group", "calendar", "event", "before"]


@dataclass(frozen=True)
class GroupTimeEffects:
    """Effects by cohort and period.

    Attributes
    ----------
    cells : one row an effect: ``cohort, time, n`` (units of the cohort), ``estimate, std_error``
    influence : array (units, cells), the influence of each unit on each effect, sorted by unit
    member : array (units, cells) of bool, whether the unit is of the cell's cohort
    """

    cells: pd.DataFrame
    influence: np.ndarray
    member: np.ndarray

    def average(self, kind: Average = "simple", *, known_sizes: bool = False) -> pd.Series:
        """Return an average with its standard error and normal 95 % interval, as a row of `tidy_rows`.

        Parameters
        ----------
        kind : as in `average_weights`, over effects since treatment; ``before`` is ``event`` over those before it
        known_sizes : take the sizes of cohorts as given. By default the interval counts that they would differ in
            another sample
        """
        early = (self.cells["time"] < self.cells["cohort"]).to_numpy()
        kept = early if kind == "before" else ~early
        cells = self.cells[kept]
        weight, block = _weights(cells, kind)
        weighted = weight * cells["estimate"]
        influence = self.influence[:, kept] @ weight
        if not known_sizes:
            mean = weighted.groupby(block).transform("sum") / weight.groupby(block).transform("sum")
            share = cells["n"] / len(influence)
            influence = influence + self.member[:, kept] @ (weight / share * (cells["estimate"] - mean))
        error = np.sqrt(influence @ influence) / len(influence)
        return tidy_rows(pd.Series([weighted.sum()]), [error]).iloc[0].rename(kind)


def group_time_effects(
    frame: pd.DataFrame, outcome: str, treatment: str, *, unit: str, time: str
) -> GroupTimeEffects:
    """Compare each cohort with units not yet treated, period by period, without covariates.

    From its start g on, a cohort's change since period g - 1 is set against that of units with a start after t
    (Callaway & Sant'Anna 2021, section 2, in sample means); before, its change since t - 1 against that of other units
    with a start after g - 1.

    Parameters
    ----------
    frame : balanced long panel, rows in any order
    outcome : numeric column
    treatment : column of 0 and 1 that never returns to 0. Units that are never treated serve as controls throughout;
        leave their rows out for a comparison among treated units alone. A cell without controls is left out, such
        as the last cohort's where no unit is never treated
    unit, time : column names

    Raises
    ------
    PanelError, ValueError
        For a panel with gaps, a treatment that ends, units treated in the first period (named), or no comparison.
    """
    panel = balanced_panel(frame, [outcome, treatment], unit, time)
    first = cohorts(frame, treatment, unit=unit, time=time).groupby(frame[unit]).first().reindex(panel.units)
    if len(always := panel.units[(first == panel.times[0]).to_numpy()]):
        raise PanelError(
            f"{unit} {some(always)} are treated in the first period {panel.times[0]}: leave them out"
        )
    start = np.searchsorted(panel.times, first.fillna(np.inf))
    wide, rows, influences = panel[outcome], [], []
    for g in np.unique(start[start < len(panel.times)]):
        for t in range(1, len(panel.times)):
            controls = (start > max(t, g - 1)) & (start != g)
            if controls.any():
                change = wide[:, t] - wide[:, g - 1 if t >= g else t - 1]
                estimate, influence = _difference(change, start == g, controls)
                error = np.sqrt(influence @ influence) / len(start)
                rows.append((panel.times[g], panel.times[t], (start == g).sum(), estimate, error))
                influences.append(influence)
    if not rows:
        raise PanelError(f"no comparison: {treatment} begins in no two different periods, or never")
    cells = pd.DataFrame(rows, columns=["cohort", "time", "n", "estimate", "std_error"])
    member = first.to_numpy()[:, None] == cells["cohort"].to_numpy()
    return GroupTimeEffects(cells, np.column_stack(influences), member)


def average_weights(cells: pd.DataFrame, kind: Average) -> np.ndarray:
    """Return the weights of effects by cohort and period in an average; they sum to one.

    Parameters
    ----------
    cells : columns ``cohort, time, n``, treated cells only
    kind : ``simple``, the mean treated unit-period; ``group``, the mean unit of its cohort's mean over periods;
        ``calendar``, the mean of periods; ``event``, the mean of periods since treatment (section 3 of the paper)
    """
    return _weights(cells, kind)[0].to_numpy()


def _weights(cells: pd.DataFrame, kind: Average) -> tuple[pd.Series, pd.Series]:
    """Return weights, and the blocks within which they follow the sizes of cohorts; blocks count the same."""
    size = cells["n"] / (cells.groupby("cohort")["n"].transform("size") if kind == "group" else 1)
    since = cells["time"] - cells["cohort"]
    block = {"calendar": cells["time"], "event": since, "before": since}.get(kind, 0 * since)
    return size / size.groupby(block).transform("sum") / block.nunique(), block


def _difference(change: np.ndarray, treated: np.ndarray, controls: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the difference in mean change of two groups, and each unit's influence on it."""
    means = [change[group].mean() for group in (treated, controls)]
    parts = [
        np.where(group, (change - mean) * len(change) / group.sum(), 0.0)
        for group, mean in zip((treated, controls), means, strict=True)
    ]
    return means[0] - means[1], parts[0] - parts[1]
