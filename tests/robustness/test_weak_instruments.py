"""Weak-instrument inference, against linearmodels, R's ivmodel, published critical values and table 7."""

import numpy as np
import pandas as pd
import pytest
from linearmodels.datasets import card
from linearmodels.iv import IV2SLS

from nqp.data import PanelError
from nqp.robustness import DesignError, anderson_rubin, effective_f, reduced_form, tf_interval
from nqp.robustness.tf_table import CRITICAL, ROOT_F
from nqp.robustness.weak_instruments import ReducedForm

CARD = ["exper", "expersq", "black", "south", "smsa", *(f"reg{k}" for k in range(661, 669)), "smsa66"]


@pytest.fixture(scope="module")
def schooling():
    return card.load().assign(const=1.0)


@pytest.fixture(scope="module")
def cities(open_panel):
    frame = open_panel.assign(const=1.0, iv_hl=open_panel["hl"] * (open_panel["year"] - 2008))
    sy = frame["sy"].where(frame["sy"] > 0)
    return frame.assign(iv_sy=np.log(sy) * (frame["year"] - 2008))


def two_stage(frame, y, x, instruments, controls, **fit):
    return IV2SLS(frame[y], frame[["const", *controls]], frame[[x]], frame[instruments]).fit(**fit)


@pytest.mark.parametrize("instruments", [["nearc4"], ["nearc4", "nearc2"]])
def test_anderson_rubin_equals_ivmodel(schooling, reference, instruments):
    form = reduced_form(schooling, "lwage", "educ", instruments, CARD, cov_type="unadjusted")
    found = anderson_rubin(form)
    theirs = reference["ivmodel"]["_".join(instruments)]
    assert len(found.intervals) == 1
    # linearmodels' copy of the data is rounded to fewer digits
    assert found.intervals[0] == pytest.approx(theirs["interval"], abs=2e-7)
    assert found.p_value == pytest.approx(theirs["p_value"], abs=1e-7)
    if "f" in theirs:
        assert found.statistic == pytest.approx(theirs["f"], rel=2e-6)


@pytest.mark.parametrize("cov", ["unadjusted", "robust"])
def test_one_instrument_effective_f_is_kleibergen_paap(schooling, cov):
    fit = two_stage(schooling, "lwage", "educ", ["nearc4"], CARD, cov_type=cov)
    form = reduced_form(schooling, "lwage", "educ", ["nearc4"], CARD, cov_type=cov)
    assert effective_f(form).statistic == pytest.approx(fit.first_stage.kleibergen_paap_f, rel=1e-9)
    assert form.rho[0] / form.pi[0] == pytest.approx(fit.params["educ"], rel=1e-9)


def test_clustered_f_is_that_of_the_first_stage_regression(cities, controls):
    form = reduced_form(cities, "entreact", "did", ["iv_hl"], controls, cov_type="clustered", cluster="id")
    first = IV2SLS(cities["did"], cities[["const", "iv_hl", *controls]], None, None)
    fit = first.fit(cov_type="clustered", clusters=cities["id"], debiased=True)
    assert effective_f(form).statistic == pytest.approx(fit.tstats["iv_hl"] ** 2, rel=1e-9)
    plain = reduced_form(
        cities, "entreact", "did", ["iv_hl"], controls, cov_type="clustered", cluster="id", debiased=False
    )
    fit = first.fit(cov_type="clustered", clusters=cities["id"], debiased=False)
    assert effective_f(plain).statistic == pytest.approx(fit.tstats["iv_hl"] ** 2, rel=1e-9)


@pytest.mark.parametrize("cov", ["unadjusted", "robust"])
@pytest.mark.parametrize("instruments", [["nearc4"], ["nearc4", "nearc2"]])
def test_wald_test_at_the_ends_is_the_critical_value(schooling, cov, instruments):
    """A second engine: regress y - b x on instruments and controls, test that the instruments drop out."""
    form = reduced_form(schooling, "lwage", "educ", instruments, CARD, cov_type=cov, debiased=False)
    found = anderson_rubin(form)
    for end in np.ravel(found.intervals):
        y = schooling["lwage"] - end * schooling["educ"]
        fit = IV2SLS(y, schooling[["const", *CARD, *instruments]], None, None).fit(cov_type=cov)
        wald = fit.wald_test(formula=", ".join(f"{name} = 0" for name in instruments))
        assert wald.pval == pytest.approx(0.05, abs=1e-8)


