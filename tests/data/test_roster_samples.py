"""Samples and first treated years, against the counts and means that the papers print."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from nqp.data import first_treated, roster_cities, roster_policies, sample
from nqp.papers import paper

DATA = Path(__file__).parents[2] / "data"
CLUSTER = "innovative_industrial_cluster"


def printed(study: str, cell: str) -> str:
    """Return a printed number of a paper as the string in the journal."""
    return pd.read_csv(DATA / f"papers/{study}/published.csv", dtype=str).set_index("id").loc[cell, "printed"]


def city_years(start: pd.Series, last: int) -> int:
    """Return the number of treated city-years up to `last`."""
    return int((last + 1 - start).sum())


def test_cluster_pilot_is_rebuilt_exactly():
    cities = sample("cluster_pilot")
    assert paper("cluster_pilot").sample.exact
    assert str(len(cities)) == printed("cluster_pilot", "text.cities.n")
    start = first_treated("cluster_pilot", CLUSTER)
    assert str(len(start)) == printed("cluster_pilot", "text.placebo.treated.n")
    treated = city_years(start, 2022)
    assert treated == 362
    mean = treated / 3324
    assert f"{mean:.4f}" == printed("cluster_pilot", "t2.INN.mean")
    assert f"{(mean * (1 - mean) * 3324 / 3323) ** 0.5:.4f}" == printed("cluster_pilot", "t2.INN.sd")
    assert start.value_counts().to_dict() == {2013: 9, 2015: 19, 2018: 24}


def test_dual_pilot_candidates_hold_more_cities_than_the_paper_kept():
    rule = paper("dual_pilot").sample
    assert not rule.exact
    assert rule.gap
    assert len(sample("dual_pilot")) > int(printed("dual_pilot", "text.N_CITIES.n"))
    for policy, cell, outside in (("broadband_china", "BCS", 3), (CLUSTER, "IIC", 2), ("overlap", "DID", 2)):
        start = first_treated("dual_pilot", policy)
        assert len(start) - outside == int(printed("dual_pilot", f"text.N_{cell}.n"))


def test_overlap_starts_with_the_later_of_the_two():
    both = [first_treated("dual_pilot", policy) for policy in ("broadband_china", CLUSTER)]
    overlap = first_treated("dual_pilot", "overlap")
    assert set(overlap.index) == set(both[0].index) & set(both[1].index)
    assert (overlap == pd.concat(both, axis=1).loc[overlap.index].max(axis=1)).all()
    same = overlap.index[both[0][overlap.index] == both[1][overlap.index]]
    names = roster_cities().set_index("adcode")["name_zh"]
    assert set(names[same]) == {"鞍山市", "合肥市", "济宁市", "十堰市"}  # named in the paper, table 9


def test_innovative_city_has_as_many_whole_cities_as_the_paper_has_pilots():
    start = first_treated("innovative_city", "innovative_city")
    assert str(len(start)) == printed("innovative_city", "text.N_TREATED.n")


def test_open_benchmark_is_the_open_panels_own_treatment():
    panel = pd.read_csv(DATA / "open/panel.csv")
    coded = panel[panel["did"] == 1].groupby("id")["year"].min()
    start = first_treated("open_benchmark", CLUSTER)
    assert start.to_dict() == coded.to_dict()
    assert set(sample("open_benchmark")["adcode"]) == set(panel["id"])


def test_districts_treat_their_city_only_on_request():
    alone = first_treated("innovative_city", "innovative_city")
    whole = first_treated("innovative_city", "innovative_city", districts=True)
    assert set(whole.index) - set(alone.index) == {110000, 120000, 310000, 500000}
    broadband = [first_treated("dual_pilot", "broadband_china", districts=d) for d in (False, True)]
    assert set(broadband[1].index) - set(broadband[0].index) == {500000}  # Chongqing, by four districts
    wider = broadband[1][broadband[0].index]
    moved = wider != broadband[0]
    assert (broadband[0][moved].to_dict(), wider[moved].to_dict()) == ({411400: 2016}, {411400: 2015})
    assert broadband[1][500000] == 2015


def test_every_broadband_entity_that_is_no_city_is_named_with_what_it_treats():
    rows = roster_policies()
    rows = rows[rows["policy"] == "broadband_china"]
    assert rows["status"].eq("verified").all()
    whole = rows["entity_type"].isin(["municipality", "prefecture-level city"])
    assert (len(rows), whole.sum()) == (119, 109)
    said = (DATA / "rosters/README.md").read_text(encoding="utf-8").partition("## From entities to cities")[2]
    for entity in rows.loc[~whole, "entity_zh"]:
        short = {"延边朝鲜族自治州": "延边州", "阿坝藏族羌族自治州": "阿坝州", "文山壮族苗族自治州": "文山州"}
        assert short.get(entity, entity) in said
    group = rows[rows["note"].str.contains("长株潭", na=False)]
    assert group["entity_zh"].tolist() == ["长沙市", "株洲市", "湘潭市"]
    assert group["year"].eq(2014).all()


def test_rosters_give_the_printed_counts_of_the_dual_pilot_but_for_three_cities():
    """Cohorts of print are 37/35/34, 10/19/24 and 5/12/3/10: the roster's less one of 2015, one or two of the last."""
    cohorts = {"broadband_china": [37, 36, 36], CLUSTER: [10, 19, 26], "overlap": [5, 12, 3, 12]}
    for policy, sizes in cohorts.items():
        assert first_treated("dual_pilot", policy).value_counts().sort_index().tolist() == sizes


@pytest.mark.parametrize(
    "study", ["open_benchmark", "cluster_pilot", "dual_pilot", "digital_agglomeration", "innovative_city"]
)
def test_form(study):
    cities = sample(study)
    assert list(cities.columns) == list(roster_cities().columns)
    assert cities["adcode"].is_monotonic_increasing
    assert cities["adcode"].is_unique
    for policy in paper(study).policies:
        start = first_treated(study, policy)
        assert start.name == policy
        assert start.index.name == "adcode"
        assert start.index.is_monotonic_increasing
        assert start.index.is_unique
        assert start.dtype.kind == start.index.dtype.kind == "i"
        assert set(start.index) <= set(cities["adcode"])


def test_provinces_are_rebuilt_exactly():
    assert str(len(sample("industrial_agglomeration"))) == printed(
        "industrial_agglomeration", "text.provinces.n"
    )
    assert paper("industrial_agglomeration").sample.exact


def test_refusals(monkeypatch):
    with pytest.raises(ValueError, match="unknown paper 'dual'.*; the papers are open_benchmark"):
        sample("dual")
    without = replace(paper("dual_pilot"), sample=None)
    with monkeypatch.context() as patched:
        patched.setattr("nqp.data.rosters.paper", lambda slug: without)
        with pytest.raises(ValueError, match="declares no sample.*cluster_pilot"):
            sample("dual_pilot")
    with pytest.raises(ValueError, match="dual_pilot has no policy 'BCS'; it has broadband_china"):
        first_treated("dual_pilot", "BCS")
    with pytest.raises(ValueError, match="digital_agglomeration has no policy 'x'; it has none"):
        first_treated("digital_agglomeration", "x")
