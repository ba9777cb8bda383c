"""All five twins: sample, targets by other libraries, worlds, and what a wrong file is told."""

import copy

import numpy as np
import pandas as pd
import pyfixest
import pytest
import yaml
from linearmodels import PanelOLS

import nqp.twin
from nqp.data import path_of, province_panel
from nqp.evidence import published
from nqp.papers import paper
from nqp.twin.assemble import setting_of
from nqp.twin.declared import TwinError
from nqp.twin.reading import parse_study
from nqp.twin.scaffold import build_scaffold
from nqp.twin.solve import build_setting, solve_world

PAPERS = {
    "dual_pilot": ("t3.c1.N.n", "text.N_CITIES.n"),
    "digital_agglomeration": ("t3.c4.n", "text.cities.n"),
    "industrial_agglomeration": ("t3.c2.n", "text.provinces.n"),
    "innovative_city": ("t2.c2.N.n", "text.N_CITIES.n"),
}
BASELINE = [
    ("dual_pilot", "t3.c1.BCS.coef", "NQP", True, True),
    ("dual_pilot", "t3.c2.IIC.coef", "NQP", True, True),
    ("dual_pilot", "t3.c3.DID.coef", "NQP", True, True),
    ("digital_agglomeration", "t3.c3.agglomeration.coef", "New-productivity", True, False),
    ("digital_agglomeration", "t3.c4.agglomeration.coef", "New-productivity", True, True),
    ("industrial_agglomeration", "t3.c1.indus.coef", "produ", False, True),
    ("industrial_agglomeration", "t3.c2.indus.coef", "produ", True, True),
    ("industrial_agglomeration", "t4.c1.indus.coef", "produ_inno", True, True),
    ("industrial_agglomeration", "t4.c2.indus.coef", "produ_green", True, True),
    ("industrial_agglomeration", "t4.c3.indus.coef", "produ_digit", True, True),
    ("innovative_city", "t2.c1.Inn.coef", "Pro", False, True),
    ("innovative_city", "t2.c2.Inn.coef", "Pro", True, True),
]
ALL = ["cluster_pilot", *PAPERS]


def noise_free_panel(study: str, world: str = "as_printed") -> pd.DataFrame:
    twin = nqp.twin.generate(study, 0, world=world)
    made = nqp.twin.noise_free(study, world=world)
    columns = dict(zip(twin.study.dimensions, made.reshape(len(made), -1), strict=True))
    index = np.tensordot(setting_of(study).weights, made, axes=1).ravel()
    return twin.panel.assign(**{**columns, twin.study.paper.outcome: index})


def coefficient(
    panel: pd.DataFrame, study: str, outcome: str, term: str, controls: bool, time: bool
) -> float:
    frame = panel.rename(columns={outcome: "y"})
    terms = [term, *(paper(study).controls if controls else ())]
    effects = "adcode + year" if time else "adcode"
    ours = pyfixest.feols(f"y ~ {' + '.join(terms)} | {effects}", frame).coef()[term]
    keyed = frame.set_index(["adcode", "year"])
    fit = PanelOLS(keyed["y"], keyed[terms].astype(float), entity_effects=True, time_effects=time).fit()
    assert fit.params[term] == pytest.approx(ours, abs=1e-8)
    return ours


@pytest.mark.parametrize("study", PAPERS)
def test_sample_size_is_the_printed_one(study):
    printed, (rows, units) = published(study)["value"], PAPERS[study]
    twin = nqp.twin.generate(study, 3)
    assert len(twin.panel) == printed[rows]
    assert twin.panel["adcode"].nunique() == printed[units]
    assert tuple(twin.panel["year"].agg(["min", "max"])) == paper(study).years
    assert not twin.panel.drop(columns=["name_zh", "province_zh", "region"]).isna().any(axis=None)


@pytest.mark.parametrize(("study", "number", "outcome", "controls", "time"), BASELINE)
def test_baseline_without_noise(study, number, outcome, controls, time):
    found = coefficient(noise_free_panel(study), study, outcome, number.split(".")[2], controls, time)
    assert found == pytest.approx(published(study).at[number, "value"], abs=1e-6)


@pytest.mark.parametrize("study", ALL)
def test_every_target_without_noise_and_on_average(study):
    assert nqp.twin.pseudo_true(study)["difference"].abs().max() < 1e-6
    assert nqp.twin.monte_carlo(study, range(50))["z"].abs().max() < 3.5


