"""Bounds on moments: data that reach them, data that do not, planted values."""

import numpy as np
import pytest

from printcheck import descriptives, sums
from printcheck.intervals import Interval, rounding


def printed(x: np.ndarray, digits: int, ddof: int = 1) -> dict[str, Interval]:
    text = {"mean": x.mean(), "sd": x.std(ddof=ddof), "minimum": x.min(), "maximum": x.max()}
    return {**{k: rounding(f"{v:.{digits}f}") for k, v in text.items()}, "n": rounding(str(len(x)))}


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("digits", [2, 4])
def test_real_data_pass_every_bound_however_they_are_rounded(seed: int, digits: int) -> None:
    rng = np.random.default_rng(seed)
    draw = (rng.normal, rng.exponential, rng.standard_cauchy)[seed % 3]
    x = draw(size=int(rng.integers(3, 400)))
    at = printed(x, digits)
    assert descriptives.ordered(at["minimum"], at["mean"], at["maximum"]).verdict == "consistent"
    assert descriptives.bhatia_davis(**at).verdict == "consistent"
    assert descriptives.samuelson(**at).verdict == "consistent"
    range_only = {k: at[k] for k in ("sd", "minimum", "maximum", "n")}
    assert descriptives.smallest_sd(**range_only).verdict == "consistent"


def test_the_bounds_are_reached_and_then_broken_by_one_unit() -> None:
    two_points = np.array([0.0] * 6 + [1.0] * 4)  # Bhatia & Davis: equality on two points
    at = printed(two_points, 6)
    assert descriptives.bhatia_davis(**at).verdict == "consistent"
    more = {**at, "sd": at["sd"] + 2e-6}
    assert descriptives.bhatia_davis(**more).verdict == "inconsistent"
    one_out = np.array([0.0] * 9 + [1.0])  # Samuelson: equality when all others coincide
    at = printed(one_out, 6)
    assert descriptives.samuelson(**at).verdict == "consistent"
    less = {**at, "sd": at["sd"] - 2e-6}
    assert descriptives.samuelson(**less).verdict == "inconsistent"
    spread = np.array([0.0, *[0.5] * 8, 1.0])  # Nagy: equality with all others in the middle
    at = printed(spread, 6)
    keys = {k: at[k] for k in ("sd", "minimum", "maximum", "n")}
    assert descriptives.smallest_sd(**keys).verdict == "consistent"
    assert descriptives.smallest_sd(**{**keys, "sd": at["sd"] - 2e-6}).verdict == "inconsistent"


def test_a_mean_outside_the_range_is_caught() -> None:
    found = descriptives.ordered(rounding("0.27"), rounding("0.25"), rounding("0.30"))
    assert found.verdict == "inconsistent"
    assert descriptives.ordered(rounding("0.3"), rounding("0.26"), rounding("0.4")).verdict == "consistent"


@pytest.mark.parametrize("seed", range(20))
def test_sums_of_variables(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, 300)) @ np.diag(np.ones(300)) + rng.normal(size=300)
    texts = [rounding(f"{x.mean():.3f}") for x in (a, b, a + b)]
    assert sums.adds_up(texts[:2], texts[2]).verdict == "consistent"
    assert sums.adds_up(texts[:2], texts[2] + 0.01).verdict == "inconsistent"
    total, first, second = (rounding(f"{x.std(ddof=1):.6f}") for x in (a + b, a, b))
    found = sums.error_of_sum(total, [first, second], what="deviations")
    told = found.sentence.partition("correlation of the two of ")[2].removesuffix(".")
    low, high = (float(x) for x in told.split(" to "))
    assert low - 6e-3 <= np.corrcoef(a, b)[0, 1] <= high + 6e-3
    too_wide = sums.error_of_sum(first + second + 0.1, [first, second])
    assert too_wide.verdict == "inconsistent"


def test_weights_and_shares() -> None:
    thirds = [rounding("0.333")] * 3
    assert sums.adds_up(thirds, 1.0).verdict == "consistent"
    assert sums.adds_up([*thirds, rounding("0.010")], 1.0).verdict == "inconsistent"


def test_one_value_share_of_known_data() -> None:
    x = np.array([0.0] * 9 + [10.0])
    share = 81 / ((x - 1) ** 2).sum()
    found = descriptives.one_value_share(**printed(x, 4))
    low, high = (float(v) for v in found.implied.removesuffix(" %").split(" to "))
    assert low - 0.1 <= 100 * share <= high + 0.1


def test_rescaling_reads_off_range_and_mean() -> None:
    found = descriptives.rescaling(rounding("0.6000"), rounding("0.5540"), rounding("0.9540"))
    assert "0.6 + 0.4" in found.sentence
