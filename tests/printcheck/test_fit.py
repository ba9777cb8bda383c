"""R2-t identities on certified and simulated regressions."""

import numpy as np
import pytest
import statsmodels.api as sm

from printcheck import interval, rounding
from printcheck.exchanged import exchange_between_samples
from printcheck.fit import (
    adjusted_r2,
    effects_leave_df,
    joint_f,
    one_added,
    one_regressor,
    remainder,
    residual_df,
    room_for_t,
    several_added,
    shared_inverse_df,
    shared_remainder,
)
from printcheck.sums import adds_up, fixed_weights, weight_ranges

DIGITS = [(4, 2), (3, 2), (3, 3), (2, 1)]


def panel(seed: int, units: int = 14, periods: int = 8):
    """Two-way fixed-effects regressions of one outcome on one of three regressors and two controls."""
    rng = np.random.default_rng(seed)
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    effects = np.column_stack([unit[:, None] == np.arange(units), period[:, None] == np.arange(1, periods)])
    controls = rng.normal(size=(units * periods, 2))
    x = rng.normal(size=(units * periods, 3)) + controls[:, :1]
    y = x @ [0.2, 0.3, 0.05] + controls @ [1.0, -0.5] + unit + rng.normal(size=units * periods)
    base = np.column_stack([effects.astype(float), controls])
    return y, x, base, residual_df(units * periods, units=units, periods=periods, regressors=3)


def columns(seed: int):
    """R2 and t of the three columns, the R2 without their regressor, and df."""
    y, x, base, df = panel(seed)
    fits = [sm.OLS(y, np.column_stack([x[:, k], base])).fit() for k in range(3)]
    assert all(fit.df_resid == df for fit in fits)
    # df counts effects once: R2 about the mean, as statsmodels gives it when effects span the constant
    short = sm.OLS(y, base).fit()
    return [f.rsquared for f in fits], [f.tvalues[0] for f in fits], short.rsquared, df, fits, short


def printed(values, digits):
    return [rounding(f"{value:.{digits}f}") for value in values]


def test_remainder_is_exact_on_a_two_way_regression():
    r2, t, short, df, *_ = columns(0)
    for r, s in zip(r2, t, strict=True):
        assert remainder(interval(r), interval(s), df).middle == pytest.approx(short, abs=1e-10)


def test_identity_also_holds_for_adjusted_r2():
    _, t, _, df, fits, _ = columns(1)
    one, two, three = [
        remainder(interval(f.rsquared_adj), interval(s), df).middle for f, s in zip(fits, t, strict=True)
    ]
    assert one == pytest.approx(two, abs=1e-10)
    assert one == pytest.approx(three, abs=1e-10)


@pytest.mark.parametrize("digits", DIGITS)
@pytest.mark.parametrize("seed", range(15))
def test_rounding_is_never_inconsistent(seed, digits):
    r2, t, short, df, *_ = columns(seed)
    shown, t_shown = printed(r2, digits[0]), printed(t, digits[1])
    [short_shown] = printed([short], digits[0])
    assert shared_remainder(shown, t_shown, df=df).verdict == "consistent"
    assert shared_remainder(shown, t_shown, df=df - 9, most_df=df + 20).verdict == "consistent"
    assert one_added(short_shown, shown[2], t_shown[2], df=df).verdict == "consistent"
    assert room_for_t(shown[0], t_shown[0], df=df).verdict == "consistent"
    y, x, base, _ = panel(seed)
    full = sm.OLS(y, np.column_stack([x, base])).fit()
    long, t_long = printed([full.rsquared], digits[0])[0], printed(full.tvalues[:3], digits[1])
    assert several_added(short_shown, long, t_long, df=df - 2).verdict == "consistent"
    assert several_added(short_shown, long).verdict == "consistent"
    n, k = len(y), full.model.rank - 1
    adjusted = rounding(f"{full.rsquared_adj:.{digits[0]}f}")
    assert adjusted_r2(long, adjusted, interval(n), interval(k)).verdict == "consistent"


def test_another_column_s_t_value_is_caught():
    r2, t, _, df, *_ = columns(0)
    shown, t_shown = printed(r2, 4), printed(t, 2)
    moved = [t_shown[1], t_shown[0], t_shown[2]]
    assert shared_remainder(shown, moved, df=df).verdict == "inconsistent"
    assert "no rounding of R2 and t makes them one number" in shared_remainder(shown, moved, df=df).sentence
    assert one_added(rounding("0.1000"), shown[0], t_shown[0], df=df).verdict == "inconsistent"
    assert several_added(rounding("0.9990"), shown[0]).verdict == "inconsistent"


def test_degrees_of_freedom_that_fit_are_bounded_exactly():
    r2, t, _, df, *_ = columns(3)
    found = shared_inverse_df(printed(r2, 9), printed(t, 9), 10, 1000)
    assert 1 / found.high <= df <= 1 / found.low
    assert 1 / found.low - 1 / found.high < 0.01


def test_joint_f_and_adjusted_r2_of_the_longley_regression():
    # NIST StRD, Longley: certified R2 0.995479004577296 and F 330.285339234588 with 6 and 9 degrees of freedom
    r2 = interval(0.995479004577296)
    assert joint_f(interval(0.0), r2, added=6, df=9).implied.startswith("F of 330.3,")
    # adjusted: R prints 0.9925 for this regression (example of `longley` in R's datasets)
    cells = rounding("0.9955"), rounding("0.9925"), rounding("16"), rounding("6")
    assert adjusted_r2(*cells).verdict == "consistent"
    assert adjusted_r2(cells[0], rounding("0.9935"), *cells[2:]).verdict == "inconsistent"