@pytest.mark.parametrize("study", ["dual_pilot", "digital_agglomeration", "industrial_agglomeration"])
def test_printed_moments(study):
    table = nqp.twin.moments(nqp.twin.generate(study, 4))
    assert {paper(study).outcome, *paper(study).treatments, *paper(study).controls} <= set(table["variable"])
    apart = table.set_index("stat")["relative"].abs()
    assert apart[["mean", "sd"]].max() < 0.01
    assert apart[["min", "max"]].max() < 0.05


def test_every_printed_moment_of_the_dual_pilot_holds_to_its_digit_in_every_world():
    printed = published("dual_pilot").query("table == 't2' and stat != 'n'")
    decimals = printed.set_index(["term", "stat"])["decimals"]
    for world in nqp.twin.read_study("dual_pilot").worlds:
        table = nqp.twin.moments(nqp.twin.generate("dual_pilot", 7, world=world))
        assert len(table) == len(printed)
        for row in table.itertuples():
            assert round(row.simulated, decimals[row.variable, row.stat]) == row.printed, (world, row)


def test_a_paper_without_descriptive_table_has_no_printed_moments():
    assert nqp.twin.moments(nqp.twin.generate("innovative_city", 4)).empty


def test_the_drawn_sample_of_two_policies_meets_everything_print_counts():
    printed = published("dual_pilot")["value"]
    panel = nqp.twin.generate("dual_pilot", 0).panel
    units = panel.drop_duplicates("adcode")
    regions = units["region"].value_counts()
    for region, number in {"east": "N_EAST", "central": "N_CENTRAL_REGION", "west": "N_WEST"}.items():
        assert regions[region] == printed[f"text.{number}.n"]
    for policy in ("BCS", "IIC", "DID"):
        assert (units[f"first_treated_{policy}"] > 0).sum() == printed[f"text.N_{policy}.n"]
        assert round(panel[policy].mean(), 4) == printed[f"t2.c2.{policy}.mean"]
    assert [panel[policy].sum() for policy in ("BCS", "IIC", "DID")] == [745, 343, 192]
    first, second = units["first_treated_BCS"], units["first_treated_IIC"]
    both = units["first_treated_DID"] > 0
    orders = {"N_BCS_FIRST": first < second, "N_IIC_FIRST": first > second, "N_SAME_YEAR": first == second}
    for number, order in orders.items():
        assert (order & both).sum() == printed[f"text.{number}.n"]
    # central cities of footnote 1, which Table 10, panel B, sets against the others
    north = [
        "北京",
        "天津",
        "青岛",
        "济南",
        "郑州",
        "西安",
        "太原",
        "呼和浩特",
        "银川",
        "兰州",
        "乌鲁木齐",
        "沈阳",
        "大连",
        "长春",
        "哈尔滨",
    ]
    south = [
        "上海",
        "南京",
        "杭州",
        "武汉",
        "南昌",
        "长沙",
        "广州",
        "深圳",
        "福州",
        "厦门",
        "昆明",
        "重庆",
        "成都",
        "贵阳",
        "南宁",
    ]
    assert units["name_zh"].isin([f"{name}市" for name in north + south]).sum() == len(north + south)
    assert len(units) - len(north + south) == printed["text.N_PERIPH.n"]
    # samples of Table 7: without cluster cities, without broadband cities, ever treated only
    years = panel["year"].nunique()
    assert years * (second == 0).sum() == printed["t7.A.c1.N.n"]
    assert years * (first == 0).sum() == printed["t7.A.c2.N.n"]
    assert years * ((first > 0) | (second > 0)).sum() == printed["t7.B.c3.N.n"]


def test_all_pilots_of_a_drawn_sample_are_in():
    units = nqp.twin.generate("innovative_city", 0).panel.drop_duplicates("adcode")
    assert (units["first_treated"] > 0).sum() == published("innovative_city").at["text.N_TREATED.n", "value"]


def test_provinces_are_units_with_neighbours():
    scaffold = setting_of("industrial_agglomeration").scaffold
    names = scaffold.units.set_index("adcode")["name_zh"]
    assert names[110000] == "北京市"
    assert names.index.tolist() == sorted(province_panel()["adcode"].unique())
    linked = scaffold.weights.toarray() > 0
    beijing = scaffold.units["name_zh"].eq("北京市").to_numpy()
    assert set(scaffold.units.loc[linked[beijing][0], "name_zh"]) == {"河北省", "天津市"}
    assert linked.any(axis=1).all()