def test_absorbed_effects_equal_dummies(cities, controls):
    few = cities[cities["id"] < 150000]
    options = {"cov_type": "clustered", "cluster": "id", "debiased": False}
    absorbed = reduced_form(few, "entreact", "did", ["iv_hl"], controls, absorb=["id", "year"], **options)
    dummies = pd.get_dummies(few[["id", "year"]].astype(str), drop_first=True, dtype=float)
    dummies = dummies.drop(columns=[c for c in dummies if dummies[c].abs().sum() == 0])
    wide = pd.concat([few, dummies], axis=1)
    plain = reduced_form(wide, "entreact", "did", ["iv_hl"], [*controls, *dummies], **options)
    assert absorbed.rho == pytest.approx(plain.rho, rel=1e-7)
    assert absorbed.pi == pytest.approx(plain.pi, rel=1e-7)
    assert np.allclose(absorbed.covariance, plain.covariance, rtol=1e-6)


@pytest.mark.parametrize(("instrument", "first", "second"), [("iv_hl", "c1", "c2"), ("iv_sy", "c3", "c4")])
def test_the_printed_two_stage_table(cities, controls, printed, instrument, first, second):
    """Table 7 with linearmodels alone, and our reduced form on the same rows."""
    rows = cities.dropna(subset=[instrument])
    assert str(len(rows)) == printed[f"t7.{second}.model.n"]
    stage = IV2SLS(rows["did"], rows[["const", instrument, *controls]], None, None)
    stage = stage.fit(cov_type="robust", debiased=True)
    fit = two_stage(rows, "entreact", "did", [instrument], controls, cov_type="robust")
    for column, result, terms in ((first, stage, [instrument, "gdp"]), (second, fit, ["did", "gdp"])):
        ends = result.conf_int()
        for term in terms:
            assert f"{result.params[term]:.3f}" == printed[f"t7.{column}.{term}.coef"]
            assert f"{ends.loc[term, 'lower']:.3f}" == printed[f"t7.{column}.{term}.ci_low"]
            assert f"{ends.loc[term, 'upper']:.3f}" == printed[f"t7.{column}.{term}.ci_high"]
    form = reduced_form(rows, "entreact", "did", [instrument], controls)
    assert f"{(form.rho / form.pi)[0]:.3f}" == printed[f"t7.{second}.did.coef"]
    assert effective_f(form).statistic == pytest.approx(stage.tstats[instrument] ** 2, rel=1e-9)


def test_set_may_be_disjoint(cities, controls):
    """Clustered by city the printed first stage is weak: two rays, each end where the test just rejects."""
    form = reduced_form(
        cities, "entreact", "did", ["iv_hl"], controls, cov_type="clustered", cluster="id", debiased=False
    )
    found = anderson_rubin(form)
    (low, a), (b, high) = found.intervals
    assert (low, high) == (-np.inf, np.inf)
    assert a < b
    for end in (a, b):
        y = cities["entreact"] - end * cities["did"]
        fit = IV2SLS(y, cities[["const", "iv_hl", *controls]], None, None)
        fit = fit.fit(cov_type="clustered", clusters=cities["id"], debiased=False)
        assert fit.pvalues["iv_hl"] == pytest.approx(0.05, abs=1e-8)
    between = IV2SLS(
        cities["entreact"] - (a + b) / 2 * cities["did"], cities[["const", "iv_hl", *controls]], None, None
    )
    assert between.fit(cov_type="clustered", clusters=cities["id"], debiased=False).pvalues["iv_hl"] < 0.05


def test_set_may_be_the_line_or_empty():
    line = ReducedForm(np.array([0.1]), np.array([0.1]), np.eye(2), np.inf)
    assert anderson_rubin(line).intervals == ((-np.inf, np.inf),)
    contradict = ReducedForm(np.array([10.0, -10.0]), np.array([10.0, 10.0]), np.eye(4), np.inf)
    assert anderson_rubin(contradict).intervals == ()


def test_sets_agree_with_a_grid():
    """Random reduced forms: inverting on a grid gives the same sets."""
    rng = np.random.default_rng(1)
    for _ in range(60):
        k = int(rng.integers(1, 4))
        root = rng.normal(size=(2 * k, 2 * k + 2))
        form = ReducedForm(rng.normal(size=k) * 3, rng.normal(size=k) * 3, root @ root.T / 6, np.inf)
        found = anderson_rubin(form)
        bound = {1: 3.841459, 2: 5.991465, 3: 7.814728}[k]
        for b in np.tan(np.linspace(-1.55, 1.55, 301)):
            g = form.rho - b * form.pi
            pick = np.hstack([np.eye(k), -b * np.eye(k)])
            inside = any(low <= b <= high for low, high in found.intervals)
            wald = g @ np.linalg.inv(pick @ form.covariance @ pick.T) @ g
            if abs(wald - bound) > 1e-4:
                assert inside == (wald < bound)


