"""Weak-instrument inference, against linearmodels, R's ivmodel, published critical values and table 7."""

import numpy as np
import pandas as pd
import pyfixest as pf
import pytest
from linearmodels.datasets import card
from linearmodels.iv import IV2SLS
from scipy import stats

from nqp.panel import PanelError
from nqp.robustness import anderson_rubin, reduced_form, tf_interval
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


def test_anderson_rubin_equals_ivmodel(schooling, reference):
    form = reduced_form(schooling, "lwage", "educ", "nearc4", CARD, cov_type="unadjusted")
    found = anderson_rubin(form)
    theirs = reference["ivmodel"]["nearc4"]
    assert len(found) == 1
    # linearmodels' copy of the data is rounded to fewer digits
    assert found[0] == pytest.approx(theirs["interval"], abs=2e-7)


@pytest.mark.parametrize("cov", ["unadjusted", "robust"])
def test_one_instrument_effective_f_is_kleibergen_paap(schooling, cov):
    fit = two_stage(schooling, "lwage", "educ", ["nearc4"], CARD, cov_type=cov)
    form = reduced_form(schooling, "lwage", "educ", "nearc4", CARD, cov_type=cov)
    assert form.f == pytest.approx(fit.first_stage.kleibergen_paap_f, rel=1e-9)
    assert form.rho / form.pi == pytest.approx(fit.params["educ"], rel=1e-9)


def test_clustered_f_is_that_of_the_first_stage_regression(cities, controls):
    form = reduced_form(cities, "entreact", "did", "iv_hl", controls, cov_type="clustered", cluster="id")
    first = IV2SLS(cities["did"], cities[["const", "iv_hl", *controls]], None, None)
    fit = first.fit(cov_type="clustered", clusters=cities["id"], debiased=True)
    assert form.f == pytest.approx(fit.tstats["iv_hl"] ** 2, rel=1e-9)


@pytest.mark.parametrize("cov", ["unadjusted", "robust"])
def test_wald_test_at_the_ends_is_the_critical_value(schooling, cov):
    """A second engine: regress y - b x on instrument and controls, test that the instrument drops out."""
    form = reduced_form(schooling, "lwage", "educ", "nearc4", CARD, cov_type=cov)
    for end in np.ravel(anderson_rubin(form)):
        y = schooling["lwage"] - end * schooling["educ"]
        fit = IV2SLS(y, schooling[["const", *CARD, "nearc4"]], None, None).fit(cov_type=cov, debiased=True)
        assert fit.pvalues["nearc4"] == pytest.approx(0.05, abs=1e-8)


@pytest.mark.parametrize("kind", ["unadjusted", "robust", "clustered"])
def test_absorbed_effects_count_like_dummies(cities, controls, kind):
    """linearmodels with a dummy for every city and year, which count in K unless the city clusters."""
    few = cities[cities["id"] < 150000]
    options = {"cov_type": kind, **({"cluster": "id"} if kind == "clustered" else {})}
    form = reduced_form(few, "entreact", "did", "iv_hl", controls, absorb=["id", "year"], **options)
    dummies = pd.get_dummies(few[["id", "year"]].astype(str), drop_first=True, dtype=float)
    dummies = dummies.loc[:, dummies.abs().sum() > 0]
    wide = pd.concat([few, dummies], axis=1)
    design = wide[["const", "iv_hl", *controls, *dummies]]
    groups = {"clusters": few["id"]} if kind == "clustered" else {}
    fit = IV2SLS(wide["did"], design, None, None).fit(cov_type=kind, debiased=True, **groups)
    t = fit.tstats["iv_hl"]
    if kind == "clustered":  # linearmodels counts nested dummies too
        n, years, units = len(few), few["year"].nunique(), few["id"].nunique()
        t *= np.sqrt((n - 8 - years) / (n - 8 - years - units + 1))
    assert form.f == pytest.approx(t**2, rel=1e-7)


