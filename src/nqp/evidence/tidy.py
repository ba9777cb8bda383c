"""Read any estimation result into one frame."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

COLUMNS = ["term", "estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high"]


@dataclass(frozen=True)
class _Parts:
    """What every engine gives, before intervals are computed."""

    engine: str
    estimate: pd.Series
    std_error: pd.Series
    df: float
    n: int
    r2: float
    r2_adj: float
    r2_within: float = np.nan


def tidy(result: Any, *, df: float | None = None, se_scale: float = 1.0) -> pd.DataFrame:
    """Return the estimates of a fitted model as one frame.

    Parameters
    ----------
    result : a result of linearmodels, pyfixest or statsmodels
    df : degrees of freedom of the t distribution behind intervals and p values; ``inf`` for the normal.
        By default the engine's own. Stata's clustered intervals use the number of clusters less one.
    se_scale : factor on every standard error, for a small-sample convention that the engine does not offer

    Returns
    -------
    DataFrame
        One row a coefficient: ``term, estimate, std_error, statistic, p_value, conf_low, conf_high`` (95 %), and
        the same on every row: ``n, r2, r2_adj, r2_within, df, engine``. `r2` counts absorbed effects as
        explained, `r2_within` does not.

    Raises
    ------
    TypeError
        When the result comes from an engine this function does not know.
    """
    from scipy import stats

    parts = _read(result)
    used_df = parts.df if df is None else df
    error = parts.std_error * se_scale
    statistic = parts.estimate / error
    half = stats.t.ppf(0.975, used_df) * error
    frame = pd.DataFrame(
        {
            "estimate": parts.estimate,
            "std_error": error,
            "statistic": statistic,
            "p_value": 2 * stats.t.sf(statistic.abs(), used_df),
            "conf_low": parts.estimate - half,
            "conf_high": parts.estimate + half,
        }
    )
    frame = frame.rename_axis("term").reset_index()
    return frame.assign(
        n=parts.n,
        r2=parts.r2,
        r2_adj=parts.r2_adj,
        r2_within=parts.r2_within,
        df=used_df,
        engine=parts.engine,
    )


def _read(result: Any) -> _Parts:
    engine = type(result).__module__.split(".")[0]
    readers = {"linearmodels": _linearmodels, "pyfixest": _pyfixest, "statsmodels": _statsmodels}
    if engine not in readers:
        raise TypeError(
            f"tidy() cannot read a {type(result).__module__}.{type(result).__name__};"
            f" it reads results of {', '.join(readers)}"
        )
    return readers[engine](result)


def _linearmodels(result: Any) -> _Parts:
    absorbs = hasattr(result, "rsquared_inclusive")
    r2 = float(result.rsquared_inclusive if absorbs else result.rsquared)
    return _Parts(
        engine="linearmodels",
        estimate=result.params,
        std_error=result.std_errors,
        df=float(result.df_resid) if result._debiased else np.inf,  # its intervals are normal unless debiased
        n=int(result.nobs),
        r2=r2,
        r2_adj=1 - (1 - r2) * (result.nobs - 1) / result.df_resid,
        r2_within=float(result.rsquared) if absorbs else np.nan,
    )


def _pyfixest(result: Any) -> _Parts:
    return _Parts(
        engine="pyfixest",
        estimate=result.coef(),
        std_error=result.se(),
        df=float(result._df_t),
        n=int(result._N),
        r2=float(result._r2),
        r2_adj=float(result._adj_r2),
        r2_within=float(getattr(result, "_r2_within", np.nan)),
    )


def _statsmodels(result: Any) -> _Parts:
    return _Parts(
        engine="statsmodels",
        estimate=result.params,
        std_error=result.bse,
        df=float(result.df_resid) if result.use_t else np.inf,
        n=int(result.nobs),
        r2=float(result.rsquared),
        r2_adj=float(result.rsquared_adj),
    )
