"""Checks on one instrument, against Card's data, simulated regressions and printed F statistics."""

from functools import cache

import numpy as np
import pytest

from nqp.robustness import tf_interval
from printcheck import CANNOT_TELL, CONSISTENT, INCONSISTENT, Interval, interval, rounding
from printcheck.instruments import (
    f_of_first_stage,
    first_stage_of_errors,
    iv_against_ols,
    partial_r2,
    reduced_form_constant,
    tf_adjusted,
)


@pytest.fixture(scope="module")
def card():
    """Card (1995) as shipped with linearmodels: log wage on education, instrument nearc4, 14 controls."""
    from linearmodels.datasets import card as shipped
    from linearmodels.iv import IV2SLS

    data = shipped.load()
    names = ["exper", "expersq", "black", "smsa", "south", "smsa66"]
    controls = data[[*names, *[f"reg66{i}" for i in range(2, 10)]]].assign(const=1.0)
    data = data.assign(const=1.0)
    return data, controls, IV2SLS


@pytest.fixture(scope="module")
def fit(card):
    """Instrumented, plain and reduced regression and the first stage, by kind of error; each is fitted once."""
    data, controls, model = card

    @cache
    def fitted(cov_type):
        given = {"cov_type": cov_type}
        iv = model(data["lwage"], controls, data["educ"], data["nearc4"]).fit(**given)
        ols = model(data["lwage"], controls.assign(educ=data["educ"]), None, None).fit(**given)
        reduced = model(data["lwage"], controls.assign(nearc4=data["nearc4"]), None, None).fit(**given)
        stage = iv.first_stage
        return iv, ols, reduced, stage.individual["educ"], stage.diagnostics.loc["educ"]

    return fitted


@pytest.mark.parametrize("cov_type", ["unadjusted", "robust"])
@pytest.mark.parametrize("digits", [2, 3, 5])
def test_card_f_is_squared_t_of_the_same_kind(fit, cov_type, digits):
    _, _, _, first, diagnostics = fit(cov_type)
    t2 = float(first.params["nearc4"] / first.std_errors["nearc4"]) ** 2
    f = float(diagnostics["f.stat"])
    assert f == pytest.approx(t2, rel=1e-8)
    coef, se = (rounding(f"{float(x['nearc4']):.{digits}f}") for x in (first.params, first.std_errors))
    assert f_of_first_stage(coef / se, rounding(f"{f:.2f}")).verdict == CONSISTENT
    assert f_of_first_stage(rounding(f"{np.sqrt(t2):.{digits}f}"), rounding(f"{f:.2f}")).verdict == CONSISTENT


def test_a_planted_f_is_caught(fit):
    _, _, _, first, diagnostics = fit("unadjusted")
    coef, se = (rounding(f"{float(x['nearc4']):.4f}") for x in (first.params, first.std_errors))
    f = float(diagnostics["f.stat"])
    planted = f_of_first_stage(coef / se, rounding(f"{f * 1.15:.2f}"))
    assert planted.verdict == INCONSISTENT
    assert "is not that number" in planted.sentence


def test_card_reduced_form(fit):
    iv, _, reduced, first, _ = fit("unadjusted")
    assert float(first.params["nearc4"]) * float(iv.params["educ"]) == pytest.approx(
        float(reduced.params["nearc4"]), rel=1e-8
    )


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("digits", [2, 4])
def test_reduced_form_is_one_across_regressors(seed, digits):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=200)
    x = [b * z + rng.normal(size=200) for b in (1.0, 0.7)]
    y = 0.5 * x[0] + rng.normal(size=200)
    slope = lambda left: float(np.cov(z, left)[0, 1] / z.var(ddof=1))  # noqa: E731
    first = [slope(one) for one in x]
    second = [slope(y) / one for one in first]
    as_printed = [[rounding(f"{v:.{digits}f}") for v in column] for column in (first, second)]
    assert reduced_form_constant(*as_printed).verdict == CONSISTENT
    as_printed[1][1] = rounding(f"{second[1] + 0.2:.{digits}f}")
    assert reduced_form_constant(*as_printed).verdict == INCONSISTENT


