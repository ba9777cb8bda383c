"""Checks on dynamic panels, against printed Stata output and simulated tests."""

import numpy as np
import pytest
from scipy.stats import norm

from printcheck import CANNOT_TELL, CONSISTENT, INCONSISTENT, interval, rounding
from printcheck.dynamic import (
    decision_rule,
    hansen_near_one,
    lag_inside_unit_interval,
    lagged_outcome_instruments,
    long_run_effect,
    rows_after_lag,
    z_against_p,
)

# Arellano-Bond tests as Stata prints them: `estat abond, artests(4)` on the employment data abdata (system GMM, in
# Stata's overview of dynamic panel-data analysis); and `abar, lags(5)`, Statalist 2006-09, message 144.
STATA = [
    ("-4.6414", "0.0000"),
    ("-1.0572", "0.2904"),
    ("-.19492", "0.8455"),
    (".04472", "0.9643"),
    ("0.04", "0.9691"),
    ("0.28", "0.7761"),
    ("-0.83", "0.4078"),
    ("-0.71", "0.4803"),
    ("-1.02", "0.3066"),
]


@pytest.mark.parametrize(("z", "p"), STATA)
def test_stata_z_and_p(z, p):
    assert z_against_p(rounding(z), rounding(p)).verdict == CONSISTENT


@pytest.mark.parametrize(("z", "p"), STATA)
def test_a_changed_digit_is_caught(z, p):
    changed = f"{float(p) + 0.03 if float(p) < 0.9 else float(p) - 0.04:.4f}"
    found = z_against_p(rounding(z), rounding(changed))
    assert found.verdict == INCONSISTENT
    assert "needs a z of size" in found.sentence


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("digits", [(1, 2), (2, 3), (3, 1)])
def test_rounding_of_z_and_p_never_contradicts(seed, digits):
    for z in np.random.default_rng(seed).normal(scale=2, size=20):
        p = 2 * norm.sf(abs(z))
        assert (
            z_against_p(rounding(f"{z:.{digits[0]}f}"), rounding(f"{p:.{digits[1]}f}")).verdict == CONSISTENT
        )


def test_the_needed_z_is_the_inverse():
    found = z_against_p(rounding("-0.17"), rounding("0.449"))
    assert "0.756 to 0.758" in found.sentence


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
    assert found.verdict == CONSISTENT
    assert found.implied == f"long-run effect {level:.3g}"
    explosive = long_run_effect(interval(effect), interval(1.1))
    assert explosive.verdict == CANNOT_TELL
    assert "of the opposite sign" in explosive.sentence
    assert long_run_effect(rounding("0.3"), rounding("1.0")).verdict == CANNOT_TELL


@pytest.mark.parametrize("digits", [1, 2, 4])
@pytest.mark.parametrize("seed", range(10))
def test_a_stationary_process_is_never_called_explosive(seed, digits):
    rng = np.random.default_rng(seed)
    lag, se = rng.uniform(-0.99, 0.99), rng.uniform(0.005, 0.1)
    printed = rounding(f"{lag:.{digits}f}"), rounding(f"{se:.{digits}f}")
    assert lag_inside_unit_interval(*printed).verdict != INCONSISTENT
    assert "opposite" not in long_run_effect(rounding("0.25"), printed[0]).sentence


def test_decision_rules():
    bound = rounding("0.1")
    assert decision_rule(rounding("0.006"), bound, side="below").verdict == CONSISTENT
    assert decision_rule(rounding("0.102"), bound, side="above").verdict == CONSISTENT
    assert decision_rule(rounding("0.09"), bound, side="above").verdict == INCONSISTENT
    assert decision_rule(rounding("0.1"), bound, side="above").verdict == CANNOT_TELL
    with pytest.raises(ValueError, match="'below' or 'above'"):
        decision_rule(rounding("0.1"), bound, side="under")


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


def test_rows_after_a_lag_as_pandas_counts_them():
    import pandas as pd

    panel = pd.DataFrame({"id": np.repeat(range(31), 13), "y": 1.0})
    left = int(panel.groupby("id")["y"].shift().notna().sum())
    assert rows_after_lag(interval(left), units=31, years=13).verdict == CONSISTENT
    assert rows_after_lag(interval(403), units=31, years=13).verdict == INCONSISTENT
