"""Means, spreads and extremes against one another and against regressions, on simulated rows."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats.mstats import winsorize

from printcheck import CONSISTENT, INCONSISTENT, MEASURED, interval, rounding
from printcheck.descriptives import samuelson
from printcheck.moments import (
    errors_or_deviations,
    pooled_r2_of_slope,
    through_the_means,
    turning_point,
)

DIGITS = [1, 2, 4]


def printed(values, digits):
    return [rounding(f"{float(v):.{digits}f}") for v in values]


def panel(seed, units=20, periods=6):
    rng = np.random.default_rng(seed)
    index = pd.MultiIndex.from_product([range(units), range(periods)])
    frame = pd.DataFrame(rng.normal(1, 1, size=(units * periods, 2)), columns=["x", "c"], index=index)
    effect = np.repeat(rng.normal(size=units), periods)
    frame["y"] = 2 + effect + 0.5 * frame["x"] - frame["c"] + rng.normal(size=len(frame))
    return frame


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("digits", DIGITS)
@pytest.mark.parametrize("model", ["PooledOLS", "PanelOLS", "RandomEffects"])
def test_regressions_pass_through_the_means(seed, digits, model):
    import linearmodels

    frame = panel(seed).assign(const=1.0)
    effects = {"entity_effects": True} if model == "PanelOLS" else {}
    fit = getattr(linearmodels, model)(frame["y"], frame[["const", "x", "c"]], **effects).fit()
    if model == "PanelOLS":  # linearmodels' constant is Stata's: the mean of the unit effects
        assert float(fit.params @ frame[["const", "x", "c"]].mean()) == pytest.approx(
            frame["y"].mean(), abs=1e-10
        )
    coef, means = printed(fit.params, digits), printed(frame[["y", "x", "c"]].mean(), digits)
    assert through_the_means(means[0], coef[0], coef[1:], means[1:]).verdict == CONSISTENT
    planted = through_the_means(means[0] + 3, coef[0], coef[1:], means[1:])
    assert planted.verdict == INCONSISTENT


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("digits", DIGITS)
def test_pooled_slope(seed, digits):
    frame = panel(seed)
    slope = frame["y"].cov(frame["x"]) / frame["x"].var()
    r2 = frame["y"].corr(frame["x"]) ** 2
    given = printed([slope, frame["x"].std(), frame["y"].std(), r2], digits)
    assert pooled_r2_of_slope(*given).verdict == CONSISTENT
    assert pooled_r2_of_slope(*given[:3], rounding("0.90")).verdict == INCONSISTENT


def test_standard_errors_and_deviations_are_told_apart():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(400, 5))
    table = [printed(v, 3) for v in (rows.mean(0), rows.std(0), rows.min(0), rows.max(0))]
    found = errors_or_deviations(*table, n=400)
    assert found.verdict == INCONSISTENT
    assert "0 of 5 printed spreads" in found.sentence
    assert "5 do" in found.sentence
    table[1] = printed(rows.std(0) / 20, 3)
    assert errors_or_deviations(*table, n=400).verdict == CONSISTENT


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("digits", DIGITS)
def test_winsorised_extremes_against_scipy(seed, digits):
    values = np.asarray(winsorize(np.random.default_rng(seed).standard_t(2, size=403), limits=(0.01, 0.01)))
    assert (values == values.max()).sum() == 5
    given = printed([values.mean(), values.std(ddof=1), values.min(), values.max()], digits)
    found = samuelson(*given, interval(403), rounding("1%"))
    assert found.verdict == CONSISTENT
    assert "5 observations share" in found.sentence


def test_winsorised_bound_is_sharp():
    values = np.zeros(403)
    values[:5] = 1.0
    given = [interval(v) for v in (values.mean(), values.std(ddof=1), 0.0, 1.0)]
    assert samuelson(*given, interval(403), interval(1.0)).verdict == CONSISTENT
    values[4] = 0.0
    given = [interval(v) for v in (values.mean(), values.std(ddof=1), 0.0, 1.0)]
    assert samuelson(*given, interval(403), interval(1.0)).verdict == INCONSISTENT


def test_turning_point():
    found = turning_point(interval(-2.0), interval(1.0), interval(3.0), interval(0.0), interval(4.0))
    assert found.verdict == MEASURED
    assert found.implied == "turning point 1, slope at the mean 4"
    assert "a U that turns at 1, inside" in found.sentence
    far = turning_point(interval(-2.0), interval(-1.0), interval(3.0), interval(0.0), interval(4.0))
    assert "an inverted U that turns at -1, outside" in far.sentence
