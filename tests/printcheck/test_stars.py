"""Stars: printed tables of the t distribution, planted and rounded values."""

import numpy as np
import pytest

from printcheck.intervals import rounding
from printcheck.stars import possible_stars, stars_from_error, stars_from_t, what_parentheses_hold


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
        found = stars_from_error(rounding(say(coef, digits)), rounding(say(se, digits)), stars=true, df=1e9)
        assert found.verdict == "consistent"
    planted = (true + 2) % 4
    far = stars_from_error(rounding(say(coef, 9)), rounding(say(se, 9)), stars=planted, df=1e9)
    assert far.verdict == "inconsistent"


def test_stars_are_counted_in_words() -> None:
    one = stars_from_error(rounding("0.0550"), rounding("0.0319"), stars=1)
    assert (one.implied.rpartition(", ")[2], one.printed) == ("1 star", "1 star")
    none = stars_from_error(rounding("0.0025"), rounding("0.0035"), stars=2)
    assert none.sentence.endswith("which earns 0 stars; 2 stars are printed.")


def test_a_coefficient_and_its_t_share_a_sign() -> None:
    assert stars_from_t(rounding("-0.17"), rounding("4.50"), stars=3).verdict == "inconsistent"
    assert stars_from_t(rounding("-0.17"), rounding("-4.50"), stars=3).verdict == "consistent"


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