def test_one_regressor_and_its_t_on_the_norris_data():
    # NIST StRD, Norris: slope 1.00211681802045, sd 0.429796848199937E-03, R2 0.999993745883712, 34 df
    t = interval(1.00211681802045 / 0.429796848199937e-03)
    assert one_regressor(rounding("0.999993745884"), t, df=34).verdict == "consistent"
    assert one_regressor(rounding("0.999993755884"), t, df=34).verdict == "inconsistent"
    assert room_for_t(rounding("0.999993745884"), t, df=34).verdict == "consistent"
    assert room_for_t(rounding("0.99"), t, df=34).verdict == "inconsistent"


def test_regressors_without_relation_raise_r2_by_chance():
    rng = np.random.default_rng(2)
    y, noise = rng.normal(size=300), rng.normal(size=(300, 60))
    fit = sm.OLS(y, sm.add_constant(noise)).fit()
    ordinary = joint_f(interval(0.0), rounding(f"{fit.rsquared:.4f}"), added=60, df=fit.df_resid)
    assert ordinary.verdict == "consistent"
    assert joint_f(interval(0.0), rounding("0.0002"), added=60, df=fit.df_resid).verdict == "cannot tell"


def test_effects_that_leave_nothing():
    r2 = rounding("0.9188")
    result = effects_leave_df(interval(3025), r2, effects=3025, regressors=6)
    assert result.verdict == "inconsistent"
    assert "leave -6 degrees of freedom" in result.sentence
    assert effects_leave_df(interval(3025), r2, effects=285, regressors=6).verdict == "consistent"


NAMES = ("A", "B", "C")


def two_samples(seed: int):
    first, second = columns(seed), columns(seed + 1000)
    cells = [printed(first[0], 4), printed(first[1], 2), printed(second[0], 4), printed(second[1], 2)]
    samples = ("one sample", "the other")
    df, other = (first[3],) * 2, (second[3],) * 2
    return cells, {"columns": NAMES, "samples": samples, "df": df, "df_other": other}


@pytest.mark.parametrize("seed", range(6))
def test_exchange_finds_what_was_exchanged(seed):
    (r2, t, r2_other, t_other), given = two_samples(seed)
    assert exchange_between_samples(r2, t, r2_other, t_other, **given).verdict == "consistent"
    t[1], t_other[1] = t_other[1], t[1]
    found = exchange_between_samples(r2, t, r2_other, t_other, **given)
    assert found.verdict == "inconsistent"
    assert "coefficient and t of B" in found.implied
    assert "3 of 3 and 3 of 3" in found.implied
    assert "all identities of both samples hold" in found.sentence


def test_exchange_of_r2_and_of_nothing():
    (r2, t, r2_other, t_other), given = two_samples(0)
    r2[2], r2_other[2] = r2_other[2], r2[2]
    assert "R2 of C" in exchange_between_samples(r2, t, r2_other, t_other, **given).implied
    (r2, t, r2_other, t_other), given = two_samples(0)
    r2[2] = rounding("0.5000")
    found = exchange_between_samples(r2, t, r2_other, t_other, **given)
    assert found.verdict == "inconsistent"
    assert "no exchange makes more columns agree" in found.sentence


def test_exchange_of_every_column_says_what_it_cannot_tell():
    (r2, t, r2_other, t_other), given = two_samples(1)
    given["df"] = given["df_other"] = (60, 120)
    found = exchange_between_samples(r2, t_other, r2_other, t, **given)
    assert "Exchanging n and R2 in all columns instead gives the same numbers" in found.sentence


@pytest.mark.parametrize("digits", [2, 3, 4])
@pytest.mark.parametrize("seed", range(10))
def test_coefficients_over_components_add_up(seed, digits):
    rng = np.random.default_rng(seed)
    y, x, base, _ = panel(seed)
    parts = np.column_stack([y, rng.normal(size=(len(y), 2)) + x[:, :1], rng.normal(size=len(y))])
    weights = rng.dirichlet(np.ones(parts.shape[1]))
    design = np.column_stack([x, base])
    total = sm.OLS(parts @ weights, design).fit().params[:3]
    each = [sm.OLS(p, design).fit().params[:3] for p in parts.T]
    shown = printed(total, digits)
    rows = [printed([e[k] for e in each], digits) for k in range(3)]
    flat = [one for row in rows for one in row]
    names = ("a", "b", "c", "d")
    assert fixed_weights(shown, flat, components=names).verdict == "consistent"
    assert fixed_weights(shown, flat, components=names, total_weight=None).verdict == "consistent"
    assert adds_up(rows[0], shown[0], weights=list(weights)).verdict == "consistent"
    plain = sm.OLS(parts.sum(axis=1), design).fit().params[0]
    assert adds_up(rows[0], rounding(f"{plain:.{digits}f}")).verdict == "consistent"
    assert adds_up(rows[0], rounding(f"{plain + 0.5:.{digits}f}")).verdict == "inconsistent"


def test_weights_of_two_components_are_identified():
    # one coefficient between two others: 0.5 = w 0.2 + (1 - w) 1.0 has w = 0.625 and no other solution
    first, second = weight_ranges([interval(0.5)], [[interval(0.2), interval(1.0)]], 1.0)
    assert [first.middle, second.middle] == pytest.approx([0.625, 0.375])
    assert first.high - first.low < 1e-7


def test_no_weights_exist_outside_the_components():
    found = fixed_weights([rounding("1.20")], [rounding("0.20"), rounding("1.00")], components=("a", "b"))
    assert found.verdict == "inconsistent"
    assert found.implied == "no weights"
    scaled = fixed_weights(
        [rounding("1.20")], [rounding("0.20"), rounding("1.00")], components=("a", "b"), total_weight=None
    )
    assert scaled.verdict == "consistent"
