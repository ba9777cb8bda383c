"""Rounding intervals hold the number that was rounded, through any arithmetic."""

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from printcheck.intervals import Interval, as_printed, extremes, rounding, span

number = st.floats(-50, 50).map(lambda x: round(x, 6))
digits = st.integers(1, 5)


def ends(value: Interval) -> tuple[float, float]:
    return value.low, value.high


def test_a_printed_string_means_every_value_that_rounds_to_it() -> None:
    assert ends(rounding("0.0178")) == pytest.approx((0.01775, 0.01785))
    assert ends(rounding("90.30%")) == pytest.approx((90.295, 90.305))
    assert rounding("\u22120.17").high == pytest.approx(-0.165)
    assert rounding("3,324") == Interval(3324, 3324)
    assert rounding("95%") == Interval(94.5, 95.5)


@given(number, number, digits, digits)
def test_arithmetic_on_rounded_numbers_keeps_the_exact_result(x: float, y: float, m: int, n: int) -> None:
    a, b = rounding(f"{x:.{m}f}"), rounding(f"{y:.{n}f}")
    slack = 1e-9
    for result, exact in (
        (a + b, x + y),
        (a - b, x - y),
        (a * b, x * y),
        (abs(a), abs(x)),
        (a.squared(), x * x),
    ):
        assert result.low - slack <= exact <= result.high + slack
    if not b.low <= 0 <= b.high:
        ratio = a / b
        assert ratio.low - slack * abs(x / y) <= x / y <= ratio.high + slack * abs(x / y)


def test_a_divisor_of_either_sign_is_refused_and_one_that_touches_zero_leaves_the_ratio_open() -> None:
    for divisor in (Interval(-1, 1), Interval(0, 0)):
        with pytest.raises(ZeroDivisionError, match="may be zero"):
            Interval(1, 2) / divisor
    assert (Interval(1, 2) / Interval(0, 1)).low == pytest.approx(1)
    assert (Interval(1, 2) / Interval(0, 1)).high == inf


def test_extremes_are_sharp_where_a_number_occurs_twice() -> None:
    x = Interval(1, 2)
    assert ends(extremes(lambda v: v / (1 + v), x)) == pytest.approx((0.5, 2 / 3))
    loose = x / (1 + x)
    assert loose.low < 0.5
    assert loose.high > 2 / 3


def test_an_interval_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot run from 2 to 1"):
        Interval(2, 1)


def test_the_text_of_an_interval_tells_its_ends_apart() -> None:
    assert span(Interval(2.00001, 2.00004)) == "2.00001 to 2.00004"
    assert span(Interval(362, 362)) == "362"
    assert span(rounding("0.2438")) == "0.24375 to 0.24385"
    assert span(rounding("2.764")) == "2.7635 to 2.7645"
    assert span(rounding("1367.510")) == "1367.5095 to 1367.5105"
    assert span(Interval(0.52134, 0.99237), 3) == "0.521 to 0.992"
    rng = np.random.default_rng(1)
    for low in rng.normal(size=50):
        low_text, _, high_text = span(Interval(low, low + 1e-5)).partition(" to ")
        assert low_text != high_text


@pytest.mark.parametrize("printed", ["0.0178", "-2.10", "0.000", "403", "0.1", "12.9130", "-0.0131"])
def test_a_rounding_interval_is_written_as_it_was_printed(printed: str) -> None:
    assert as_printed(rounding(printed)) == printed
    assert as_printed(rounding("81.07%")) == "81.07"
