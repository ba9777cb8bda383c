"""Checks on dynamic panels, against printed Stata output and simulated tests."""

import numpy as np
import pytest

from printcheck import CANNOT_TELL, CONSISTENT, INCONSISTENT, MEASURED, interval, rounding
from printcheck.dynamic import (
    hansen_near_one,
    lag_inside_unit_interval,
    lagged_outcome_instruments,
    long_run_effect,
)


def test_lag_coefficient():
    # Arellano-Bond's employment data in system GMM (same source): L.n 0.8221535 (0.093387)
    assert lag_inside_unit_interval(rounding("0.822"), rounding("0.093")).verdict == CONSISTENT
    assert lag_inside_unit_interval(rounding("1.020"), rounding("0.012")).verdict == CANNOT_TELL
    outside = lag_inside_unit_interval(rounding("1.098"), rounding("0.009"))
    assert outside.verdict == INCONSISTENT
    assert "above one" in outside.sentence


def test_long_run_effect_is_the_limit_of_the_process():
    effect, lag, level = 0.3, 0.8, 0.0
    for _ in range(300):
        level = lag * level + effect
    found = long_run_effect(interval(effect), interval(lag))
    assert found.verdict == MEASURED
    assert found.implied == f"long-run effect {level:.3g}"
    explosive = long_run_effect(interval(effect), interval(1.1))
    assert "of the opposite sign" in explosive.sentence
    assert "either sign" in long_run_effect(rounding("0.3"), rounding("1.0")).sentence


@pytest.mark.parametrize("digits", [1, 2, 4])
@pytest.mark.parametrize("seed", range(10))
def test_a_stationary_process_is_never_called_explosive(seed, digits):
    rng = np.random.default_rng(seed)
    lag, se = rng.uniform(-0.99, 0.99), rng.uniform(0.005, 0.1)
    printed = rounding(f"{lag:.{digits}f}"), rounding(f"{se:.{digits}f}")
    assert lag_inside_unit_interval(*printed).verdict != INCONSISTENT
    assert "opposite" not in long_run_effect(rounding("0.25"), printed[0]).sentence


def test_instrument_count_by_enumeration():
    for periods in range(3, 14):
        pairs = [(t, s) for t in range(3, periods + 1) for s in range(1, t - 1)]
        assert lagged_outcome_instruments(periods) == len(pairs) + len(range(3, periods + 1))


def test_hansen():
    found = hansen_near_one(rounding("0.983"), groups=31, periods=13)
    assert found.verdict == CANNOT_TELL
    assert "77 instruments for 31 groups" in found.sentence
    assert hansen_near_one(rounding("0.286"), groups=31, periods=13).verdict == CONSISTENT
    assert hansen_near_one(rounding("0.983"), groups=500, periods=5).verdict == CONSISTENT
