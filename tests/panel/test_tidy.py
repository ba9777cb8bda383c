"""One frame from three engines, equal to what each engine says itself."""

import numpy as np
import pandas as pd
import pyfixest as pf
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf
from linearmodels import IV2SLS, PanelOLS, PooledOLS
from scipy import sparse, stats

from nqp.panel import tidy
from nqp.spatial import Weights, spatial_panel


@pytest.fixture
def fits(panel):
    indexed = panel.set_index(["id", "year"])
    two_way = "entreact ~ 1 + did + gdp + EntityEffects + TimeEffects"
    return {
        "panel": PanelOLS.from_formula(two_way, indexed).fit(cov_type="clustered", cluster_entity=True),
        "panel, normal": PanelOLS.from_formula(two_way, indexed).fit(debiased=False),
        "pooled": PooledOLS.from_formula("entreact ~ 1 + did", indexed).fit(),
        "iv": IV2SLS.from_formula("entreact ~ 1 + gdp + [did ~ hl]", panel).fit(),
        "feols": pf.feols("entreact ~ did + gdp | id + year", panel, vcov={"CRV1": "id"}),
        "ols": smf.ols("entreact ~ did", panel).fit(),
        "robust ols": smf.ols("entreact ~ did", panel).fit(cov_type="HC1"),
    }


def test_intervals_are_the_engines_own(fits):
    for name, fit in fits.items():
        own = fit.confint() if name == "feols" else fit.conf_int()
        np.testing.assert_allclose(tidy(fit)[["conf_low", "conf_high"]], own, rtol=1e-9, err_msg=name)


def test_p_values_are_the_engines_own(fits):
    for name, fit in fits.items():
        own = fit.pvalue() if name == "feols" else fit.pvalues
        np.testing.assert_allclose(tidy(fit)["p_value"], own, atol=1e-12, err_msg=name)


def test_two_engines_agree_on_fit_and_slopes(fits):
    first, second = tidy(fits["panel"]).set_index("term"), tidy(fits["feols"]).set_index("term")
    for column in ("estimate", "n", "r2", "r2_adj", "r2_within"):
        np.testing.assert_allclose(
            first.loc["did", column], second.loc["did", column], rtol=1e-8, err_msg=column
        )


def test_df_and_scale_change_the_interval(fits):
    plain, changed = tidy(fits["feols"]), tidy(fits["feols"], df=10, se_scale=2.0)
    np.testing.assert_allclose(changed["std_error"], 2 * plain["std_error"])
    half = stats.t.ppf(0.975, 10) * changed["std_error"]
    np.testing.assert_allclose(changed["conf_high"] - changed["estimate"], half)
    normal = tidy(fits["feols"], df=np.inf)
    np.testing.assert_allclose(
        (normal["conf_high"] - normal["estimate"]) / normal["std_error"], 1.959964, rtol=1e-6
    )


def test_an_unknown_result_is_refused():
    with pytest.raises(TypeError, match="cannot read a builtins.dict: it has none of std_errors, bse, se"):
        tidy({})


def test_arrays_without_names_are_read(panel):
    """statsmodels fitted from arrays keeps arrays; it names the columns itself."""
    plain = sm.OLS(panel["entreact"].to_numpy(), sm.add_constant(panel[["did", "gdp"]].to_numpy())).fit()
    named = smf.ols("entreact ~ did + gdp", panel).fit()
    assert tidy(plain)["term"].tolist() == ["const", "x1", "x2"]
    pd.testing.assert_frame_equal(tidy(plain).drop(columns="term"), tidy(named).drop(columns="term"))


def test_a_result_of_ones_own_is_read_by_its_attributes(panel):
    class Slopes:
        params = np.array([1.0, -2.0])
        bse = np.array([0.5, 0.0])

    rows = tidy(Slopes()).set_index("term")
    assert rows.loc["x0", ["statistic", "p_value"]].tolist() == pytest.approx([2.0, 2 * stats.norm.sf(2)])
    assert np.isnan(rows.loc["x1", "statistic"])
    assert rows[["n", "r2"]].isna().all(axis=None)


def test_the_spatial_models_are_read_like_any_engine():
    rng = np.random.default_rng(0)
    ring = np.roll(np.eye(30), 1, axis=1) + np.roll(np.eye(30), -1, axis=1)
    weights = Weights(sparse.csr_array(ring / 2), tuple(range(30)), True, "ring")
    keys = pd.MultiIndex.from_product([range(30), range(6)], names=["id", "year"]).to_frame(index=False)
    frame = keys.assign(x=rng.normal(size=180), y=rng.normal(size=180))
    fit = spatial_panel(frame, "y", ["x"], weights, unit="id", time="year")
    rows = tidy(fit)
    pd.testing.assert_frame_equal(rows[fit.table.columns], fit.table)
    assert rows["term"].tolist() == ["x", "W*x", "rho", "sigma2"]
    assert set(rows["engine"]) == {"nqp.spatial"}
    assert set(rows["n"]) == {180}
    assert rows["r2"].iloc[0] == fit.r2["overall"]
    assert rows["r2_within"].iloc[0] == fit.r2["within"]
