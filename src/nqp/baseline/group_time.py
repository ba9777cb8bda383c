"""Effects by cohort and period against units not yet treated, and their averages (Callaway & Sant'Anna 2021)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nqp.baseline.event_study import cohorts
from nqp.panel import PanelError, balanced_panel, some, tidy_rows


@dataclass(frozen=True)
class GroupTimeEffects:
    """Effects by cohort and period: `cells` has ``cohort, time, n`` (units of the cohort), ``estimate, std_error``.

    `influence` and `member` are arrays (units, cells): each unit's influence, and whether it is of the cell's cohort.
    """

    cells: pd.DataFrame
    influence: np.ndarray
    member: np.ndarray

    def average(self, kind: str = "simple", *, known_sizes: bool = False) -> pd.Series:
        """Return an average with its standard error and normal 95 % interval, as a row of `tidy_rows`.

        `kind` is as in `average_weights`, over effects since treatment; ``before`` is ``event`` over those before.
        Unless `known_sizes`, the interval counts that cohorts would have other sizes in another sample.
        """
        early = (self.cells["time"] < self.cells["cohort"]).to_numpy()
        kept = early if kind == "before" else ~early
        cells = self.cells[kept]
        weight, block = average_weights(cells, kind), _blocks(cells, kind)
        weighted = weight * cells["estimate"]
        influence = self.influence[:, kept] @ weight
        if not known_sizes:
            mean = weighted.groupby(block).transform("sum") / weight.groupby(block).transform("sum")
            share = cells["n"] / len(influence)
            influence = influence + self.member[:, kept] @ (weight / share * (cells["estimate"] - mean))
        error = np.linalg.norm(influence) / len(influence)
        return tidy_rows(pd.Series([weighted.sum()]), [error]).iloc[0].rename(kind)


def group_time_effects(
    frame: pd.DataFrame, outcome: str, treatment: str, *, unit: str, time: str
) -> GroupTimeEffects:
    """Compare each cohort with units not yet treated, period by period, without covariates.

    From its start g on, a cohort's change since period g - 1 is set against that of units with a start after t
    (section 2 of the paper, in sample means); before, its change since t - 1 against other units with a start after
    g - 1. A cell without controls is left out.

    The panel is balanced, rows in any order; the treatment is 0 or 1 and never returns to 0. Units that are never
    treated serve as controls; leave their rows out to compare treated units alone. Those treated in the first period
    are refused by name.
    """
    panel = balanced_panel(frame, [outcome, treatment], unit, time)
    wide, times, rows, influences = panel[outcome], panel.times, [], []
    first = cohorts(frame, treatment, unit=unit, time=time).groupby(frame[unit]).first().reindex(panel.units)
    if len(always := panel.units[(first == times[0]).to_numpy()]):
        raise PanelError(f"{unit} {some(always)} are treated in the first period {times[0]}: leave them out")
    start = np.searchsorted(times, first.fillna(np.inf))
    for g in np.unique(start[start < len(times)]):
        for t in range(1, len(times)):
            controls = (start > max(t, g - 1)) & (start != g)
            if controls.any():
                change = wide[:, t] - wide[:, g - 1 if t >= g else t - 1]
                (own, of_own), (other, of_other) = _mean(change, start == g), _mean(change, controls)
                influences.append(of_own - of_other)
                error = np.linalg.norm(influences[-1]) / len(start)
                rows.append((times[g], times[t], (start == g).sum(), own - other, error))
    if not rows:
        raise PanelError(f"no comparison: {treatment} begins in no two different periods, or never")
    cells = pd.DataFrame(rows, columns=["cohort", "time", "n", "estimate", "std_error"])
    member = first.to_numpy()[:, None] == cells["cohort"].to_numpy()
    return GroupTimeEffects(cells, np.column_stack(influences), member)


def average_weights(cells: pd.DataFrame, kind: str) -> pd.Series:
    """Return the weights, which sum to one, of treated cells (columns ``cohort, time, n``) in an average.

    ``simple`` is the mean treated unit-period, ``group`` the mean unit of its cohort's mean over periods, ``calendar``
    the mean of periods and ``event`` that of periods since treatment (section 3 of the paper).
    """
    size = cells["n"] / (cells.groupby("cohort")["n"].transform("size") if kind == "group" else 1)
    block = _blocks(cells, kind)
    return size / size.groupby(block).transform("sum") / block.nunique()


def _blocks(cells: pd.DataFrame, kind: str) -> pd.Series:
    """Return the blocks that count the same, within which weights follow the sizes of cohorts."""
    since = cells["time"] - cells["cohort"]
    one = 0 * since
    blocks = {"simple": one, "group": one, "calendar": cells["time"], "event": since, "before": since}
    if kind not in blocks:
        raise PanelError(f"the average {kind!r} is not known; choose one of {', '.join(blocks)}")
    return blocks[kind]


def _mean(change: np.ndarray, group: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the mean of a group, and each unit's influence on it."""
    mean = change[group].mean()
    return mean, np.where(group, (change - mean) * len(change) / group.sum(), 0.0)