def test_effective_f_critical_values(reference):
    form = ReducedForm(np.array([1.0]), np.array([1.0]), np.eye(2), np.inf)
    critical = effective_f(form).critical
    assert f"{critical[0.10]:.1f}" == reference["montiel_olea_pflueger"]["critical_10"]
    # with one instrument it is a quantile of a squared normal with mean root 1/tau
    draws = (np.random.default_rng(0).normal(size=2_000_000) + np.sqrt(1 / 0.2)) ** 2
    assert critical[0.20] == pytest.approx(np.quantile(draws, 0.95), rel=0.005)


def test_effective_f_with_equal_variances_is_the_mean_of_squares():
    form = ReducedForm(np.zeros(3), np.array([3.0, 4.0, 0.0]), np.eye(6), np.inf)
    assert effective_f(form).statistic == pytest.approx(25 / 3)


def test_tf_interval(reference):
    low, high = tf_interval(0, 1, 10)
    assert -low == high == pytest.approx(reference["tf"]["critical_at_10"], abs=0.01)
    assert tf_interval(2, 0.5, reference["tf"]["f_for_196"])[1] == pytest.approx(2 + 1.96 * 0.5, abs=0.005)
    assert tf_interval(2, 0.5, 1e4) == pytest.approx((2 - 0.98, 2 + 0.98))
    assert tf_interval(0, 1, 3.8) == (-np.inf, np.inf)
    assert len(CRITICAL) == len(ROOT_F)
    assert (np.diff(CRITICAL) <= 0).all()


def test_tf_covers_where_the_usual_interval_does_not():
    """The worst case of the paper: errors of the two stages perfectly correlated, a weak first stage."""
    rng = np.random.default_rng(3)
    z = rng.normal(size=20_000)
    for strength in (1.0, 3.0, 5.0):
        first = strength + z  # first-stage t; the reduced form is z when the true coefficient is 0
        estimate, std_error = z / first, np.abs(strength / first**2)
        usual = np.abs(estimate / std_error) <= 1.96
        ends = np.array([tf_interval(b, s, f**2) for b, s, f in zip(estimate, std_error, first, strict=True)])
        covered = (ends[:, 0] <= 0) & (ends[:, 1] >= 0)
        assert usual.mean() < 0.94
        assert covered.mean() == pytest.approx(0.95, abs=0.004)


def test_row_order_and_units_change_nothing(cities, controls):
    options = {"cov_type": "clustered", "cluster": "id"}
    one = reduced_form(cities, "entreact", "did", ["iv_hl"], controls, **options)
    mixed = reduced_form(
        cities.sample(frac=1, random_state=1), "entreact", "did", ["iv_hl"], controls, **options
    )
    assert one.rho.tobytes() == mixed.rho.tobytes()
    assert one.covariance.tobytes() == mixed.covariance.tobytes()
    scaled = cities.assign(entreact=1e6 * cities["entreact"], iv_hl=1e-5 * cities["iv_hl"])
    two = reduced_form(scaled, "entreact", "did", ["iv_hl"], controls, **options)
    assert effective_f(two).statistic == pytest.approx(effective_f(one).statistic, rel=1e-9)
    assert np.ravel(anderson_rubin(two).intervals) == pytest.approx(
        1e6 * np.ravel(anderson_rubin(one).intervals)
    )


def test_refusals(cities, controls):
    def refuse(match, instruments=("iv_hl",), some_controls=("gdp",), frame=cities, x="did", **options):
        with pytest.raises(PanelError, match=match):
            reduced_form(frame, "entreact", x, list(instruments), list(some_controls), **options)

    refuse(r"missing or infinite values in iv_sy \(\d+\)", ["iv_sy"])
    refuse("hl is absorbed by the effects of id, year", ["hl"], absorb=["id", "year"])
    refuse(
        "iv_hl is collinear with gdp, twice",
        some_controls=["gdp", "twice"],
        frame=cities.assign(twice=cities["iv_hl"] * 2),
    )
    refuse("const is absorbed by the constant", some_controls=["const"])
    refuse("gdp: named more than once", x="gdp")
    refuse("again is collinear with gdp", x="again", frame=cities.assign(again=3 * cities["gdp"]))
    holes = cities.assign(id=cities["id"].where(cities["id"] != 110000))
    refuse(r"missing or infinite values in id \(16\)", frame=holes, absorb=["id"])
    refuse("no instrument given", [])
    refuse("give `cluster` with cov_type='clustered'", cov_type="clustered")
    refuse("give `cluster` with cov_type='clustered'", cluster="id")
    with pytest.raises(DesignError, match="std_error is 0"):
        tf_interval(1, 0, 10)
