"""One frame from three engines, equal to what each engine says itself."""

import numpy as np
import pyfixest as pf
import pytest
import statsmodels.formula.api as smf
from linearmodels import IV2SLS, PanelOLS, PooledOLS
from scipy import stats

from nqp.evidence import tidy


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
    with pytest.raises(TypeError, match="cannot read a builtins.dict; it reads results of linearmodels"):
        tidy({})