def ye(panel: pd.DataFrame, outcome: str, term: str = "indus") -> float:
    return coefficient(panel, "industrial_agglomeration", outcome, term, True, True)


def test_the_province_twin_holds_tables_6_to_8():
    printed, panel = (
        published("industrial_agglomeration")["value"],
        noise_free_panel("industrial_agglomeration"),
    )
    panel["M_all"] = panel["M_cap"] + panel["M_lab"]
    for k, name in enumerate(("M_all", "M_cap", "M_lab"), start=1):
        assert ye(panel, name) == pytest.approx(printed[f"t7.c{k}.indus.coef"], abs=1e-9)
        found = panel[name].agg(["mean", "std", "min", "max"]).to_numpy()
        kept = 2 if name == "M_all" else 4  # print's ends of M_all are sums of ends
        wanted = [printed[f"t2.{name}.{stat}"] for stat in ("mean", "sd", "min", "max")]
        assert found[:kept] == pytest.approx(wanted[:kept], abs=5e-4)
    assert ye(panel, "produ_alt") == pytest.approx(printed["t6.c2.indus.coef"], abs=1e-9)
    assert ye(panel, "produ", "density") == pytest.approx(printed["t6.c1.indus.coef"], abs=1e-6)
    for k, region in enumerate(("east", "central", "west"), start=1):
        rows = panel[panel["region"] == region]
        assert len(rows) == printed[f"t8.c{k}.n"]
        assert ye(rows, "produ") == pytest.approx(printed[f"t8.c{k}.indus.coef"], abs=1e-6)
    assert {"t7.c1.indus.coef", "t6.c1.indus.coef"} <= nqp.twin.read_study(
        "industrial_agglomeration"
    ).calibrated()


def test_without_effect_agglomeration_moves_nothing_beside_the_index_either():
    for world in ("no_effect", "size_drives_both"):
        panel = noise_free_panel("industrial_agglomeration", world)
        for outcome in ("M_cap", "M_lab", "produ_alt", "produ"):
            assert ye(panel, outcome) == pytest.approx(0, abs=1e-9)
        assert ye(panel, "produ", "density") == pytest.approx(0, abs=1e-9)


def test_size_drives_both_shows_between_provinces_and_not_within_them():
    """Pooled and two-way coefficients of the quotient, on five seeds, by another library."""
    pooled, within = {}, {}
    for world in ("no_effect", "size_drives_both"):
        panels = [nqp.twin.generate("industrial_agglomeration", seed, world=world).panel for seed in range(5)]
        pooled[world] = np.mean([pyfixest.feols("produ ~ indus", panel).coef()["indus"] for panel in panels])
        within[world] = np.mean([ye(panel, "produ") for panel in panels])
    assert pooled["size_drives_both"] > 2 * pooled["no_effect"] > 0
    assert within["size_drives_both"] == pytest.approx(within["no_effect"], abs=1e-9)
    assert abs(within["size_drives_both"]) < 0.03


@pytest.mark.parametrize("study", ALL)
def test_no_effect_is_no_effect_in_every_declared_regression(study):
    setting = setting_of(study)
    made = nqp.twin.noise_free(study, world="no_effect")
    for design in setting.designs.values():
        for term in design.column.terms:
            if term in setting.drawn.of_treatment:
                y = np.tensordot(setting.mixes[design.column.outcome], made, axes=1).ravel()
                assert design.row(term) @ y == pytest.approx(0, abs=1e-9), (design.column.name, term)
    twin = nqp.twin.generate(study, 5, world="no_effect")
    assert not twin.effects[["direct", "spillover", "drift"]].to_numpy().any()
    same = nqp.twin.generate(study, 5)
    drawn = [*twin.study.paper.treatments, *twin.study.paper.controls]
    assert twin.panel[drawn].equals(same.panel[drawn])
    assert twin.study.calibrated("no_effect") < same.study.calibrated()


@pytest.mark.parametrize("study", ALL)
def test_a_trend_alone_gives_the_headline_coefficient(study):
    printed, effects = published(study)["value"], nqp.twin.generate(study, 0, world="trend_only").effects
    panel = noise_free_panel(study, "trend_only")
    assert not effects["direct"].any()
    for number in paper(study).headline:
        term, controls = number.split(".")[2], number != "t2.c1.Inn.coef"
        found = coefficient(panel, study, paper(study).outcome, term, controls, True)
        assert found == pytest.approx(printed[number], abs=1e-6)
        assert effects.loc[(paper(study).outcome, term), "drift"] != 0


