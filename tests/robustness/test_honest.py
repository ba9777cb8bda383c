"""Bounds when trends diverge: against the definition, by linear programming, and against ordinary intervals."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from scipy.stats import norm

from nqp.panel import PanelError
from nqp.robustness import union_interval

TIMES = [-4, -3, -2, 0, 1, 2]
PATH = pd.Series([0.1, -0.05, 0.2, 0.5, 0.7, 0.9], TIMES)


def test_without_divergence_it_is_the_interval_of_the_mean():
    draws = np.random.default_rng(0).standard_normal((40, 6))
    covariance = draws.T @ draws / 1000
    mean = np.r_[np.zeros(3), np.full(3, 1 / 3)]
    half = norm.ppf(0.975) * np.sqrt(mean @ covariance @ mean)
    assert union_interval(PATH, covariance, 0.0) == pytest.approx((mean @ PATH - half, mean @ PATH + half))


def test_without_noise_it_is_what_steps_of_that_size_allow():
    """Mean of the path less a trend from zero, each of whose steps is within the bound: a linear programme."""
    ratio = 0.7
    largest = np.abs(np.diff([*PATH[:3], 0.0])).max()
    steps = linprog(np.array([3, 2, 1]) / 3, bounds=[(-ratio * largest, ratio * largest)] * 3)
    middle = PATH[3:].mean()
    found = union_interval(PATH, np.zeros((6, 6)), ratio)
    assert found == pytest.approx((middle + steps.fun, middle - steps.fun))


@pytest.mark.parametrize("times", [[-4, -2, 0, 1], [0, 1, 2], [-3, -2], [-2, -1, 0]])
def test_gaps_are_refused(times):
    path = pd.Series(0.0, times)
    with pytest.raises(PanelError, match="without gaps"):
        union_interval(path, np.eye(len(times)), 1.0)
