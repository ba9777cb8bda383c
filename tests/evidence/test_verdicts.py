"""Verdicts come from print precision."""

from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqp.evidence import exact_verdict, sign_verdict, twin_verdict


@pytest.mark.parametrize(
    ("value", "target", "decimals", "stat", "verdict"),
    [
        (0.2940088, 0.294, 3, "coef", "match"),
        (0.2945, 0.294, 3, "coef", "match"),  # a tie may round either way
        (0.294501, 0.294, 3, "coef", "near"),
        (0.2959, 0.294, 3, "coef", "near"),
        (0.2961, 0.294, 3, "coef", "differs"),
        (-0.294, 0.294, 3, "coef", "differs"),
        (0.0356, 0.035, 3, "se", "near"),
        (10.15, 10.0, 1, "t", "near"),  # within 2 %
        (10.25, 10.0, 1, "t", "differs"),
        (10.25, 10.0, 1, "coef", "differs"),
        (4544.0, 4544, 0, "n", "match"),
        (4547.0, 4544, 0, "n", "differs"),
    ],
)
def test_exact_verdict(value, target, decimals, stat, verdict):
    assert exact_verdict(value, target, decimals, stat) == verdict


@given(st.decimals(min_value=-1000, max_value=1000, places=6), st.integers(0, 4))
def test_whatever_rounds_to_the_print_is_a_match(value, decimals):
    printed = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    assert exact_verdict(float(value), float(printed), decimals) == "match"


@given(st.floats(-100, 100), st.integers(0, 4))
def test_three_units_off_never_match(target, decimals):
    assert exact_verdict(target + 3 * 10.0**-decimals, target, decimals) == "differs"


def test_twin_verdict():
    assert twin_verdict(0.2, 0.3, "coef", 0.1, 0.4) == "recovered"
    assert twin_verdict(0.2, 0.41, "coef", 0.1, 0.4) == "missed"
    # the interval of a fit is the coefficient's: a standard error is held against print by 10 %
    assert twin_verdict(0.0036, 0.0035, "se", 0.01, 0.03) == "recovered"
    assert twin_verdict(0.0039, 0.0035, "se", 0.001, 0.03) == "missed"
    assert twin_verdict(3324, 3324, "n") == "recovered"
    assert twin_verdict(3323, 3324, "n") == "missed"
    assert twin_verdict(0.0, 0.0, "min") == "recovered"


def test_sign_verdict():
    assert sign_verdict(0.1, 0.3, 0.01) == "same sign, significant"
    assert sign_verdict(0.1, 0.3, 0.2) == "same sign"
    assert sign_verdict(-0.1, 0.3, 0.01) == "opposite sign"
