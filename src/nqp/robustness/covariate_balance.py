"""Covariate balance before and after matching."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from nqp.data.panels import require_columns
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
    One row a covariate and sample (``before``, ``after``), with columns ``mean_treated, mean_control``;
    ``bias``, the difference in means in percent of sqrt((s2_treated + s2_control) / 2), both variances from
    before matching; ``variance_ratio``, treated over untreated; ``t, p_value`` of the difference in a
    regression on the treatment, weighted after matching. These are the conventions of Stata's pstest.

    References
    ----------
    Rosenbaum & Rubin (1985), American Statistician 39; Leuven & Sianesi, pstest.
    """
    require_columns(frame, covariates)
    rows = match.frame.loc[frame.index]
    weights = {"before": np.ones(len(rows)), "after": rows["weight"].to_numpy()}
    treated = rows["treated"].to_numpy()
    found = {}
    for name in covariates:
        x = frame[name].to_numpy(float)
        scale = np.sqrt((x[treated == 1].var(ddof=1) + x[treated == 0].var(ddof=1)) / 2)
        for sample, weight in weights.items():
            found[name, sample] = _compare(x, treated, weight, scale)
    table = pd.DataFrame(found).T
    return table.rename_axis(["covariate", "sample"])


def _compare(x: np.ndarray, treated: np.ndarray, weight: np.ndarray, scale: float) -> pd.Series:
    """Compare one covariate in one sample."""
    from scipy.stats import t as student

    groups = [(weight > 0) & (treated == value) for value in (1, 0)]
    means = [np.average(x[g], weights=weight[g]) for g in groups]
    squares = [weight[g] @ (x[g] - m) ** 2 for g, m in zip(groups, means, strict=True)]
    totals = [weight[g].sum() for g in groups]
    counts = [g.sum() for g in groups]
    # a weighted group's variance, with Stata's convention for analytic weights: weights scaled to the count
    variances = [s / w * n / (n - 1) for s, w, n in zip(squares, totals, counts, strict=True)]
    freedom = sum(counts) - 2
    std_error = np.sqrt(sum(squares) / freedom * (1 / totals[0] + 1 / totals[1]))
    t = (means[0] - means[1]) / std_error
    return pd.Series(
        {
            "mean_treated": means[0],
            "mean_control": means[1],
            "bias": 100 * (means[0] - means[1]) / scale,
            "variance_ratio": variances[0] / variances[1],
            "t": t,
            "p_value": 2 * student.sf(abs(t), freedom),
        }
    )