def test_a_drift_is_seen_before_treatment_and_an_effect_is_not():
    """Innovative cities: yearly growth of the gap in the years before any pilot, without noise."""
    slopes = {}
    for world in ("as_printed", "trend_only"):
        panel = noise_free_panel("innovative_city", world).query("year <= 2007")
        panel = panel.assign(late=(panel["first_treated"] > 0) * panel["year"])
        slopes[world] = coefficient(panel, "innovative_city", "Pro", "late", True, True)
    assert abs(slopes["as_printed"]) < 1e-9
    assert slopes["trend_only"] == pytest.approx(
        nqp.twin.generate("innovative_city", 0, world="trend_only").effects.loc[("Pro", "Inn"), "drift"]
    )


@pytest.mark.parametrize("study", ALL)
def test_spillover_adds_the_declared_share(study):
    base, moved = (nqp.twin.generate(study, 0, world=w).effects for w in ("as_printed", "spillover"))
    share = nqp.twin.read_study(study).worlds["spillover"].spillover
    assert (moved["spillover"] - base["spillover"]).to_numpy() == pytest.approx(
        share * base["direct"].to_numpy()
    )
    assert moved["direct"].equals(base["direct"])


def test_half_the_effect_is_half_the_coefficient():
    raw = content("dual_pilot")
    raw["worlds"]["half"] = {"about": "half of it", "effect": 0.5}
    from nqp.twin.worlds import depart

    setting = build_setting(parse_study("dual_pilot", raw))
    half = depart(setting, solve_world(setting, "as_printed"), "half")
    for target in ("t3.c1.BCS.coef", "t3.c2.IIC.coef", "t3.c3.DID.coef"):
        column, term = target.split(".coef")[0].rsplit(".", 1)
        found = setting.designs[column].row(term) @ half.moving.ravel()
        assert found == pytest.approx(published("dual_pilot").at[target, "value"] / 2, abs=1e-9)


def test_worlds_with_and_without_synergy_keep_each_policys_own_effect():
    """Both policies and their product, without noise and by another library: what is planted comes back."""
    right = " + ".join(["BCS", "IIC", "DID", *paper("dual_pilot").controls])
    found = {}
    for world in ("as_printed", "no_synergy", "synergy"):
        panel = noise_free_panel("dual_pilot", world)
        assert panel["DID"].eq(panel["BCS"] * panel["IIC"]).all()
        found[world] = pyfixest.feols(f"NQP ~ {right} | adcode + year", panel).coef()[["BCS", "IIC", "DID"]]
        planted = nqp.twin.generate("dual_pilot", 0, world=world).effects.loc["NQP", "direct"]
        assert found[world].to_numpy() == pytest.approx(planted.to_numpy(), abs=1e-9)
    own = found["as_printed"][["BCS", "IIC"]]
    for world in ("no_synergy", "synergy"):
        assert found[world][["BCS", "IIC"]].to_numpy() == pytest.approx(own.to_numpy(), abs=1e-9)
    assert found["no_synergy"]["DID"] == pytest.approx(0, abs=1e-9)
    assert found["synergy"]["DID"] == pytest.approx(0.0093, abs=1e-9)
    assert found["synergy"]["DID"] == pytest.approx(own.sum(), abs=5e-5)  # as the file says of it


def test_mediators_have_the_printed_first_steps_and_carry_part_of_the_planted_effects():
    """Table 8 without noise: path a as printed, path b where aimed at, and total effects that b leaves alone."""
    printed, panel = published("dual_pilot")["value"], noise_free_panel("dual_pilot")
    controls = " + ".join(paper("dual_pilot").controls)
    for name, table in (("EG", "t8.A"), ("TEC", "t8.B")):
        fit = pyfixest.feols(f"NQP ~ {name} + {controls} | adcode + year", panel)
        assert fit.coef()[name] == pytest.approx(printed[f"{table}.c4.{name}.coef"], abs=1e-6)
        for k, policy in enumerate(("BCS", "IIC", "DID"), start=1):
            first = pyfixest.feols(f"{name} ~ {policy} + {controls} | adcode + year", panel).coef()[policy]
            assert first == pytest.approx(printed[f"{table}.c{k}.{policy}.coef"], abs=1e-9)
            both = pyfixest.feols(f"NQP ~ {policy} + {name} + {controls} | adcode + year", panel).coef()
            total = printed[f"t3.c{k}.{policy}.coef"]
            assert both[policy] + first * both[name] == pytest.approx(total, abs=1e-6)
            assert both[policy] < total
    assert {"t8.A.c1.BCS.coef", "t8.B.c4.TEC.coef"} <= nqp.twin.read_study("dual_pilot").calibrated()


