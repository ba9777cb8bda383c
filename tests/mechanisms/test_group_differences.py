"""Differences between groups: interacted model, suest, permutation over units."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyfixest as pf
import pytest
from linearmodels import PanelOLS

from nqp.mechanisms import (
    TwoWayModel,
    interacted_difference,
    permute_groups,
    suest_difference,
)
from nqp.panel import PanelError, two_way


def stacked_pyfixest(data, by, spec, unit, cluster):
    """Every regressor times each value of `by`, in pyfixest, with no small-sample factor."""
    wide = {f"{name}_{v}": data[name] * (data[by] == v) for name in spec.regressors for v in (1, 0)}
    wide = pd.concat([data, pd.DataFrame(wide, index=data.index)], axis=1)
    names = [f"{name}_{v}" for name in spec.regressors for v in (1, 0)]
    none = pf.ssc(k_adj=False, G_adj=False)
    return pf.feols(
        f"{spec.outcome} ~ {' + '.join(names)} | {unit} + year^{by}", wide, {"CRV1": cluster}, ssc=none
    )


def difference_and_error(fit):
    names = list(fit.coef().index)
    w = np.array([(name == "did_1") * 1.0 - (name == "did_0") for name in names])
    return w @ fit.coef().to_numpy(), np.sqrt(w @ fit._vcov @ w)


@pytest.mark.parametrize("group", ["area", "resource_city", "level"])
@pytest.mark.parametrize("cluster", [None, "province"])
def test_interacted_and_suest_are_the_same_algebra_in_three_engines(panel, model, group, cluster):
    spec = replace(model, cluster=cluster)
    ours = interacted_difference(panel, spec, group, (1, 0))
    suest = suest_difference((panel[panel[group] == 1], spec), (panel[panel[group] == 0], spec))
    theirs, error = difference_and_error(stacked_pyfixest(panel, group, spec, "id", spec.cluster_column))
    row, stacked = ours.loc["difference"], suest.loc["difference"]
    g, n, k = panel[spec.cluster_column].nunique(), 4544, 2 * 8 + 1 + 2 * 15
    assert row["estimate"] == pytest.approx(theirs, rel=1e-8)
    assert stacked["estimate"] == pytest.approx(theirs, rel=1e-8)
    assert row["std_error"] == pytest.approx(error * np.sqrt(g / (g - 1) * (n - 1) / (n - k)), rel=1e-8)
    assert stacked["std_error"] == pytest.approx(error * np.sqrt(g / (g - 1)), rel=1e-8)


def test_group_coefficients_are_those_of_separate_regressions(panel, model):
    table = interacted_difference(panel, model, "area", (1, 0))
    for value in (1, 0):
        d = panel[panel["area"] == value].set_index(["id", "year"])
        alone = PanelOLS(d["entreact"], d[model.regressors], entity_effects=True, time_effects=True).fit()
        assert table.loc[f"area={value}", "estimate"] == pytest.approx(alone.params["did"], rel=1e-8)


def test_swapping_the_groups_turns_the_sign_only(panel, model):
    one = interacted_difference(panel, model, "area", (1, 0)).loc["difference"]
    two = interacted_difference(panel.sample(frac=1, random_state=2), model, "area", (0, 1)).loc["difference"]
    assert two["estimate"] == pytest.approx(-one["estimate"], rel=1e-10)
    assert two["std_error"] == pytest.approx(one["std_error"], rel=1e-10)
    assert two["conf_low"] == pytest.approx(-one["conf_high"], rel=1e-10)
    words = panel.assign(side=np.where(panel["area"] == 1, "east", "elsewhere"))
    named = interacted_difference(words, model, "side", ("east", "elsewhere"))
    assert list(named.index) == ["side=east", "side=elsewhere", "difference"]
    assert named.loc["difference", "estimate"] == pytest.approx(one["estimate"], rel=1e-10)


def test_suest_of_two_outcomes_equals_the_stacked_regression(panel, model):
    a, b = replace(model, outcome="domestic_demand"), replace(model, outcome="foreign_demand")
    ours = suest_difference((panel, a), (panel, b))
    both = pd.concat(
        [panel.assign(y2=panel[m.outcome], eq=e) for m, e in ((a, 1), (b, 0))], ignore_index=True
    )
    both["id_eq"] = both["id"] * 10 + both["eq"]
    theirs, error = difference_and_error(
        stacked_pyfixest(both, "eq", replace(model, outcome="y2"), "id_eq", "id")
    )
    row = ours.loc["difference"]
    assert row["estimate"] == pytest.approx(theirs, rel=1e-8)
    assert row["std_error"] == pytest.approx(error * np.sqrt(284 / 283), rel=1e-8)
    # the outcomes of one city are correlated: adding variances as if they were independent is wrong
    apart = np.hypot(*ours.loc[["first", "second"], "std_error"])
    assert abs(apart / row["std_error"] - 1) > 0.01


def brute_force(panel, spec, labels):
    """Separate linearmodels regressions and their raw unit-clustered variances."""
    effects, variances = [], []
    for side in (1.0, 0.0):
        d = panel[panel["id"].map(labels) == side].set_index(["id", "year"])
        fit = PanelOLS(d[spec.outcome], d[spec.regressors], entity_effects=True, time_effects=True).fit(
            cov_type="clustered", cluster_entity=True, debiased=False, auto_df=False, count_effects=False
        )
        effects.append(fit.params["did"])
        variances.append(fit.cov.loc["did", "did"])
    difference = effects[0] - effects[1]
    return difference, difference / np.sqrt(sum(variances))


def test_permutation_equals_brute_force_over_units(panel, model):
    result = permute_groups(panel, model, "area", (1, 0), draws=300, seed=3)
    observed = panel.groupby("id")["area"].first().astype(float)
    np.testing.assert_allclose(
        (result.difference, result.t_statistic), brute_force(panel, model, observed), rtol=1e-8
    )
    rng = np.random.default_rng(3)
    shuffled = np.vstack(
        [rng.permuted(np.tile(observed.to_numpy(), (size, 1)), axis=1) for size in (250, 50)]
    )
    for draw in (0, 1, 249, 250, 299):
        labels = pd.Series(shuffled[draw], index=observed.index)
        dealt = result.draws.loc[draw, ["difference", "t_statistic"]]
        np.testing.assert_allclose(dealt, brute_force(panel, model, labels), rtol=1e-7)
    for p, column, value in [
        (result.p_value, "difference", result.difference),
        (result.p_value_t, "t_statistic", result.t_statistic),
    ]:
        assert p == (1 + (result.draws[column].abs() >= abs(value)).sum()) / 301


def test_permutation_needs_no_controls_and_is_reproducible(panel):
    spec = TwoWayModel("entreact", "did")
    one = permute_groups(panel, spec, "area", (1, 0), draws=199, seed=8)
    two = permute_groups(panel.sample(frac=1, random_state=4), spec, "area", (1, 0), draws=199, seed=8)
    assert one.draws.to_numpy().tobytes() == two.draws.to_numpy().tobytes()
    labels = panel.groupby("id")["area"].first().astype(float)
    np.testing.assert_allclose(one.difference, brute_force(panel, spec, labels)[0], rtol=1e-8)


def null_panel(rng, group, ratio, periods=6):
    """Random-walk noise, `ratio` times as loud in group 1; half the units treated halfway; no effect."""
    units = len(group)
    noise = rng.normal(size=(units, periods)).cumsum(axis=1) * np.where(group == 1, ratio, 1)[:, None]
    ids, years = np.divmod(np.arange(units * periods), periods)
    return pd.DataFrame(
        {"id": ids, "year": years, "y": noise.ravel(), "d": ((ids % 2 == 0) & (years >= 3)) * 1.0}
    )


def rejection_rates(ratio, tests=150):
    """Share of p-values at or below 10 %, of the difference and of t, when no effect differs."""
    rng = np.random.default_rng(12)
    p_values = []
    for seed in range(tests):
        group = rng.permuted(np.repeat([1, 0], [16, 48]))
        data = null_panel(rng, group, ratio)
        data["g"] = group[data["id"]]
        result = permute_groups(data, TwoWayModel("y", "d"), "g", (1, 0), draws=199, seed=seed)
        p_values.append((result.p_value, result.p_value_t))
    return (np.array(p_values) <= 0.10).mean(axis=0)


def test_permutation_keeps_its_level_under_serial_correlation():
    # 150 fair tests at 10 %: two binomial standard errors each side are 0.051 and 0.149
    rates = rejection_rates(ratio=1)
    assert ((rates > 0.04) & (rates < 0.16)).all()


def test_only_the_t_statistic_survives_groups_with_unequal_noise():
    difference, t_statistic = rejection_rates(ratio=4)
    assert difference > 0.20
    assert 0.04 < t_statistic < 0.19


def changed(panel, kind):
    d = panel.copy()
    treated = d.groupby("id")["did"].transform("max")
    match kind:
        case "wandering":
            d["area"] = d["year"].gt(2015) * 1
        case "third":
            d.loc[d["id"] == 110000, "area"] = 2
        case "no treated":
            d["area"] = treated
    return d


REFUSALS = {
    "wandering": "'area' changes over time within 284 units of 'id': 110000.*value before anyone was treated",
    "third": "'area' has 16 rows that are neither 1 nor 0: 2",
    "no treated": r"did \[area=0\] is absorbed|does not vary. A group is too small",
}


@pytest.mark.parametrize("kind", REFUSALS)
@pytest.mark.parametrize("function", [interacted_difference, lambda *a: permute_groups(*a, seed=1)])
def test_refuses_groups_that_cannot_be_compared(panel, model, kind, function):
    data = changed(panel, kind)
    with pytest.raises(PanelError, match=REFUSALS[kind]):
        function(data, model, "area", (1, 0))


def test_a_control_that_only_one_group_has_is_named(panel, model):
    data = panel.assign(port=panel["human"] * (panel["area"] == 1))
    with pytest.raises(PanelError, match=r"port \[area=0\] is absorbed"):
        interacted_difference(data, replace(model, controls=("gdp", "port")), "area", (1, 0))


def test_other_refusals(panel, model):
    with pytest.raises(PanelError, match="no column 'south'"):
        interacted_difference(panel, model, "south", (1, 0))
    with pytest.raises(PanelError, match="two different values of 'area'"):
        interacted_difference(panel, model, "area", (1, 1))
    with pytest.raises(PanelError, match=r"50 draws are too few: p cannot fall below 0.020"):
        permute_groups(panel, model, "area", (1, 0), draws=50, seed=1)
    with pytest.raises(PanelError, match="permuted over 'id', but errors cluster by 'province'"):
        permute_groups(panel, replace(model, cluster="province"), "area", (1, 0), seed=1)
    with pytest.raises(PanelError, match=r"1 of 284 units lack some of the 16 periods: 110000"):
        permute_groups(panel.iloc[1:], model, "area", (1, 0), seed=1)
    with pytest.raises(PanelError, match="first regression clusters by 'province', the second by 'id'"):
        suest_difference((panel, replace(model, cluster="province")), (panel, model))
    with pytest.raises(PanelError, match="one and the same"):
        suest_difference((panel, model), (panel, model))
    slow = panel.assign(stock=panel["hl"] * np.where(panel["area"] == 0, panel["year"] > 2015, 2))
    with pytest.raises(PanelError, match=r"stock \[area=1\] is absorbed"):
        interacted_difference(slow, replace(model, treatment="stock"), "area", (1, 0))
    few = panel[panel["area"] == 0]
    treated = few.loc[few["did"] == 1, "id"].unique()
    few = few[~few["id"].isin(treated[3:])].assign(half=lambda d: (d["id"] <= treated[0]) * 1)
    with pytest.raises(PanelError, match="the treatment or a control does not vary. A group is too small"):
        permute_groups(few, model, "half", (1, 0), seed=1)


def test_errors_by_row_are_those_of_two_way_on_either_group(panel, model):
    """The first draw's labels are dealt as documented; robust errors come from two engines, classical from pyfixest."""
    found = permute_groups(panel, model, "area", (1, 0), draws=199, seed=5)
    ids = np.sort(panel["id"].unique())
    labels = panel.groupby("id")["area"].first().loc[ids].to_numpy() == 1
    dealt = np.random.default_rng(5).permuted(np.tile(labels, (199, 1)), axis=1)[0]
    keys, names = {"unit": "id", "time": "year"}, model.regressors
    sides = [panel[panel["id"].isin(ids[dealt == side])] for side in (True, False)]
    robust = [
        two_way(s, "entreact", names, **keys, cov_type="robust").set_index("term").loc["did"] for s in sides
    ]
    formula = f"entreact ~ {' + '.join(names)} | id + year"
    classical = [pf.feols(formula, s, "iid").se()["did"] for s in sides]
    first, difference = found.draws.iloc[0], robust[0]["estimate"] - robust[1]["estimate"]
    assert first["difference"] == pytest.approx(difference, rel=1e-8)
    by_row = np.hypot(robust[0]["std_error"], robust[1]["std_error"])
    assert first["t_robust"] == pytest.approx(difference / by_row, rel=1e-7)
    assert first["t_classical"] == pytest.approx(difference / np.hypot(*classical), rel=1e-7)
