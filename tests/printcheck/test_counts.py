"""Counts: the published GRIM example, dummies of known count, planted and rounded values."""

import numpy as np
import pytest

from printcheck import counts
from printcheck.intervals import interval, rounding
from printcheck.sums import adds_up


def test_the_published_grim_example() -> None:
    """Brown & Heathers (2017): a mean of 5.19 with 28 whole-number answers cannot be; 5.18 and 5.21 can."""
    n = rounding("28")
    assert counts.integer_mean(rounding("5.19"), n).verdict == "inconsistent"
    assert counts.integer_mean(rounding("5.18"), n).verdict == "consistent"
    assert list(counts.integer_totals(rounding("5.21"), 28)) == [146]


@pytest.mark.parametrize("seed", range(30))
def test_a_rounded_dummy_gives_back_its_count(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(50, 4000))
    d = rng.permutation(np.arange(n) < rng.integers(1, n)).astype(float)
    for freedom in (0, 1):
        for digits in (3, 4):
            mean, sd = rounding(f"{d.mean():.{digits}f}"), rounding(f"{d.std(ddof=freedom):.{digits}f}")
            found = counts.dummy(mean, sd, rounding(str(n)))
            assert found.verdict == "consistent"
            assert int(d.sum()) in counts.integer_totals(mean, n)


def test_a_planted_standard_deviation_is_caught() -> None:
    n, mean = rounding("3324"), rounding("0.1089")
    assert counts.dummy(mean, rounding("0.3116"), n).implied == "362 of 3324"
    assert counts.dummy(mean, rounding("0.3126"), n).verdict == "inconsistent"


def test_panels_and_parts() -> None:
    assert counts.units_times_periods(rounding("3324"), units=277, periods=12).verdict == "consistent"
    assert counts.units_times_periods(rounding("3323"), units=277, periods=12).verdict == "inconsistent"
    assert counts.whole_units(rounding("1500"), periods=12).implied == "125 units"
    assert counts.whole_units(rounding("1501"), periods=12).verdict == "inconsistent"


def test_totals_and_parts() -> None:
    halves = [rounding("1656"), rounding("1668")]
    assert adds_up(halves, rounding("3324")).verdict == "consistent"
    assert adds_up(halves, rounding("3325")).verdict == "inconsistent"
    shares = [rounding("3.0%"), rounding("91.1%")]
    assert adds_up(shares, rounding("94.2%")).verdict == "consistent"  # rounding reaches it
    assert adds_up(shares, rounding("94.4%")).verdict == "inconsistent"
    cities = [rounding("106"), rounding("53"), rounding("30")]
    assert adds_up(cities, rounding("129"), weights=[1, 1, -1]).verdict == "consistent"
    assert adds_up(cities, rounding("130"), weights=[1, 1, -1]).verdict == "inconsistent"


def test_matched_samples() -> None:
    assert (
        counts.one_to_one_bound(rounding("370"), treated=185).verdict == "consistent"
    )  # Lalonde's 185 treated
    assert counts.one_to_one_bound(rounding("371"), treated=185).verdict == "inconsistent"
    assert counts.same_matched_sample([rounding("5520"), rounding("5520")]).verdict == "consistent"
    assert counts.same_matched_sample([rounding("5520"), rounding("5525")]).verdict == "inconsistent"


def test_totals_are_whole_numbers_that_round_to_the_mean():
    assert list(counts.integer_totals(rounding("0.1089"), 3324)) == [362]
    assert list(counts.integer_totals(rounding("0.5"), 10)) == [5]  # 0.45 to 0.55
    assert list(counts.integer_totals(rounding("0.25"), 3)) == []
    for total in (0, 17, 362, 745):
        assert total in counts.integer_totals(rounding(f"{total / 3025:.4f}"), 3025)


def test_a_count_with_decimals_is_refused() -> None:
    with pytest.raises(ValueError, match="whole number"):
        counts.integer_mean(rounding("0.5"), interval(12.5))


@pytest.mark.parametrize("yearly", [False, True])
def test_halves_at_a_median_once_and_year_by_year_have_the_same_sizes(yearly):
    values = np.random.default_rng(3).normal(size=(277, 12)) + np.arange(12)
    by = values if yearly else np.repeat(values.mean(1, keepdims=True), 12, axis=1)
    above = int((by > np.median(by, axis=0)).sum())
    parts = [rounding(str(above)), rounding(str(values.size - above))]
    assert counts.halves_at_median(parts, units=277, periods=12).verdict == "consistent"
    elsewhere = counts.halves_at_median(parts, units=277, periods=12, stated="mean")
    assert elsewhere.verdict == "cannot tell"
    assert "the paper says that it splits at the mean" in elsewhere.sentence


def test_a_split_at_a_skewed_mean_is_not_halves():
    values = np.random.default_rng(3).lognormal(size=(277, 12))
    above = int((values > values.mean(0)).sum())
    parts = [rounding(str(above)), rounding(str(values.size - above))]
    assert counts.halves_at_median(parts, units=277, periods=12).verdict == "inconsistent"
