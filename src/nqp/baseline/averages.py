"""Averages of cohort-and-period effects: simple, group, calendar and event, with their standard errors."""

import numpy as np
import pandas as pd

from nqp.panel import tidy_rows

KINDS = ("simple", "group", "calendar", "event")


def average_effect(cells: pd.DataFrame, vcov: np.ndarray, kind: str, *, df: float = np.inf) -> pd.Series:
    """Average the effects of cohorts and periods.

    Parameters
    ----------
    cells : one row a cell, with columns ``estimate``, ``cohort``, ``time`` (``time >= cohort``) and ``n`` (treated
        units in it)
    vcov : (cells, cells) covariance of the estimates, rows and columns in the order of `cells`
    kind : ``simple`` weights cells by treated units; ``group`` averages over periods within each cohort, then over
        cohorts by size; ``calendar`` averages over cohorts by size within each period, then over periods equally;
        ``event`` does the same by event time
    df : degrees of freedom of the t distribution behind the interval; by default the normal

    Returns
    -------
    Series
        ``estimate, std_error, conf_low, conf_high`` (95 %). The weights count as known: cohort sizes are a
        property of these cities, not of a sample.

    References
    ----------
    Callaway & Sant'Anna (2021), equations 3.4 (event), 3.5 and 3.7 (group), 3.8 (calendar) and 3.10 (simple).
    """
    if vcov.shape != (len(cells), len(cells)):
        raise ValueError(f"vcov has shape {vcov.shape} for {len(cells)} cells")
    weight = average_weights(cells, kind)
    error = np.sqrt(weight @ vcov @ weight)
    row = tidy_rows(np.array([weight @ cells["estimate"].to_numpy()]), np.array([error]), df=df).iloc[0]
    return row[["estimate", "std_error", "conf_low", "conf_high"]]


def average_weights(cells: pd.DataFrame, kind: str) -> np.ndarray:
    """Return the weight of each treated cell in an average of effects; they sum to one."""
    if kind not in KINDS:
        raise ValueError(f"unknown average {kind!r}; use one of {', '.join(KINDS)}")
    early = cells["time"] < cells["cohort"]
    if early.any():
        raise ValueError(
            f"{int(early.sum())} cells lie before treatment; average effects are over treated cells only"
        )
    size = cells["n"].astype(float)
    if kind == "simple":
        return (size / size.sum()).to_numpy()
    by = {
        "group": cells["cohort"],
        "calendar": cells["time"],
        "event": cells["time"] - cells["cohort"],
    }[kind]
    within = size / size.groupby(by).transform("sum")
    if kind == "group":
        largest = size.groupby(by).transform("max")
        return (within * largest / size.groupby(by).max().sum()).to_numpy()
    return (within / by.nunique()).to_numpy()