@pytest.mark.parametrize("kind", ["robust", "clustered"])
def test_first_stage_with_absorbed_effects_is_that_of_pyfixest(cities, controls, kind):
    cluster = {"cluster": "id"} if kind == "clustered" else {}
    form = reduced_form(
        cities, "entreact", "did", "iv_hl", controls, absorb=["id", "year"], cov_type=kind, **cluster
    )
    formula = f"did ~ iv_hl + {' + '.join(controls)} | id + year"
    fit = pf.feols(formula, cities, vcov={"CRV1": "id"} if cluster else "hetero")
    assert form.f == pytest.approx(fit.tstat()["iv_hl"] ** 2, rel=1e-8)
    assert form.freedom == fit._df_t


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
    form = reduced_form(rows, "entreact", "did", instrument, controls)
    assert f"{form.rho / form.pi:.3f}" == printed[f"t7.{second}.did.coef"]
    assert form.f == pytest.approx(stage.tstats[instrument] ** 2, rel=1e-9)


def test_set_may_be_disjoint(cities, controls):
    """Clustered by city the printed first stage is weak: two rays, each end where the test just rejects."""
    form = reduced_form(cities, "entreact", "did", "iv_hl", controls, cov_type="clustered", cluster="id")
    (low, a), (b, high) = anderson_rubin(form)
    assert (low, high) == (-np.inf, np.inf)
    assert a < b
    design, groups = (
        cities[["const", "iv_hl", *controls]],
        {"cov_type": "clustered", "clusters": cities["id"]},
    )
    p_values = []
    for value in (a, (a + b) / 2, b):
        y = cities["entreact"] - value * cities["did"]
        t = IV2SLS(y, design, None, None).fit(debiased=True, **groups).tstats["iv_hl"]
        p_values.append(2 * stats.t.sf(abs(t), 283))
    assert p_values[::2] == pytest.approx([0.05, 0.05], abs=1e-8)
    assert p_values[1] < 0.05


def test_set_may_be_the_line():
    line = ReducedForm(0.1, 0.1, np.eye(2), 1e9)
    assert anderson_rubin(line) == ((-np.inf, np.inf),)


def test_sets_agree_with_a_grid():
    """Random reduced forms: inverting on a grid gives the same sets."""
    rng = np.random.default_rng(1)
    kinds = set()
    for _ in range(60):
        root = rng.normal(size=(2, 4))
        form = ReducedForm(*rng.normal(size=2) * 3, root @ root.T / 6, 1e9)
        found = anderson_rubin(form)
        kinds.add((len(found), np.isinf(found[0][0])))
        for b in np.tan(np.linspace(-1.55, 1.55, 301)):
            inside = any(low <= b <= high for low, high in found)
            pick = np.array([1.0, -b])
            wald = (form.rho - b * form.pi) ** 2 / (pick @ form.covariance @ pick)
            if abs(wald - 3.841459) > 1e-4:
                assert inside == (wald < 3.841459)
    assert kinds == {(1, False), (1, True), (2, True)}


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
    one = reduced_form(cities, "entreact", "did", "iv_hl", controls, **options)
    mixed = reduced_form(
        cities.sample(frac=1, random_state=1), "entreact", "did", "iv_hl", controls, **options
    )
    assert one.rho == mixed.rho
    assert one.covariance.tobytes() == mixed.covariance.tobytes()
    scaled = cities.assign(entreact=1e6 * cities["entreact"], iv_hl=1e-5 * cities["iv_hl"])
    two = reduced_form(scaled, "entreact", "did", "iv_hl", controls, **options)
    assert two.f == pytest.approx(one.f, rel=1e-9)
    assert np.ravel(anderson_rubin(two)) == pytest.approx(1e6 * np.ravel(anderson_rubin(one)))


def test_refusals(cities, controls):
    def refuse(match, instrument="iv_hl", some_controls=("gdp",), frame=cities, x="did", **options):
        with pytest.raises(PanelError, match=match):
            reduced_form(frame, "entreact", x, instrument, list(some_controls), **options)

    refuse(r"missing or infinite values in iv_sy \(\d+\)", "iv_sy")
    refuse("hl is absorbed by the effects of id, year", "hl", absorb=["id", "year"])
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
    refuse("give `cluster` with cov_type='clustered'", cov_type="clustered")
    refuse("give `cluster` with cov_type='clustered'", cluster="id")
    with pytest.raises(PanelError, match="std_error is 0"):
        tf_interval(1, 0, 10)
