"""Intervals of an effect when parallel trends may fail, by no more than they did before treatment."""

import numpy as np
import pandas as pd

from nqp.panel import PanelError


def union_interval(estimates: pd.Series, covariance: np.ndarray, ratio: float) -> tuple[float, float]:
    """Return a 95 % interval of the mean effect since treatment if trends diverge by steps of a limited size.

    A step since treatment is at most `ratio` times the largest before. Which one that is, is unknown: the union over
    steps and signs covers at least 95 % (Rambachan & Roth 2023, relative magnitudes). `estimates` are by event time
    without -1, where they are zero; a PanelError refuses gaps.
    """
    from scipy.stats import norm

    times = estimates.index.to_numpy()
    early, after = times < -1, (times >= 0).sum()
    if times[0] >= -1 or not after or times.tolist() != [*range(times[0], -1), *range(after)]:
        raise PanelError(f"event times are {times.tolist()}: give those before -1 and since 0, without gaps")
    before = np.vstack([np.eye(len(times))[early], np.zeros(len(times))])
    lines = ratio * (after + 1) / 2 * np.diff(before, axis=0)  # what steps of one add up to, on average
    lines = ~early / after + np.vstack([lines, -lines])
    error = norm.ppf(0.975) * np.sqrt(np.einsum("ij,jk,ik->i", lines, covariance, lines))
    middle = lines @ estimates.to_numpy()
    return float((middle - error).min()), float((middle + error).max())
