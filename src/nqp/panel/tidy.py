"""Any estimation result as tidy rows, one a coefficient."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

COLUMNS = ["estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high"]
READ = {
    "estimate": ("params", "coef"),
    "std_error": ("std_errors", "bse", "se"),
    "n": ("nobs", "_N", "n"),
    "df": ("_df_t", "df_resid"),
    "r2": ("rsquared_inclusive", "rsquared", "_r2", "r2"),
    "r2_adj": ("rsquared_adj", "_adj_r2"),
    "r2_within": ("_r2_within",),
}
"""Where results keep what: the first attribute that exists is read, and called if it is a method.

linearmodels, pyfixest, statsmodels and the spatial models of this module are read so; any other engine's result that
has one of the first two rows' names is, too.
"""


@dataclass(frozen=True)
class SpecificationTest:
    """A statistic, its p-value and, for a chi-squared one, its degrees of freedom."""

    statistic: float
    p_value: float
    df: int = 0


def tidy_rows(
    estimate: pd.Series | np.ndarray, std_error: pd.Series | np.ndarray, *, df: float = np.inf
) -> pd.DataFrame:
    """Return estimates with statistic, two-sided p-value and 95 % interval, one row each, named by their index.

    `df` are the degrees of freedom of the t distribution; infinite for the normal.
    """
    from scipy import stats

    value = pd.Series(estimate, dtype=float)
    error = pd.Series(np.asarray(std_error, float), value.index)
    ratio = value / error.where(error > 0)
    half = stats.t.ppf(0.975, df) * error
    p_value = 2 * stats.t.sf(ratio.abs(), df)
    columns = [value, error, ratio, p_value, value - half, value + half]
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)), index=value.index)


def tidy(result: Any, *, df: float | None = None, se_scale: float = 1.0) -> pd.DataFrame:
    """Return the estimates of a fitted model as one frame.

    Parameters
    ----------
    result : of an engine that keeps estimates and errors under names in `READ`; those without names get the model's, or
        x0, x1, ...
    df : degrees of freedom of the t distribution behind intervals and p values; ``inf`` for the normal.
        By default the engine's own. Stata's clustered intervals use the number of clusters less one.
    se_scale : factor on every standard error, for a small-sample convention that the engine does not offer

    Rows are coefficients: ``term, estimate, std_error, statistic, p_value, conf_low, conf_high`` (95 %), and the same
    on every row: ``n, r2, r2_adj, r2_within, df, engine``. `r2` counts absorbed effects as explained, `r2_within`
    does not; what the engine does not say is missing.
    """
    error = np.asarray(_read(result, "std_error"), float) * se_scale
    used = _freedom(result) if df is None else df
    rows = tidy_rows(_named(result), error, df=used).rename_axis("term").reset_index()
    room = type(result).__module__.split(".")
    engine = ".".join(room[:2]) if room[0] == "nqp" else room[0]
    return rows.assign(n=_read(result, "n"), **_fit(result), df=used, engine=engine)


def _read(result: Any, what: str) -> Any:
    """Read the first attribute that `READ` names; a missing one is refused if nothing goes without it."""
    for name in READ[what]:
        if hasattr(result, name):
            value = getattr(result, name)
            return value() if callable(value) else value
    if what in ("estimate", "std_error"):
        kind = f"{type(result).__module__}.{type(result).__name__}"
        raise TypeError(f"tidy() cannot read a {kind}: it has none of {', '.join(READ[what])}")
    return np.nan


def _named(result: Any) -> pd.Series:
    """Return the estimates with their names."""
    value = _read(result, "estimate")
    if isinstance(value, pd.Series):
        return value
    value = np.ravel(value)
    names = getattr(getattr(result, "model", None), "exog_names", None)
    return pd.Series(value, names or [f"x{k}" for k in range(len(value))])


def _freedom(result: Any) -> float:
    """Return the engine's degrees of freedom; infinite where it uses the normal distribution."""
    uses_t = hasattr(result, "_df_t") or getattr(result, "_debiased", getattr(result, "use_t", False))
    return float(_read(result, "df")) if uses_t else np.inf


def _fit(result: Any) -> dict[str, float]:
    """Return the kinds of R2."""
    r2, inside, adjusted = (_read(result, what) for what in ("r2", "r2_within", "r2_adj"))
    if isinstance(r2, pd.Series):
        r2, inside = r2["overall"], r2["within"]
    if hasattr(result, "rsquared_inclusive"):  # linearmodels' panels: absorbed effects are apart
        inside = result.rsquared
    if np.isnan(adjusted) and hasattr(result, "df_resid"):
        adjusted = 1 - (1 - r2) * (result.nobs - 1) / result.df_resid
    return {"r2": float(r2), "r2_adj": float(adjusted), "r2_within": float(inside)}
