"""Moderation: centring, marginal effects, support."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyfixest as pf
import pytest

from nqp.mechanisms import johnson_neyman, marginal_effects, moderate
from nqp.panel import PanelError


@pytest.fixture(scope="module")
def fits(panel, model):
    return {c: moderate(panel, model, "technology", centring=c) for c in ("grand", "none")}


def test_agrees_with_pyfixest(panel, model, fits):
    data = panel.assign(z=panel["technology"] - panel["technology"].mean())
    formula = f"entreact ~ did*z + {' + '.join(model.controls)} | id + year"
    other = pf.feols(formula, data, vcov={"CRV1": "id"}).tidy()
    ours = fits["grand"].coefficients
    for term, theirs in {"did": "did", "technology": "z", "did x technology": "did:z"}.items():
        assert ours.loc[term, "estimate"] == pytest.approx(other.loc[theirs, "Estimate"], rel=1e-8)
        assert ours.loc[term, "std_error"] == pytest.approx(other.loc[theirs, "Std. Error"], rel=1e-8)


def test_grand_centring_moves_the_main_term_and_nothing_else(panel, fits):
    grand, none = (fits[c].coefficients for c in ("grand", "none"))
    pd.testing.assert_series_equal(grand.loc["did x technology"], none.loc["did x technology"], rtol=1e-9)
    centre = panel["technology"].mean()
    step = centre * none.loc["did x technology", "estimate"]
    assert grand.loc["did", "estimate"] == pytest.approx(none.loc["did", "estimate"] + step, rel=1e-9)
    at = [-0.2, 0.5, 2.0]
    pd.testing.assert_frame_equal(*(marginal_effects(fits[c], at) for c in ("grand", "none")), rtol=1e-8)


@pytest.mark.parametrize("value", [-0.25, 0.0, 1.7])
def test_marginal_effect_is_the_main_term_of_a_regression_centred_there(panel, model, fits, value):
    data = panel.assign(shifted=panel["technology"] - value)
    main = moderate(data, model, "shifted", centring="none").coefficients.loc["did"]
    effect = marginal_effects(fits["grand"], [value]).iloc[0]
    np.testing.assert_allclose(effect[main.index].astype(float), main, rtol=1e-7)


def test_moderator_fixed_in_time_keeps_its_interaction(panel, model):
    ours = moderate(panel, model, "hl", main_term=False)
    formula = f"entreact ~ did + did:z + {' + '.join(model.controls)} | id + year"
    other = pf.feols(formula, panel.assign(z=panel["hl"] - panel["hl"].mean()), vcov={"CRV1": "id"})
    assert "hl" not in ours.coefficients.index
    assert ours.coefficients.loc["did x hl", "estimate"] == pytest.approx(other.coef()["did:z"], rel=1e-8)
    assert ours.coefficients.loc["did x hl", "std_error"] == pytest.approx(other.se()["did:z"], rel=1e-8)


def test_bins_count_the_treated(panel, fits):
    table = fits["grand"].support
    edges = panel["technology"].quantile([1 / 3, 2 / 3]).to_numpy()
    where = np.searchsorted(edges, panel["technology"]) + 1
    assert table["n"].tolist() == np.bincount(where)[1:].tolist()
    assert table["n_treated"].tolist() == np.bincount(where, weights=panel["did"])[1:].tolist()
    np.testing.assert_allclose(table["share_treated"], table["n_treated"] / table["n"])


def test_continuous_treatment_is_welcome(panel, model):
    spec = replace(model, treatment="internet")
    result = moderate(panel, spec, "technology")
    assert result.support["treatment_sd"].gt(0).all()
    assert marginal_effects(result)["moderator"].iloc[-1] == panel["technology"].max()


def test_row_order_does_not_matter(panel, model, fits):
    shuffled = moderate(panel.sample(frac=1, random_state=7), model, "technology")
    pd.testing.assert_frame_equal(shuffled.coefficients, fits["grand"].coefficients, rtol=1e-12)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"moderator": "hl"}, "hl is absorbed by the unit and time effects"),
        ({"moderator": "trend"}, "trend is absorbed by the unit and time effects"),
        (
            {"moderator": "technology", "main_term": False},
            "without its main term the interaction would pick it up",
        ),
        ({"moderator": "gdp"}, "'gdp' is already in the model"),
        ({"moderator": "flat"}, "did x flat is collinear with did, flat"),
        ({"moderator": "apart"}, "No common support: the moderator 'apart' is 10 to 11 in treated rows"),
        ({"moderator": "venture"}, r"venture \(568\)"),
        ({"moderator": "technology", "centring": "median"}, "'grand' or 'none'"),
    ],
)
def test_refusals(panel, model, arguments, message):
    noise = np.random.default_rng(1).uniform(size=len(panel))
    data = panel.assign(
        trend=panel["year"] - 2009,
        flat=np.where(panel["did"] == 1, 1.0, 2 * noise),
        apart=noise + 10 * panel["did"],
    )
    data.loc[data.index[data["did"] == 1][:2], "apart"] = [10.0, 11.0]
    with pytest.raises(PanelError, match=message):
        moderate(data, model, **arguments)


def test_at_a_johnson_neyman_boundary_the_p_value_is_five_percent(panel, model, fits):
    edges = johnson_neyman(fits["grand"])
    assert len(edges) == 2
    assert edges[0] < edges[1]
    np.testing.assert_allclose(marginal_effects(fits["grand"], edges)["p_value"], 0.05, rtol=1e-8)
    np.testing.assert_allclose(johnson_neyman(fits["none"]), edges, rtol=1e-6)


def test_an_effect_that_differs_from_zero_nowhere_has_no_boundary(panel, model):
    noise = panel.assign(entreact=np.random.default_rng(0).normal(size=len(panel)))
    found = moderate(noise, model, "technology")
    assert marginal_effects(found, np.linspace(-1e3, 1e3, 2001))["p_value"].min() > 0.05
    assert len(johnson_neyman(found)) == 0
