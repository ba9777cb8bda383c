"""Treatment timing and event-time dummies, with the coding of never-treated units spelled out."""

import re
from typing import Any

import numpy as np
import pandas as pd

from nqp.panel import require_columns, require_unique, some


def cohorts(frame: pd.DataFrame, treatment: str, *, unit: str, time: str) -> pd.Series:
    """Return each row's cohort: the first period in which its unit is treated.

    Parameters
    ----------
    frame : long panel, rows in any order
    treatment : column of 0 and 1 that never returns to 0
    unit, time : column names

    Returns
    -------
    Series of float
        Aligned with `frame`; NaN for never-treated units.

    Raises
    ------
    PanelError, ValueError
        When a column is absent or has gaps, a unit-period occurs twice, or `treatment` holds other values or returns
        to 0 for a unit.
    """
    require_columns(frame, [treatment], [unit, time])
    require_unique(frame, unit, time)
    if not frame[treatment].isin([0, 1]).all():
        raise ValueError(
            f"{treatment} must hold 0 and 1 only; it holds {some(sorted(frame[treatment].unique()))}"
        )
    ordered = frame.sort_values([unit, time])
    back = ordered.groupby(unit)[treatment].diff() < 0
    if back.any():
        units = some(ordered.loc[back, unit].unique())
        raise ValueError(
            f"{treatment} returns to 0 for {unit} {units}; these designs need an absorbing treatment"
        )
    first = frame[time].where(frame[treatment] == 1).groupby(frame[unit]).transform("min")
    return first.astype(float).rename("cohort")


def event_term(k: int) -> str:
    """Name of an event-time dummy: ``pre3``, ``current``, ``post2``."""
    return "current" if k == 0 else f"{'pre' if k < 0 else 'post'}{abs(k)}"


def event_dummies(
    event_time: pd.Series, *, window: int = 5, missing_is_infinite: bool = False
) -> pd.DataFrame:
    """Return event-time dummies with the ends of the window binned and the period before treatment left out.

    Parameters
    ----------
    event_time : periods since treatment began; NaN for never-treated units
    window : event times beyond ``-window`` and ``window`` count as these
    missing_is_infinite : put never-treated units into the last dummy in every period, as Stata's
        ``event_time >= window`` does, where a missing value exceeds every number. Only the constant changes.

    Returns
    -------
    DataFrame of 0 and 1
        Columns ``pre5 ... pre2, current, post1 ... post5`` (for ``window=5``), aligned with
        `event_time`. By default never-treated units are 0 in all of them.

    Raises
    ------
    ValueError
        When the window is empty, or no unit is ever treated.
    """
    if window < 1:
        raise ValueError(f"window is {window}: it must hold the year before treatment, which is left out")
    if event_time.notna().sum() == 0:
        raise ValueError("every event time is missing: no unit is ever treated")
    filled = event_time.fillna(np.inf) if missing_is_infinite else event_time
    binned = filled.clip(-window, window)
    kept = [k for k in range(-window, window + 1) if k != -1]
    return pd.DataFrame({event_term(k): (binned == k).astype(int) for k in kept}, index=event_time.index)


def early_test(fit: Any) -> tuple[float, float]:
    """Test jointly that no coefficient before treatment differs from zero: F and its p value.

    Parameters
    ----------
    fit : pyfixest regression with clustered errors on dummies as `event_dummies` names them, ``pre2`` and earlier

    Raises
    ------
    ValueError
        When the regression has no such dummy.
    """
    from scipy import stats

    early = [place for place, name in enumerate(fit.coef().index) if re.fullmatch(r"pre\d+", name)]
    if not early:
        raise ValueError(
            f"no dummy before treatment among {some(fit.coef().index)}; event_dummies makes them"
        )
    slopes = fit.coef().to_numpy()[early]
    f = float(slopes @ np.linalg.solve(fit._vcov[np.ix_(early, early)], slopes)) / len(early)
    return f, float(stats.f.sf(f, len(early), fit._df_t))
