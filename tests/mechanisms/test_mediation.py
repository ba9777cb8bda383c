"""Stepwise mediation and its cluster bootstrap."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from linearmodels import PanelOLS
from statsmodels.stats.mediation import Mediation as StatsmodelsMediation

from nqp.mechanisms import bootstrap_indirect, mediate
from nqp.panel import PanelError


@pytest.fixture(scope="module")
def small(panel):
    return panel[panel["id"].isin(panel["id"].unique()[::7])]


def library_paths(data, model, mediator):
    d = data.set_index([model.unit, model.time])
    effects = {"entity_effects": True, "time_effects": True}
    a = PanelOLS(d[mediator], d[model.regressors], **effects).fit().params[model.treatment]
    second = PanelOLS(d[model.outcome], d[[mediator, *model.regressors]], **effects).fit().params
    total = PanelOLS(d[model.outcome], d[model.regressors], **effects).fit().params[model.treatment]
    return np.array([a, second[mediator], second[model.treatment], total])


def test_paths_are_the_library_s_and_add_up(panel, model):
    result = mediate(panel, model, "technology")
    a, b, direct, total = library_paths(panel, model, "technology")
    np.testing.assert_allclose(
        result.paths["estimate"][["a", "b", "c_prime", "c"]], [a, b, direct, total], rtol=1e-8
    )
    assert total - direct == pytest.approx(result.indirect, abs=1e-12)
    assert result.share == pytest.approx(a * b / total)


def test_bootstrap_draws_equal_an_explicit_loop(small, model):
    result = bootstrap_indirect(small, model, "technology", draws=500, seed=11)
    units = np.sort(small["id"].unique())
    counts = np.random.default_rng(11).multinomial(len(units), np.full(len(units), 1 / len(units)), size=500)
    parts = dict(list(small.groupby("id")))
    for draw in (0, 1, 499):
        chosen = np.repeat(units, counts[draw])
        resampled = pd.concat([parts[unit].assign(id=k) for k, unit in enumerate(chosen)])
        a, b, direct, total = library_paths(resampled, model, "technology")
        row = result.iloc[draw]
        np.testing.assert_allclose(row[["a", "b", "direct", "total"]], [a, b, direct, total], rtol=1e-7)
        assert row["indirect"] == pytest.approx(a * b, rel=1e-7)


def test_bootstrap_of_clusters_takes_whole_clusters(panel, model):
    whole = bootstrap_indirect(panel, replace(model, cluster="province"), "technology", draws=500, seed=2)
    labels, parts = np.sort(panel["province"].unique()), dict(list(panel.groupby("province")))
    n = len(labels)
    counts = np.random.default_rng(2).multinomial(n, np.full(n, 1 / n), size=500)[7]
    copies = [parts[label] for label in np.repeat(labels, counts)]
    resampled = pd.concat([part.assign(id=1000 * k + part["id"] / 1e7) for k, part in enumerate(copies)])
    a, b, direct, total = library_paths(resampled, model, "technology")
    np.testing.assert_allclose(whole.iloc[7][["a", "b", "direct", "total"]], [a, b, direct, total], rtol=1e-7)


def test_clustered_delta_method_and_bootstrap_tell_the_same_spread(panel, model):
    analytic = mediate(panel, model, "domestic_demand")
    draws = bootstrap_indirect(panel, model, "domestic_demand", draws=4_000, seed=4)
    assert draws["indirect"].std() == pytest.approx(analytic.tests.loc["correlated", "std_error"], rel=0.06)
    assert np.corrcoef(draws["a"], draws["b"])[0, 1] == pytest.approx(analytic.correlation, abs=0.06)
    np.testing.assert_allclose(draws["indirect"] + draws["direct"], draws["total"], atol=1e-10)


def test_statsmodels_simulates_the_same_indirect_effect(small, model):
    spec = replace(model, controls=("gdp", "fin"))
    columns = ["entreact", "technology", "did", "gdp", "fin"]
    means = [small.groupby(key)[columns].transform("mean") for key in ("id", "year")]
    net = small[columns] - sum(means) + small[columns].mean()  # balanced; slopes are those with dummies
    second = sm.OLS(net["entreact"], net[columns[1:]])
    first = sm.OLS(net["technology"], net[columns[2:]])
    np.random.seed(0)  # noqa: NPY002 - statsmodels draws from the global state
    effect = StatsmodelsMediation(second, first, "did", "technology").fit(n_rep=300).ACME_avg
    ours = mediate(small, spec, "technology").indirect
    assert ours == pytest.approx(effect.mean(), abs=4 * effect.std() / np.sqrt(300))


def test_same_seed_same_bytes_in_any_row_order(small, model):
    one = bootstrap_indirect(small, model, "technology", draws=500, seed=9)
    two = bootstrap_indirect(small.sample(frac=1, random_state=0), model, "technology", draws=500, seed=9)
    other = bootstrap_indirect(small, model, "technology", draws=500, seed=10)
    assert one.to_numpy().tobytes() == two.to_numpy().tobytes()
    assert one.to_numpy().tobytes() != other.to_numpy().tobytes()


REFUSALS = {
    "entreact": "'entreact' cannot mediate: it is already in the model",
    "gdp": "'gdp' cannot mediate: it is already in the model",
    "rescaled": "entreact is collinear with did, gdp, .*: leave one out",
    "hl": "hl is absorbed by the unit and time effects",
    "mixture": "mixture is collinear with did, gdp",
    "venture": r"venture \(568\) of 4544 rows",
}


@pytest.mark.parametrize("mediator", REFUSALS)
@pytest.mark.parametrize("function", [mediate, lambda *args: bootstrap_indirect(*args, draws=500, seed=1)])
def test_refuses_mediators_that_cannot_be(panel, model, mediator, function):
    data = panel.assign(
        rescaled=3 * panel["entreact"] + panel["year"], mixture=panel["did"] + panel["gdp"] + panel["hl"]
    )
    with pytest.raises(PanelError, match=REFUSALS[mediator]):
        function(data, model, mediator)


def test_bootstrap_refuses_unbalanced_panels_few_draws_and_rare_treatment(small, model):
    gone = small.index[(small["id"] == 110000) & (small["year"] == 2015)]
    with pytest.raises(PanelError, match=r"1 of 41 units lack some of the 16 periods: 110000"):
        bootstrap_indirect(small.drop(gone), model, "technology", draws=500, seed=1)
    with pytest.raises(PanelError, match="20 draws are too few"):
        bootstrap_indirect(small, model, "technology", draws=20, seed=1)
    treated = small.groupby("id")["did"].max()
    rare = small[~small["id"].isin(treated.index[treated == 1][1:])]
    with pytest.raises(
        PanelError, match="the treatment or a control does not vary. Too few treated clusters"
    ):
        bootstrap_indirect(rare, model, "technology", draws=500, seed=1)
