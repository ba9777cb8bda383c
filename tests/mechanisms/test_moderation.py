"""Moderation: centring, marginal effects, support."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyfixest as pf
import pytest

from nqp.data import PanelError
from nqp.mechanisms import TwoWayModel, marginal_effects, moderate, treated_by_bin


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


def test_group_centring_uses_deviations_within_groups(panel, model):
    ours = moderate(panel, model, "technology", centring="group", group="province")
    z = panel["technology"] - panel.groupby("province")["technology"].transform("mean")
    by_hand = moderate(panel.assign(z=z), model, "z", centring="none")
    np.testing.assert_allclose(ours.coefficients, by_hand.coefficients, rtol=1e-9)
    assert marginal_effects(ours)["moderator"].max() == pytest.approx(z.max())


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


def test_overlap_is_where_treated_and_untreated_both_are(panel, fits):
    low, high = fits["none"].overlap
    for did in (0, 1):
        z = panel.loc[panel["did"] == did, "technology"]
        assert (z <= low).any()
        assert (z >= high).any()
    assert low == panel.loc[panel["did"] == 1, "technology"].min()
    assert marginal_effects(fits["none"], [low - 1e-3, low])["supported"].tolist() == [False, True]


def test_effects_outside_common_support_are_flagged():
    z = pd.Series(np.repeat([0.0, 1.0, 2.0, 3.0, 4.0, 5.0], 10))
    treatment = pd.Series(np.where(z.isin([1.0, 4.0]), np.tile([0, 1], 30), 0))
    table = treated_by_bin(z, treatment, 3)
    assert table["share_treated"].tolist() == [0.25, 0.0, 0.25]
    rng = np.random.default_rng(0)
    ids = np.repeat(np.arange(30), 2)
    frame = pd.DataFrame({"id": ids, "year": np.tile([0, 1], 30), "z": z, "d": treatment})
    frame["y"] = rng.normal(size=60)
    frame["z"] += 0.01 * rng.normal(size=60)
    result = moderate(frame, TwoWayModel("y", "d"), "z", centring="none")
    flipped = moderate(frame.assign(d=1 - frame["d"]), TwoWayModel("y", "d"), "z", centring="none")
    assert flipped.overlap == result.overlap
    effects = marginal_effects(result, [0.0, 1.0, 2.5, 4.0, 5.0])
    assert effects["supported"].tolist() == [False, True, False, True, False]


def test_continuous_treatment_is_welcome(panel, model):
    spec = replace(model, treatment="internet")
    result = moderate(panel, spec, "technology")
    assert result.support["treatment_sd"].gt(0).all()
    assert marginal_effects(result)["supported"].any()


def test_row_order_does_not_matter(panel, model, fits):
    shuffled = moderate(panel.sample(frac=1, random_state=7), model, "technology")
    pd.testing.assert_frame_equal(shuffled.coefficients, fits["grand"].coefficients, rtol=1e-12)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"moderator": "hl"}, "'hl' is constant within every unit of 'id'.*main_term=False"),
        ({"moderator": "trend"}, "'trend' is the same for all units in each 'year'"),
        (
            {"moderator": "technology", "main_term": False},
            "without its main term the interaction would pick it up",
        ),
        ({"moderator": "gdp"}, "'gdp' is already in the model"),
        ({"moderator": "flat"}, "'flat' is 1 in all 583 treated rows"),
        ({"moderator": "apart"}, "No common support: the moderator 'apart' is 10 to 11 in treated rows"),
        ({"moderator": "venture"}, r"venture \(568\)"),
        ({"moderator": "technology", "centring": "median"}, "'grand', 'group' or 'none', not 'median'"),
        ({"moderator": "technology", "centring": "group"}, "names the column to centre within"),
        ({"moderator": "technology", "group": "id"}, "names the column to centre within"),
        ({"moderator": "technology", "centring": "group", "group": "region"}, "'region' is not a column"),
    ],
)
def test_refusals(panel, model, arguments, message):
    noise = np.random.default_rng(1).uniform(size=len(panel))
    data = panel.assign(
        trend=panel["year"] - 2009,
        flat=np.where(panel["did"] == 1, 1.0, noise),
        apart=noise + 10 * panel["did"],
    )
    data.loc[data.index[data["did"] == 1][:2], "apart"] = [10.0, 11.0]
    with pytest.raises(PanelError, match=message):
        moderate(data, model, **arguments)
