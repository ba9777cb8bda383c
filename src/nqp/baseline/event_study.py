"""Treatment timing, event-time dummies with the coding of never-treated units spelled out, and the path they give."""

import re
from typing import Any

import numpy as np
import pandas as pd

from nqp.panel import require_columns, require_unique, some, tidy


def cohorts(frame: pd.DataFrame, treatment: str, *, unit: str, time: str) -> pd.Series:
    """Return each row's cohort: the first period in which its unit is treated.

    Aligned with `frame`, whose rows may come in any order; NaN for never-treated units. PanelError and ValueError
    refuse a column that is absent or has gaps, a unit-period that occurs twice, and a `treatment` that holds other
    values than 0 and 1 or returns to 0 for a unit.
    """
    require_columns(frame, [treatment], [unit, time])
    require_unique(frame, unit, time)
    if not frame[treatment].isin([0, 1]).all():
        held = some(sorted(frame[treatment].unique()))
        raise ValueError(f"{treatment} must hold 0 and 1 only; it holds {held}")
    ordered = frame.sort_values([unit, time])
    back = ordered.groupby(unit)[treatment].diff() < 0
    if back.any():
        units = some(ordered.loc[back, unit].unique())
        raise ValueError(
            f"{treatment} returns to 0 for {unit} {units}; the designs need an absorbing treatment"
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

    Columns are ``pre5 ... pre2, current, post1 ... post5`` (for ``window=5``) of 0 and 1, aligned with `event_time`. By
    default never-treated units are 0 in all of them. A ValueError refuses an empty window, and event times that are all
    missing.
    """
    if window < 1:
        raise ValueError(f"window is {window}: it must hold the year before treatment, which is left out")
    if event_time.notna().sum() == 0:
        raise ValueError("every event time is missing: no unit is ever treated")
    filled = event_time.fillna(np.inf) if missing_is_infinite else event_time
    binned = filled.clip(-window, window)
    kept = [k for k in range(-window, window + 1) if k != -1]
    return pd.DataFrame({event_term(k): (binned == k).astype(int) for k in kept}, index=event_time.index)


def event_path(fit: Any, *, clusters: int, draws: int, seed: int) -> tuple[pd.DataFrame, float]:
    """Return the path of an event study with a uniform 95 % band, and the joint p-value of its early coefficients.

    The band widens all intervals by one factor, so that the whole path stays inside with the stated probability: the
    95 % quantile of the largest absolute t among normal draws (the plug-in sup-t band of Montiel Olea &
    Plagborg-Moller 2019, Journal of Applied Econometrics 34(1)). The path is indexed by event time: ``estimate,
    conf_low, conf_high`` and ``uniform``, half the width of the band. The period before treatment is zero.

    The fit is of pyfixest, with the columns of `event_dummies` among its regressors; `clusters` is how many clusters
    its errors have, and the joint test is F with one degree of freedom less.
    """
    times = _event_times(fit)
    joint = early_test(fit, clusters=clusters)[1]
    at = [fit._coefnames.index(n) for n in times]
    cov = fit._vcov[np.ix_(at, at)]
    rows = tidy(fit).set_index("term").loc[list(times), ["estimate", "conf_low", "conf_high"]]
    normal = np.random.default_rng(seed).multivariate_normal(
        0.0 * np.array(at), cov, draws, method="cholesky"
    )
    error = np.sqrt(np.diag(cov))
    path = rows.astype(float).assign(uniform=np.quantile(np.abs(normal / error).max(axis=1), 0.95) * error)
    path = path.set_axis(list(times.values()))
    path.loc[-1] = 0.0
    return path.sort_index(), joint


def early_test(fit: Any, *, clusters: int) -> tuple[float, float]:
    """Return F and p of the joint test that `event_path` makes; it refuses the same fits."""
    from scipy import stats

    at = [fit._coefnames.index(n) for n, time in _event_times(fit).items() if time < 0]
    if not at:
        raise ValueError(f"no event-time dummy before the base in {some(fit._coefnames)}: widen the window")
    b, cov = fit._beta_hat[at], fit._vcov[np.ix_(at, at)]
    f = b @ np.linalg.solve(cov, b) / len(at)
    return float(f), float(stats.f.sf(f, len(at), clusters - 1))


def _event_times(fit: Any) -> dict[str, int]:
    """Return the event times of a fit's event-time dummies, by name."""
    names = [n for n in fit._coefnames if re.fullmatch(r"pre\d+|current|post\d+", n)]
    return {n: 0 if n == "current" else int(n.replace("pre", "-").replace("post", "")) for n in names}
