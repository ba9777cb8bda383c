"""Design analysis against published examples, p-curve and caliper against exact computation; spread of t."""

from math import sqrt
from statistics import NormalDist

import numpy as np
import pytest
from scipy.stats import binomtest

from nqp.evidence.findings import cells
from printcheck import distribution
from printcheck.intervals import interval, rounding

# Data set ThirdWave (estimates and errors of 18 trials) of the R package dmetar, used in Harrer, Cuijpers, Furukawa &
# Ebert (2021), Doing Meta-Analysis in R; to the seven digits given there.
THIRD_WAVE = [
    (0.7091362, 0.2608202),
    (0.3548641, 0.1963624),
    (1.7911700, 0.3455692),
    (0.1824552, 0.1177874),
    (0.4218509, 0.1448128),
    (0.6300000, 0.1960000),
    (0.7248838, 0.2246641),
    (0.5286638, 0.2104609),
    (0.2840000, 0.1680000),
    (1.2750682, 0.3371997),
    (0.1036082, 0.1947275),
    (0.3883906, 0.2307689),
    (0.5407398, 0.2443133),
    (0.4261593, 0.2579379),
    (0.5153969, 0.3512737),
    (1.4797260, 0.3152817),
    (0.6125782, 0.2266834),
    (0.6000000, 0.2490000),
]


@pytest.mark.parametrize(
    ("effect", "se", "power", "type_s", "type_m"),
    [
        # Gelman & Carlin (2014), beauty and sex ratio: "power 0.05, type S 0.46, exaggeration ratio 77"
        (0.1, 3.28, (0.05, 0.005), (0.46, 0.005), (77, 0.5)),
        # the same, menstrual cycle and voting: power .06, type S .24; exaggeration 9.7 is a mean of 10,000 draws
        (2, 8.1, (0.06, 0.005), (0.24, 0.005), (9.7, 0.2)),
    ],
)
def test_design_analysis_is_that_of_gelman_and_carlin(effect, se, power, type_s, type_m) -> None:
    found = distribution.design_analysis(effect, se)
    assert found.power == pytest.approx(power[0], abs=power[1])
    assert found.type_s == pytest.approx(type_s[0], abs=type_s[1])
    assert found.type_m == pytest.approx(type_m[0], abs=type_m[1])


@pytest.mark.parametrize("ratio", [0.2, 1.0, 2.8, 5.0])
def test_closed_form_of_exaggeration_is_that_of_draws(ratio) -> None:
    draws = ratio + np.random.default_rng(0).standard_normal(400_000)
    kept = draws[np.abs(draws) > 1.959964]
    found = distribution.design_analysis(ratio, 1.0)
    assert found.type_m == pytest.approx(np.abs(kept).mean() / ratio, rel=0.01)
    assert found.power == pytest.approx(len(kept) / len(draws), rel=0.02)
    assert found.type_s == pytest.approx((kept < 0).mean(), abs=0.01)


def test_an_effect_of_2_8_errors_has_80_percent_power() -> None:
    assert distribution.design_analysis(2.8016, 1.0).power == pytest.approx(0.80, abs=1e-4)
    found = distribution.detectable_effect(rounding("0.0178"), rounding("0.0035"), rounding("0.0576"))
    assert found.implied == "0.00967 to 0.00995"
    with pytest.raises(ValueError, match="must both be positive"):
        distribution.design_analysis(-1.0, 2.0)


def test_p_curve_is_stouffers_z_of_the_conditional_p_values() -> None:
    """Against the definition in Simonsohn, Simmons & Nelson (2015), by the standard library's normal distribution."""
    normal = NormalDist()
    p = [2 * normal.cdf(-a / b) for a, b in THIRD_WAVE]
    full, half = ([x / cut for x in p if x < cut] for cut in (0.05, 0.025))
    found = distribution.p_curve([a / b for a, b in THIRD_WAVE])
    assert (found.significant, found.low) == (len(full), len(half)) == (11, 10)
    assert found.full == pytest.approx(sum(map(normal.inv_cdf, full)) / sqrt(len(full)), abs=1e-9)
    assert found.half == pytest.approx(sum(map(normal.inv_cdf, half)) / sqrt(len(half)), abs=1e-9)


def test_p_values_spread_evenly_below_5_percent_have_no_skew() -> None:
    normal = NormalDist()
    even = [normal.inv_cdf(1 - 0.05 * (i + 0.5) / 40 / 2) for i in range(40)]
    assert distribution.p_curve(even).full == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("above", "below"), [(15, 4), (1, 0), (0, 3), (7, 7)])
def test_caliper_counts_and_its_binomial_p(above, below) -> None:
    t = [2.0] * above + [1.9] * below + [4.0, 0.3]
    found = distribution.caliper([interval(x) for x in t], threshold=1.96)
    assert found.implied == f"{above} above, {below} below"
    p = binomtest(above, above + below, alternative="greater").pvalue
    assert f"{p:.2g}" in found.sentence


def test_caliper_leaves_open_what_rounding_does() -> None:
    found = distribution.caliper([rounding("0.2") / rounding("0.1")], threshold=1.96)
    assert found.implied == "0 above, 0 below; rounding leaves 1 open"


@pytest.mark.parametrize("seed", range(25))
def test_independent_t_values_spread_enough_after_rounding(seed) -> None:
    rng = np.random.default_rng(seed)
    se = rng.uniform(0.05, 0.4, 60)
    coef = se * (rng.choice([1.0, 2.0]) + rng.standard_normal(60))
    for digits in (3, 4):
        cells = [[rounding(f"{x:.{digits}f}") for x in values] for values in (coef, se)]
        t = [a / b for a, b in zip(*cells, strict=True)]
        assert distribution.spread_of_t(t).verdict == "consistent"


def test_t_values_that_are_too_alike_are_caught() -> None:
    t = 2 + 0.2 * np.random.default_rng(1).standard_normal(40)
    found = distribution.spread_of_t([interval(x) for x in t])
    assert found.verdict == "cannot tell"
    assert "mean correlation between them of at least 0.9" in found.sentence


@pytest.mark.parametrize(
    ("study", "rows"), [("cluster_pilot", 55), ("innovative_city", 96), ("industrial_agglomeration", 53)]
)
def test_t_values_cover_every_coefficient_with_an_error(study, rows) -> None:
    assert len(distribution.t_values(cells(study))) == rows


def test_t_values_read_printed_t_as_t() -> None:
    opened = cells("dual_pilot")
    frame = distribution.t_values(opened).set_index("id")
    assert set(frame["holds"]) == {"t"}
    assert frame.at["t3.c1.BCS.coef", "t"] == opened["t3.c1.BCS.t"]


def test_effect_in_units_of_the_outcome() -> None:
    found = distribution.effect_in_sd(rounding("0.0178"), rounding("0.0576"), rounding("0.2825"))
    assert found.verdict == "measured"
    assert found.implied == "0.308 to 0.31 sd"
