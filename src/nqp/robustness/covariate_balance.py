"""Covariate balance before and after matching."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from nqp.panel import require_columns
from nqp.robustness.matching import Match


def balance(frame: pd.DataFrame, match: Match, covariates: Sequence[str]) -> pd.DataFrame:
    """Compare covariates of treated and untreated observations before and after matching.

    Parameters
    ----------
    frame : the frame that was matched
    match : its matching weights
    covariates : columns to compare

    Returns
    -------
    One row a covariate and sample (``before``, ``after``), with columns ``mean_treated, mean_control, bias``:
    the difference in means in percent of sqrt((s2_treated + s2_control) / 2), both variances from before
    matching, as Stata's pstest.

    References
    ----------
    Rosenbaum & Rubin (1985), American Statistician 39; Leuven & Sianesi, pstest.
    """
    require_columns(frame, covariates)
    rows = match.frame.loc[frame.index]
    treated = rows["treated"].to_numpy() == 1
    found = {}
    for name in covariates:
        x = frame[name].to_numpy(float)
        scale = np.sqrt((x[treated].var(ddof=1) + x[~treated].var(ddof=1)) / 2)
        for sample, weight in (("before", np.ones(len(x))), ("after", rows["weight"].to_numpy())):
            one, zero = (np.average(x[group], weights=weight[group]) for group in (treated, ~treated))
            found[name, sample] = one, zero, 100 * (one - zero) / scale
    table = pd.DataFrame(found, index=["mean_treated", "mean_control", "bias"]).T
    return table.rename_axis(["covariate", "sample"])
