"""Two-way fixed effects: two engines, printed digits, unbalanced panels, coarser clusters."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyfixest as pf
import pytest
from linearmodels import PanelOLS

from nqp.mechanisms.panel import prepared
from nqp.mechanisms.twoway import fit_two_way
from nqp.panel import PanelError

# venture capital ends in 2022, digital finance starts in 2011
MECHANISMS = {
    "t11.c1": ("talents", 2009, 2024),
    "t11.c2": ("technology", 2009, 2024),
    "t11.c3": ("venture", 2009, 2022),
    "t11.c4": ("digital_finance", 2011, 2024),
    "t11.c5": ("domestic_demand", 2009, 2024),
    "t11.c6": ("foreign_demand", 2009, 2024),
}


def pyfixest_fit(data, model, regressors):
    formula = f"{model.outcome} ~ {' + '.join(regressors)} | {model.unit} + {model.time}"
    return pf.feols(formula, data, vcov={"CRV1": model.cluster_column})


@pytest.mark.parametrize("column", MECHANISMS)
def test_table_11_to_the_printed_digit(panel, model, published, column):
    outcome, first, last = MECHANISMS[column]
    spec = replace(model, outcome=outcome)
    data = prepared(panel[panel["year"].between(first, last)], spec)
    fit = fit_two_way(data, spec, outcome, spec.regressors)
    row = fit.combine({"did": {"did": 1.0}}).loc["did"]
    values = {"did.coef": row["estimate"], "did.ci_low": row["conf_low"], "did.ci_high": row["conf_high"]}
    assert {key: f"{value:.3f}" for key, value in values.items()} == {
        key: published[f"{column}.{key}"] for key in values
    }
    assert str(len(data)) == published[f"{column}.model.n"]


@pytest.mark.parametrize("cluster", [None, "province"])
def test_agrees_with_pyfixest_and_linearmodels(panel, model, cluster):
    spec = replace(model, cluster=cluster)
    data = prepared(panel, spec)
    ours = fit_two_way(data, spec, spec.outcome, spec.regressors)
    other = pyfixest_fit(data, spec, spec.regressors)
    np.testing.assert_allclose(ours.params, other.coef(), rtol=1e-8)
    np.testing.assert_allclose(np.sqrt(np.diag(ours.cov)), other.se(), rtol=1e-8)
    indexed = data.set_index(["id", "year"], drop=False)
    raw = PanelOLS(indexed["entreact"], indexed[spec.regressors], entity_effects=True, time_effects=True).fit(
        cov_type="clustered",
        clusters=indexed[[spec.cluster_column]],
        debiased=False,
        auto_df=False,
        count_effects=False,
    )
    np.testing.assert_allclose(ours.cov / ours.scale**2, raw.cov, rtol=1e-8, atol=1e-16)


def test_unbalanced_panel_agrees_with_pyfixest(panel, model):
    holes = panel.sample(frac=0.7, random_state=3)
    data = prepared(holes, model)
    ours = fit_two_way(data, model, model.outcome, model.regressors)
    other = pyfixest_fit(data, model, model.regressors)
    np.testing.assert_allclose(ours.params, other.coef(), rtol=1e-7)
    np.testing.assert_allclose(np.sqrt(np.diag(ours.cov)), other.se(), rtol=1e-6)


def test_rows_may_come_in_any_order_and_stay_untouched(panel, model):
    shuffled = panel.sample(frac=1.0, random_state=1)
    before = shuffled.copy()
    fits = [fit_two_way(prepared(d, model), model, "entreact", model.regressors) for d in (panel, shuffled)]
    pd.testing.assert_series_equal(fits[0].params, fits[1].params, rtol=0)
    pd.testing.assert_frame_equal(shuffled, before)


def test_text_keys_are_welcome(panel, model):
    text = panel.assign(id="c" + panel["id"].astype(str), year=panel["year"].astype(str))
    fits = [fit_two_way(prepared(d, model), model, "entreact", model.regressors) for d in (panel, text)]
    pd.testing.assert_series_equal(fits[0].params, fits[1].params)


def spoiled(panel, kind):
    d = panel.copy()
    match kind:
        case "missing":
            d.loc[[3, 4], "gdp"] = np.nan
            d.loc[5, "fin"] = np.inf
        case "absent":
            d = d.drop(columns="gdp")
        case "text":
            d["gdp"] = "high"
        case "twice":
            d = pd.concat([d, d.iloc[[0]]])
        case "wandering cluster":
            d["province"] = d["year"] % 2
    return d


REFUSALS = {
    "missing": r"in gdp \(2\), fin \(1\) of 4544 rows. Rows are never dropped",
    "absent": "no column gdp",
    "text": "gdp: not numeric",
    "twice": "more than one row for 110000 in 2009. Keep one row for each id and year",
    "wandering cluster": "'province' changes over time within 284 units of 'id': 110000",
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_refuses_bad_panels_by_name(panel, model, kind):
    with pytest.raises(PanelError, match=REFUSALS[kind]):
        prepared(spoiled(panel, kind), replace(model, cluster="province"))


def test_refuses_absorbed_and_collinear_regressors(panel, model):
    for control, message in [
        ("hl", "hl is absorbed"),
        ("flat", "flat is absorbed"),
        ("twin", "twin is collinear with did, gdp"),
    ]:
        spec = replace(model, controls=("gdp", control))
        data = prepared(panel.assign(twin=2 * panel["gdp"] + panel["year"], flat=1), spec)
        with pytest.raises(PanelError, match=message):
            fit_two_way(data, spec, spec.outcome, spec.regressors)


def test_one_cluster_is_refused(panel, model):
    spec = replace(model, cluster="country")
    data = prepared(panel.assign(country=1), spec)
    with pytest.raises(PanelError, match="at least two clusters, not 1"):
        fit_two_way(data, spec, spec.outcome, spec.regressors)