def test_mediators_give_no_policy_an_effect_in_the_samples_of_table_7():
    panel = noise_free_panel("dual_pilot", "no_effect")
    first, second = panel["first_treated_BCS"] > 0, panel["first_treated_IIC"] > 0
    samples = {"BCS": [~second], "IIC": [~first], "DID": [first | second, second, first]}
    for policy, parts in samples.items():
        for rows in parts:
            found = coefficient(panel[rows], "dual_pilot", "NQP", policy, True, True)
            assert found == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("study", ALL[1:])  # test_twin_panel asks the first for the same bytes
def test_the_same_seed_gives_the_same_panel(study):
    first = nqp.twin.generate(study, 11).panel
    setting_of.cache_clear()
    assert nqp.twin.generate(study, 11).panel.equals(first)
    other = nqp.twin.generate(study, 12)
    assert not other.panel[other.study.paper.outcome].equals(first[other.study.paper.outcome])


@pytest.mark.parametrize("study", [slug for slug in PAPERS if "contract.yml" not in paper(slug).files])
def test_export_without_a_contract_has_the_columns_of_the_panel(study, tmp_path):
    path = nqp.twin.export(study, 1, "csv", tmp_path, world="trend_only")
    assert path.name == f"{study}_trend_only_seed1_SYNTHETIC.csv"
    table, twin = pd.read_csv(path), nqp.twin.generate(study, 1, world="trend_only")
    assert list(table) == ["data_class", *twin.panel]
    assert table["data_class"].eq("SYNTHETIC").all()
    assert table[twin.study.paper.outcome].equals(twin.panel[twin.study.paper.outcome])


@pytest.mark.parametrize("study", ["cluster_pilot", "dual_pilot", "industrial_agglomeration"])
def test_export_with_a_contract_has_the_columns_that_chapters_need(study, tmp_path):
    contract = yaml.safe_load(path_of(f"papers/{study}/contract.yml").read_text(encoding="utf-8"))
    table = pd.read_csv(nqp.twin.export(study, 1, "csv", tmp_path))
    needed = [name for name, column in contract["columns"].items() if column["needed_by"]]
    extra = list(table)[len(contract["keys"]) + 1 + len(needed) :]
    assert list(table) == ["data_class", *contract["keys"], *needed, *extra]
    assert extra == (["output", "labour", "capital"] if study == "cluster_pilot" else [])


def content(study: str) -> dict:
    return copy.deepcopy(yaml.safe_load(path_of(f"papers/{study}/twin.yml").read_text(encoding="utf-8")))


def broken(change, study="dual_pilot") -> str:
    raw = content(study)
    change(raw)
    with pytest.raises(TwinError) as raised:
        solve_world(build_setting(parse_study(study, raw)), "as_printed")
    assert f"data/papers/{study}/twin.yml" in str(raised.value)
    return str(raised.value)


