"""Printed numbers at the edge of what rounding allows: the audit neither accuses falsely nor stops."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from printcheck import Cells, interval, rounding
from printcheck.batches import put_stars
from printcheck.descriptives import one_value_share
from printcheck.distribution import effect_in_sd, exaggeration
from printcheck.fit import joint_f, room_for_t
from printcheck.groups import difference, difference_overlapping
from printcheck.instruments import f_of_first_stage, iv_against_ols
from printcheck.mediation import share_mediated
from printcheck.moderation import relative_interaction
from printcheck.omitted import dropped_rows
from printcheck.sensitivity import conventions, which_convention
from printcheck.spatial import durbin_total
from printcheck.stars import stars_earned, t_of_coefficient
from printcheck.table import read_table


def numbers(**printed: str) -> Cells:
    """Return printed numbers under ids whose last part says what they are."""
    ids = [name.replace("_", ".") for name in printed]
    return Cells(pd.DataFrame({"printed": list(printed.values())}, index=ids))


# --- an R2 of 1.000 ----------------------------------------------------------------------------------


def test_an_r2_of_one_leaves_room_for_any_t() -> None:
    assert room_for_t(rounding("1.000"), rounding("900.00"), df=100).verdict == "consistent"
    # just below, the bound is that of the definition
    assert room_for_t(rounding("0.9980"), rounding("250.00"), df=100).verdict == "inconsistent"


def test_an_r2_of_one_is_never_above_one() -> None:
    found = joint_f(rounding("0.998"), rounding("1.000"), added=5, df=100)
    assert found.verdict == "consistent"
    assert "-" not in found.implied
    assert (
        dropped_rows(rounding("0.998"), rounding("1.000"), interval(100), interval(99)).verdict == "measured"
    )
    assert numbers(c1_r2="1.000")["c1.r2"].high == 1.0
    assert numbers(c1_r2="1.000")["c1.r2"].low == pytest.approx(0.9995)


@pytest.mark.parametrize("digits", [2, 3])
@pytest.mark.parametrize("seed", range(10))
def test_a_true_regression_with_r2_near_one_is_not_accused(seed: int, digits: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(60, 3))
    y = x.sum(1) + rng.normal(size=60) * rng.uniform(0.001, 0.2)
    long, short = (sm.OLS(y, sm.add_constant(x[:, :k])).fit() for k in (3, 2))
    r2, r2_short = (rounding(f"{one.rsquared:.{digits}f}") for one in (long, short))
    t = rounding(f"{long.tvalues[3]:.2f}")
    assert room_for_t(r2, t, df=long.df_resid).verdict == "consistent"
    assert joint_f(r2_short, r2, added=1, df=long.df_resid).verdict == "consistent"


# --- a denominator that may be zero ------------------------------------------------------------------

ZERO = rounding("0.000")
OPEN = {
    "relative_interaction": lambda: relative_interaction(ZERO, rounding("0.050"), rounding("40.0")),
    "effect_in_sd": lambda: effect_in_sd(rounding("0.020"), rounding("0.100"), ZERO),
    "share_mediated": lambda: share_mediated(ZERO, rounding("0.100"), rounding("0.200")),
    "durbin_total": lambda: durbin_total(rounding("0.020"), rounding("0.010"), rounding("1.000")),
    "iv_against_ols": lambda: iv_against_ols(rounding("0.2"), rounding("0.1"), ZERO, rounding("1.0")),
    "exaggeration": lambda: exaggeration(rounding("0.010"), ZERO),
    "which_convention": lambda: which_convention(
        rounding("0.10"),
        rounding("0.01"),
        rounding("100.0"),
        rounding("0.20"),
        rounding("0.44"),
        conventions=conventions(500, 5),
    ),
}


@pytest.mark.parametrize("name", OPEN)
def test_a_denominator_that_may_be_zero_decides_nothing(name: str) -> None:
    assert OPEN[name]().verdict == "cannot tell"


# --- a standard error of 0.000 -----------------------------------------------------------------------


def test_a_standard_error_of_zero_is_a_small_one() -> None:
    assert stars_earned(rounding("0.012"), ZERO, stars=3).verdict == "consistent"
    assert stars_earned(rounding("0.000"), ZERO, stars=3).verdict == "consistent"
    assert t_of_coefficient(rounding("0.012"), ZERO, rounding("400.00")).verdict == "consistent"
    both = rounding("0.012"), rounding("0.013")
    assert difference(*both, ZERO, ZERO, rounding("0.000")).verdict == "consistent"
    assert difference_overlapping(*both, ZERO, ZERO, rounding("0.000")).verdict == "consistent"
    assert exaggeration(ZERO, rounding("0.020")).verdict == "cannot tell"
    share = one_value_share(rounding("0.100"), ZERO, ZERO, rounding("0.900"), interval(50))
    assert share.verdict == "measured"


def test_a_table_with_a_standard_error_of_zero_is_checked_to_its_end() -> None:
    cells = numbers(c1_x_coef="0.012", c1_x_se="0.000", c2_x_coef="0.000", c2_x_se="0.000")
    cells.numbers["stars"] = ["3", "0", "0", "0"]
    put_stars(Cells(cells.numbers))
    assert cells["c1.x.se"].low == 0.0


@pytest.mark.parametrize("seed", range(20))
def test_rounding_away_every_digit_never_accuses(seed: int) -> None:
    """True estimates and errors, printed with too few decimals, earn the stars that their exact t earns."""
    rng = np.random.default_rng(seed)
    se = rng.uniform(1e-5, 2e-3)
    coef = se * rng.normal() * 3
    stars = sum(abs(coef / se) >= critical for critical in (1.645, 1.960, 2.576))
    for digits in (2, 3, 4):
        printed = rounding(f"{coef:.{digits}f}"), rounding(f"{se:.{digits}f}")
        assert stars_earned(*printed, stars=stars).verdict == "consistent"


# --- numbers printed without a point, or in scientific notation --------------------------------------


def test_a_statistic_printed_without_a_point_is_rounded_and_a_count_is_not() -> None:
    cells = numbers(c1_F="105", c1_N_n="105", c1_z_t="10.23")
    assert (cells["c1.F"].low, cells["c1.F"].high) == (104.5, 105.5)
    assert cells["c1.N.n"] == interval(105)
    assert f_of_first_stage(cells["c1.z.t"], cells["c1.F"]).verdict == "consistent"
    assert f_of_first_stage(cells["c1.z.t"], rounding("104")).verdict == "inconsistent"


@pytest.mark.parametrize(
    ("printed", "low", "high"),
    [
        ("1.2e-05", 1.15e-05, 1.25e-05),
        ("1.20E-3", 1.195e-03, 1.205e-03),
        ("-4e-4", -4.5e-04, -3.5e-04),
        ("1.5e+03", 1450.0, 1550.0),
        ("\u22122.5e\u221203", -2.55e-03, -2.45e-03),
    ],
)
def test_scientific_notation_is_rounded_in_its_last_digit(printed: str, low: float, high: float) -> None:
    found = rounding(printed)
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-12)


def test_a_csv_may_hold_scientific_notation(tmp_path) -> None:
    path = tmp_path / "numbers.csv"
    path.write_text("column,term,stat,printed,stars\n1,x,coef,1.2e-05,3\n1,x,se,2.0e-06,\n", encoding="utf-8")
    cells = Cells(read_table(path))
    put_stars(cells)
    assert [one.verdict for one in cells.findings] == ["consistent"]
