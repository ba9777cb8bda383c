"""Verdicts come from print precision."""

from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqp.evidence.verdicts import VERDICTS, exact_verdict, sign_verdict, twin_verdict


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
        (4545.0, 4544, 0, "n", "differs"),  # a count is equal or it differs
        (4544.4, 4544, 0, "n", "differs"),
        (0.0004, -0.001, 3, "coef", "differs"),  # near in distance, but of the other sign
        (-0.0016, -0.001, 3, "coef", "near"),
        (-0.0008, 0.0, 3, "coef", "near"),  # a printed zero has no sign to contradict
        (0.0101, 0.0100, 4, "p", "near"),
        (0.5050, 0.5000, 4, "p", "differs"),  # a p value is no test statistic
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


@pytest.mark.parametrize(
    ("value", "target", "error", "verdict"),
    [
        (0.2, 0.3, 0.05, "inside"),
        (0.1999, 0.3, 0.05, "outside"),
        (-0.01, 0.02, 0.05, "outside"),  # near, but of the other sign
        (-0.2, -0.3, 0.06, "inside"),
        (0.0, 0.1, 0.1, "outside"),
    ],
)
def test_a_twins_effect_is_held_against_the_printed_standard_error(value, target, error, verdict):
    assert twin_verdict(value, target, error) == verdict


@given(st.floats(0.01, 100), st.floats(0.001, 100), st.floats(-3, 3))
def test_inside_does_not_depend_on_units_or_direction(target, error, distance):
    value = target + distance * error
    verdict = twin_verdict(value, target, error)
    assert twin_verdict(-value, -target, error) == verdict
    assert twin_verdict(1000 * value, 1000 * target, 1000 * error) == verdict


def test_sign_verdict():
    assert sign_verdict(0.1, 0.3, 0.01) == "same sign, significant"
    assert sign_verdict(0.1, 0.3, 0.2) == "same sign"
    assert sign_verdict(0.1, 0.3, 0.049) == "same sign, significant"
    assert sign_verdict(0.1, 0.3, 0.051) == "same sign"  # 10 % is not enough
    assert sign_verdict(-0.1, 0.3, 0.099) == "opposite sign"
    assert sign_verdict(-0.1, 0.3, 0.2) == "opposite sign"
    assert sign_verdict(-0.1, 0.3, 0.01) == "opposite sign, significant"


def test_no_verdict_has_two_names():
    assert len(set(VERDICTS)) == len(VERDICTS) == 12
    assert not {"recovered", "missed"} & set(VERDICTS)