MISTAKES = {
    "unknown key": (lambda d: d.update(outcomes={}), "unknown key 'outcomes' (did you mean outcome?)"),
    "unknown key inside": (
        lambda d: d["covariates"]["MKT"].update(sise=1),
        "covariates: MKT: unknown key 'sise'",
    ),
    "unknown key deep inside": (
        lambda d: d["outcome"]["dimensions"]["NQP"]["noise"].update(sds=1),
        "outcome, dimensions: NQP, noise: unknown key 'sds'",
    ),
    "path that no table has": (
        lambda d: d["mediators"].update(EG=["t8.A.c9.BCS.coef"]),
        "mediators: EG: unknown id of published.csv 't8.A.c9.BCS.coef' (did you mean",
    ),
    "mediator that is not drawn": (lambda d: d["covariates"].pop("TEC"), "covariates: TEC is not drawn"),
    "effect of no treatment": (
        lambda d: d["worlds"]["no_synergy"].update(effects={"BSC": 0}),
        "worlds: no_synergy, effects: unknown treatment 'BSC' (did you mean BCS?)",
    ),
    "missing key": (lambda d: d["worlds"]["no_effect"].pop("about"), "worlds: no_effect: lacks about"),
    "id that no table has": (
        lambda d: d["targets"].append("t3.c9.BCS.coef"),
        "targets: 't3.c9.BCS.coef' is no id",
    ),
    "untargeted id": (lambda d: d["untargeted"].update({"t33": "x"}), "untargeted: 't33' is no id"),
    "prior id": (
        lambda d: d["outcome"]["dimensions"]["NQP"]["prior"].update(MKT="t3.c1.MKT.cef"),
        "'t3.c1.MKT.cef' is no id of published.csv beside it (did you mean t3.c1.MKT.coef",
    ),
    "prior of nothing": (
        lambda d: d["outcome"]["dimensions"]["NQP"]["prior"].update(MKTT=1.0),
        "unknown feature 'MKTT' (did you mean MKT",
    ),
    "unknown control": (
        lambda d: d["covariates"].update(MKTS={}),
        "covariates: unknown control, moderator or treatment 'MKTS' (did you mean MKT",
    ),
    "control of a column": (
        lambda d: d["columns"]["t3.c1"].update(controls=["STT"]),
        "columns: t3.c1: unknown control 'STT' (did you mean STR",
    ),
    "control not drawn": (lambda d: d["covariates"].pop("OFI"), "covariates: OFI is not drawn"),
    "unknown term": (
        lambda d: d["columns"]["t3.c1"].update(terms=["BCS", "XYZ"]),
        "t3.c1: unknown term 'XYZ'",
    ),
    "unknown subsample": (
        lambda d: d["columns"]["t3.c1"].update(rows="south"),
        "t3.c1: unknown subsample 'south'",
    ),
    "unknown policy": (
        lambda d: d["treatments"]["BCS"].update(policy="broadband"),
        "unknown policy 'broadband'",
    ),
    "unknown treatment": (lambda d: d["treatments"].update(BSC={}), "treatments: unknown treatment 'BSC'"),
    "no as_printed": (lambda d: d["worlds"].pop("as_printed"), "worlds: unknown world 'as_printed'"),
    "world that drops nothing": (
        lambda d: d["worlds"]["as_printed"].update(drop=["t3.c1.X.coef"]),
        "worlds: as_printed: unknown target 't3.c1.X.coef'",
    ),
    "world of both kinds": (
        lambda d: d["worlds"]["no_effect"].update(loose={"residuals": 0}),
        "worlds: no_effect: effect, effects, drift and spillover go with no loose",
    ),
    "rule without column": (
        lambda d: d.update(subsamples={"up": {"column": "MTK", "above": 1}}),
        "subsamples: up: unknown column 'MTK' (did you mean MKT",
    ),
    "rule without condition": (
        lambda d: d.update(subsamples={"up": {"column": "MKT"}}),
        "subsamples: up: a rule needs",
    ),
    "counts that no sample meets": (
        lambda d: d["sample"]["counts"][0].update(units=200),
        "sample: no set of the 296 candidates meets all counts together",
    ),
    "shares beyond one": (
        lambda d: d["covariates"]["MKT"].update(trend=0.9),
        "MKT: between and the square of trend",
    ),
    "loading on nothing": (
        lambda d: d["covariates"]["MKT"].update(loads={"BSC": 1}),
        "covariates: MKT, loads: unknown variable 'BSC' (did you mean BCS",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_file_and_key(mistake):
    change, said = MISTAKES[mistake]
    assert said in broken(change)


def test_a_paper_without_printed_moments_must_declare_them():
    said = broken(lambda d: d["covariates"]["Eco"].pop("sd"), "innovative_city")
    assert "covariates: Eco: print has no sd of it" in said


def test_targets_that_contradict_each_other_are_named():
    """Three regressions with the same controls have eight free slopes; a control's in a second one is no ninth."""
    raw = content("dual_pilot")
    raw["targets"].append("t3.c2.MKT.coef")
    with pytest.raises(nqp.twin.ContradictoryTargets, match=r"cannot hold at once: .*t3\.c2\.MKT\.coef"):
        solve_world(build_setting(parse_study("dual_pilot", raw)), "as_printed")


def test_an_unknown_world_is_refused_with_those_there_are():
    with pytest.raises(TwinError, match=r"has no world 'no_efect' \(did you mean no_effect\?\)"):
        nqp.twin.generate("dual_pilot", 1, world="no_efect")


def test_the_drawn_sample_does_not_depend_on_the_order_of_rules():
    raw = content("dual_pilot")
    raw["sample"]["counts"].reverse()
    again = build_scaffold(parse_study("dual_pilot", raw)).units
    assert again.equals(setting_of("dual_pilot").scaffold.units)
