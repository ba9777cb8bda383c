"""Effects by cohort and period, and their averages: against diff-diff, print, csdid and planted truth."""

import numpy as np
import pandas as pd
import pytest
from diff_diff import CallawaySantAnna

from nqp.baseline import average_weights, cohorts, group_time_effects
from nqp.evidence.published import published
from nqp.panel import PanelError

OPEN = {"unit": "id", "time": "year"}


@pytest.fixture
def city_panel(panel):
    return panel.assign(cohort=cohorts(panel, "did", **OPEN))


@pytest.fixture(params=["with never-treated cities", "treated cities alone"])
def sample(request, city_panel):
    return city_panel if request.param.startswith("with") else city_panel[city_panel["cohort"].notna()]


def diff_diff(frame):
    coded = frame.assign(first=frame["cohort"].fillna(0).astype(int))
    model = CallawaySantAnna(control_group="not_yet_treated", estimation_method="reg")
    return model.fit(coded, outcome="entreact", unit="id", time="year", first_treat="first")


def test_treated_cells_and_averages_are_those_of_diff_diff(sample):
    effects, other = group_time_effects(sample, "entreact", "did", **OPEN), diff_diff(sample)
    treated = effects.cells.query("time >= cohort")
    for cell in treated.itertuples():
        theirs = other.group_time_effects[int(cell.cohort), int(cell.time)]
        assert [cell.estimate, cell.std_error] == pytest.approx([theirs["effect"], theirs["se"]], abs=1e-12)
    columns = ["estimate", "std_error"]
    assert effects.average()[columns].tolist() == pytest.approx([other.overall_att, other.overall_se])
    path = other.aggregate("event_study")
    since = np.asarray(path.event_time) >= 0
    weight = since / since.sum()
    expected = [weight @ path.att, np.sqrt(weight @ path.vcov @ weight)]
    assert effects.average("event")[columns].tolist() == pytest.approx(expected)
    group = other.aggregate("group")
    sizes = sample.drop_duplicates("id")["cohort"].value_counts()[list(group.label)]
    assert effects.average("group")["estimate"] == pytest.approx(np.average(group.att, weights=sizes))
    assert effects.average("group")["std_error"] > effects.average("group", known_sizes=True)["std_error"]


def test_the_averages_of_treated_cities_alone_are_printed(city_panel):
    """Table 10 of Li et al. (2026), from Stata's csdid: fifteen cells."""
    printed = published("open_benchmark").query("table == 't10'")["printed"]
    treated = city_panel[city_panel["cohort"].notna()]
    effects = group_time_effects(treated, "entreact", "did", **OPEN)
    kinds = {"c1.ATT": "simple", "c2.GAverage": "group", "c3.CAverage": "calendar"}
    kinds |= {"c4.Pre_avg": "before", "c4.Post_avg": "event"}
    for name, kind in kinds.items():
        found = effects.average(kind, known_sizes=kind == "group")
        for stat, column in {"coef": "estimate", "ci_low": "conf_low", "ci_high": "conf_high"}.items():
            assert f"{found[column]:.3f}" == printed[f"t10.{name}.{stat}"]


def test_castle_doctrine_against_never_treated_states(root):
    """Callaway-Sant'Anna with never-treated controls: 0.110383, as csdid and diff-diff give on these data."""
    wide = pd.read_csv(root / "tests/reference/castle.csv", comment="#")
    long = wide.melt(["state", "first_year"], var_name="year", value_name="homicide").astype({"year": int})
    long["law"] = (long["year"] >= long["first_year"]).astype(int)
    cells = []
    for cohort in long["first_year"].dropna().unique():
        part = long[long["first_year"].isna() | (long["first_year"] == cohort)]
        cells.append(group_time_effects(part, "homicide", "law", unit="state", time="year").cells)
    treated = pd.concat(cells, ignore_index=True).query("time >= cohort")
    assert average_weights(treated, "simple") @ treated["estimate"] == pytest.approx(0.110383, abs=5e-6)


def drawn(rng):
    """A panel of 120 units with random cohorts, parallel trends, and an effect that grows by one a period."""
    start = rng.choice([3, 5, 99], size=120, p=[0.3, 0.3, 0.4])[:, None]
    time = np.arange(7)
    effect = np.where(time >= start, 1.0 + time - start, 0.0)
    y = rng.normal(size=(120, 1)) + time + effect + rng.normal(size=(120, 7))
    keys = {"unit": np.repeat(np.arange(120), 7), "time": np.tile(time, 120)}
    return pd.DataFrame(keys | {"y": y.ravel(), "d": (time >= start).astype(int).ravel()})


def test_intervals_cover_a_planted_average():
    rng = np.random.default_rng(4)
    truth = {"simple": 13 / 6, "event": 2.5, "before": 0.0}
    kept = dict.fromkeys(truth, 0)
    for _ in range(100):
        effects = group_time_effects(drawn(rng), "y", "d", unit="unit", time="time")
        for kind, planted in truth.items():
            found = effects.average(kind)
            kept[kind] += found["conf_low"] <= planted <= found["conf_high"]
    assert all(88 <= count <= 99 for count in kept.values()), kept


def test_weights_answer_the_question_of_their_kind():
    cells = pd.DataFrame({"cohort": [1, 1, 2], "time": [1, 2, 2], "n": [3, 3, 1]})
    wanted = {"simple": [3 / 7, 3 / 7, 1 / 7], "group": [3 / 8, 3 / 8, 1 / 4]}
    wanted |= {"calendar": [1 / 2, 3 / 8, 1 / 8], "event": [3 / 8, 1 / 2, 1 / 8]}
    for kind, weights in wanted.items():
        assert average_weights(cells, kind).tolist() == pytest.approx(weights), kind


def test_row_order_changes_nothing(city_panel):
    one = group_time_effects(city_panel, "entreact", "did", **OPEN)
    mixed = group_time_effects(city_panel.sample(frac=1, random_state=1), "entreact", "did", **OPEN)
    pd.testing.assert_frame_equal(one.cells, mixed.cells)
    assert one.average()["std_error"] == mixed.average()["std_error"]


def test_refusals(city_panel):
    always = city_panel.assign(did=city_panel["did"].where(city_panel["id"] != 110000, 1))
    with pytest.raises(PanelError, match="id 110000 are treated in the first period 2009: leave them out"):
        group_time_effects(always, "entreact", "did", **OPEN)
    with pytest.raises(PanelError, match="no comparison: did begins in no two different periods, or never"):
        group_time_effects(city_panel.query("cohort == 2013"), "entreact", "did", **OPEN)
    with pytest.raises(PanelError, match="the average 'evnt' is not known; choose one of simple, group"):
        group_time_effects(city_panel, "entreact", "did", **OPEN).average("evnt")
    with pytest.raises(PanelError, match="not balanced"):
        group_time_effects(city_panel.iloc[1:], "entreact", "did", **OPEN)
