"""Stars: printed tables of the t distribution, planted and rounded values."""

import numpy as np
import pytest
from scipy.stats import chi2, norm

from printcheck import interval
from printcheck.intervals import Interval, rounding
from printcheck.stars import (
    p_of_statistic,
    possible_stars,
    stars_earned,
    t_of_coefficient,
    what_parentheses_hold,
)


def say(value: float, digits: int) -> str:
    return f"{value:.{digits}f}"


@pytest.mark.parametrize(
    ("t", "df", "stars"),
    [
        ("1.640", 1e9, {0}),
        ("1.650", 1e9, {1}),
        ("1.97", 1e9, {2}),
        ("2.580", 1e9, {3}),
        ("2.580", 30, {2, 3}),
    ],
)
def test_printed_critical_values(t: str, df: float, stars: set[int]) -> None:
    """1.645, 1.960, 2.576 of the normal and 1.697, 2.042, 2.750 of t(30), as in any printed table."""
    assert possible_stars(rounding(t), df) == stars


def test_t30_of_a_printed_table() -> None:
    assert possible_stars(rounding("1.690"), 30) == {0, 1}
    assert possible_stars(rounding("2.760"), 30) == {3}


@pytest.mark.parametrize("seed", range(20))
def test_rounding_never_makes_true_stars_inconsistent_and_an_added_star_is_caught(seed: int) -> None:
    rng = np.random.default_rng(seed)
    coef, se = rng.normal(0, 0.05), rng.uniform(0.004, 0.03)
    true = sum(abs(coef / se) >= c for c in (1.6449, 1.9600, 2.5758))
    for digits in (3, 4, 6):
        found = stars_earned(rounding(say(coef, digits)), rounding(say(se, digits)), stars=true, df=1e9)
        assert found.verdict == "consistent"
    planted = (true + 2) % 4
    far = stars_earned(rounding(say(coef, 9)), rounding(say(se, 9)), stars=planted, df=1e9)
    assert far.verdict == "inconsistent"


def test_stars_are_counted_in_words() -> None:
    one = stars_earned(rounding("0.0550"), rounding("0.0319"), stars=1)
    assert (one.implied.rpartition(", ")[2], one.printed) == ("1 star", "1 star")
    none = stars_earned(rounding("0.0025"), rounding("0.0035"), stars=2)
    assert none.sentence.endswith("which earns 0 stars; 2 stars are printed.")


def test_a_coefficient_and_its_t_share_a_sign() -> None:
    assert stars_earned(rounding("-0.17"), rounding("4.50"), stars=3, holds="t").verdict == "inconsistent"
    assert stars_earned(rounding("-0.17"), rounding("-4.50"), stars=3, holds="t").verdict == "consistent"


# NIST StRD, Longley: certified estimates and standard errors, 9 degrees of freedom
LONGLEY = {
    "-3482258.63459582": "890420.383607373",
    "15.0618722713733": "84.9149257747669",
    "-0.0358191792925910": "0.0334910077722432",
    "-2.02022980381683": "0.488399681651699",
    "-1.03322686717359": "0.214274163161675",
    "-0.0511041056535807": "0.226073200069370",
    "1829.15146461355": "455.478499142212",
}
LONGLEY_STARS = [3, 0, 0, 3, 3, 0, 3]


def test_a_table_that_calls_standard_errors_t_values_is_named() -> None:
    coef, inside = [rounding(x) for x in LONGLEY], [rounding(x) for x in LONGLEY.values()]
    as_t = what_parentheses_hold(coef, inside, stars=LONGLEY_STARS, said="t", df=9)
    assert as_t.verdict == "inconsistent"
    as_error = what_parentheses_hold(coef, inside, stars=LONGLEY_STARS, said="se", df=9)
    assert as_error.verdict == "consistent"
    one_off = what_parentheses_hold(coef, inside, stars=[*LONGLEY_STARS[:6], 1], said="se", df=9)
    assert one_off.verdict == "cannot tell"


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
    assert p_of_statistic(rounding(z), rounding(p)).verdict == "consistent"


@pytest.mark.parametrize(("z", "p"), STATA)
def test_a_changed_digit_is_caught(z, p):
    changed = f"{float(p) + 0.03 if float(p) < 0.9 else float(p) - 0.04:.4f}"
    found = p_of_statistic(rounding(z), rounding(changed))
    assert found.verdict == "inconsistent"
    assert "needs a z of size" in found.sentence


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("digits", [(1, 2), (2, 3), (3, 1)])
def test_rounding_of_z_and_p_never_contradicts(seed, digits):
    for z in np.random.default_rng(seed).normal(scale=2, size=20):
        p = 2 * norm.sf(abs(z))
        assert (
            p_of_statistic(rounding(f"{z:.{digits[0]}f}"), rounding(f"{p:.{digits[1]}f}")).verdict
            == "consistent"
        )


def test_the_needed_z_is_the_inverse():
    found = p_of_statistic(rounding("-0.17"), rounding("0.449"))
    assert "0.756 to 0.758" in found.sentence


@pytest.mark.parametrize("statistic", [0.5, 3.84, 12.706])
def test_p_of_one_restriction_is_chi_square(statistic) -> None:
    p = float(chi2.sf(statistic, 1))
    for digits in (3, 4, 6):
        cells = rounding(f"{statistic:.3f}"), rounding(f"{p:.{digits}f}")
        assert p_of_statistic(*cells, form="chi2").verdict == "consistent"
    apart = p_of_statistic(interval(statistic), Interval(p + 0.01, p + 0.02), form="chi2")
    assert apart.verdict == "inconsistent"


def test_p_of_few_degrees_of_freedom_lies_between_normal_and_t() -> None:
    two = rounding("2.000")
    assert p_of_statistic(two, rounding("0.0734"), df=10).verdict == "consistent"  # t(10): 0.0734
    assert p_of_statistic(two, rounding("0.0734")).verdict == "inconsistent"  # normal: 0.0455
    assert p_of_statistic(two, rounding("0.0800"), df=10).verdict == "inconsistent"


def test_t_is_coefficient_over_error_with_or_without_its_sign() -> None:
    cells = rounding("-0.120"), rounding("0.040")
    assert t_of_coefficient(*cells, rounding("-3.00")).verdict == "consistent"
    assert t_of_coefficient(*cells, rounding("3.00")).verdict == "consistent"
    assert t_of_coefficient(*cells, rounding("-3.20")).verdict == "inconsistent"


def test_levels_of_other_fields() -> None:
    """One to three stars for 5, 1 and 0.1 %: 1.96, 2.576 and 3.291 of the normal, as in any printed table."""
    levels = (0.05, 0.01, 0.001)
    assert possible_stars(rounding("1.80"), 1e9, levels) == {0}
    assert possible_stars(rounding("2.70"), 1e9, levels) == {2}
    assert possible_stars(rounding("3.30"), 1e9, levels) == {3}