def test_card_iv_against_ols(card, fit):
    iv, ols, *_ = fit("unadjusted")
    sd = interval(card[0]["lwage"].std())
    a, b, c = (interval(float(v["educ"])) for v in (iv.params, iv.std_errors, ols.params))
    found = iv_against_ols(a, b, c, sd)
    assert found.verdict == CONSISTENT
    assert f"{float(iv.params['educ']) / float(ols.params['educ']):.3g} times" in found.sentence
    assert iv_against_ols(a * 10, b, c, sd).verdict == CANNOT_TELL


def critical(f: float) -> float:
    return tf_interval(0.0, 1.0, f)[1]


def test_tf_at_the_table_of_the_paper():
    """Lee et al. (2022): at F = 10 the critical value is 3.43 (interpolated in F; 3.43 in the root's table)."""
    one, weak = interval(1.0), interval(10.0)
    found = tf_adjusted(interval(3.0), one, weak, stars=3, critical=critical)
    assert found.verdict == CANNOT_TELL
    low, high = (float(v) for v in found.implied.removeprefix("tF interval ").split(" to "))
    assert (high - low) / 2 == pytest.approx(3.43, abs=0.02)
    strong = tf_adjusted(interval(3.0), one, interval(120.0), stars=3, critical=critical)
    assert strong.verdict == CONSISTENT
    assert tf_adjusted(one, one, weak, stars=0, critical=critical).verdict == CONSISTENT
    open_one = tf_adjusted(Interval(3.3, 3.6), one, weak, stars=3, critical=critical)
    assert "some roundings only" in open_one.sentence


def test_partial_r2_of_card_is_that_of_linearmodels(card, fit):
    data, controls, model = card
    first = model(data["educ"], controls.assign(nearc4=data["nearc4"]), None, None)
    f = interval(first.fit(cov_type="unadjusted", debiased=True).tstats["nearc4"] ** 2)
    exact = fit("unadjusted")[-1]["partial.rsquared"]
    df = len(data) - controls.shape[1] - 1
    assert float(partial_r2(f, df=df, most=1.0).implied.removeprefix("partial R2 ")) == pytest.approx(
        exact, rel=5e-3
    )
    assert partial_r2(f, df=df, most=exact + 1e-4).verdict == CONSISTENT
    assert partial_r2(f, df=df, most=exact - 1e-4).verdict == INCONSISTENT


def test_errors_of_four_outcomes_imply_the_one_first_stage():
    from linearmodels.iv import IV2SLS

    rng = np.random.default_rng(0)
    z, common = rng.normal(size=(2, 20_000))
    x = 0.8 * z + common + rng.normal(size=20_000)
    errors = []
    for slope in (0.1, 0.5, 1.0, 2.0):
        y = slope * x + rng.normal(size=20_000) * slope
        const = np.ones(20_000)
        ols = IV2SLS(y, np.column_stack([const, x]), None, None).fit(cov_type="unadjusted")
        iv = IV2SLS(y, const, x, z).fit(cov_type="unadjusted")
        errors.append((ols.std_errors.iloc[1], iv.std_errors.iloc[1]))
    shown = [[rounding(f"{pair[side] / pair[1] * 0.2:.3f}") for pair in errors] for side in (0, 1)]
    found = first_stage_of_errors(*shown)
    assert found.verdict == CONSISTENT
    low, high = (float(end) for end in found.implied.removeprefix("partial R2 ").split("; ")[0].split(" to "))
    assert low - 0.01 <= np.corrcoef(x, z)[0, 1] ** 2 <= high + 0.01
    shown[1][0] = rounding("0.300")
    assert first_stage_of_errors(*shown).verdict == INCONSISTENT
