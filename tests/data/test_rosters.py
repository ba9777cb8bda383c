"""The rosters: a fixed vocabulary, sources for every row, and the printed facts that they reproduce."""

from pathlib import Path

import pandas as pd
import pytest

DATA = Path(__file__).parents[2] / "data"
CITIES = pd.read_csv(DATA / "rosters/cities.csv")
POLICIES = pd.read_csv(DATA / "rosters/policies.csv", dtype={"adcode": "Int64", "batch": "Int64"})
PANEL = pd.read_csv(DATA / "open/panel.csv")
NAMES = CITIES.set_index("adcode")["name_zh"]

COLUMNS = [
    "policy", "entity_zh", "entity_type", "parent_zh", "adcode", "batch", "year", "source", "status", "note",
]  # fmt: skip
WHOLE_UNITS = {"municipality", "prefecture-level city", "prefecture", "autonomous prefecture"}
BELOW_PREFECTURE = {"municipal district", "county-level city"}
ABOVE_PREFECTURE = {"province", "region"}
MUNICIPALITIES = [110000, 120000, 310000, 500000]

# rows by policy and batch, 0 where the plan has no batches; the official count of entities where it differs
COUNTS = {
    "innovative_industrial_cluster": {1: 10, 2: 19, 3: 26, 4: 23},
    "broadband_china": {1: 41, 2: 39, 3: 39},  # batch 1: 39 entities, one of them three cities
    "innovative_city": {1: 61, 2: 17, 3: 25},
    "big_data_zone": {1: 1, 2: 7},
    "ip_demonstration_city": {1: 23, 2: 18, 3: 9, 4: 6, 5: 5, 6: 5},
    "low_carbon_city": {1: 70, 2: 31, 3: 28},
    "old_industrial_base": {0: 95},
    "resource_based_city": {0: 128},  # 126 in the plan; two rows are kept as contradicted
}


def printed(study: str, cell: str) -> str:
    """Return a printed number of a paper as the string in the journal."""
    table = pd.read_csv(DATA / f"papers/{study}/published.csv", dtype=str).set_index("id")
    return table.loc[cell, "printed"]


def roster(policy: str, types: set[str] = WHOLE_UNITS) -> pd.DataFrame:
    """Return the rows of a policy whose entity is of one of the types."""
    return POLICIES[(POLICIES["policy"] == policy) & POLICIES["entity_type"].isin(types)]


def years(policy: str, types: set[str] = WHOLE_UNITS) -> pd.Series:
    """Return the year by adcode."""
    return roster(policy, types).set_index("adcode")["year"]


def first_treated(column: str) -> pd.Series:
    """Return the first treated year by city in the open panel."""
    treated = PANEL[PANEL[column] == 1]
    return treated.groupby("id")["year"].min()


def disagreements(policy: str, column: str, types: set[str] = WHOLE_UNITS) -> dict[str, tuple]:
    """Return ``{city: (roster year, panel year)}`` over the panel's cities; None is never treated."""
    rostered = years(policy, types)
    rostered = rostered[rostered.index.isin(PANEL["id"])]
    both = pd.concat([rostered.astype(float), first_treated(column).astype(float)], axis=1, keys=["r", "p"])
    both = both[both["r"].fillna(-1) != both["p"].fillna(-1)]
    return {
        NAMES[i]: tuple(None if pd.isna(x) else int(x) for x in pair)
        for i, *pair in both.itertuples(name=None)
    }


# --- cities ---------------------------------------------------------------------------------------------


def test_cities_are_338_distinct_prefecture_level_units():
    assert len(CITIES) == 338
    assert CITIES["adcode"].is_unique
    assert CITIES["name_zh"].is_unique
    assert (CITIES["adcode"] % 100 == 0).all()
    assert CITIES.notna().all().all()


def test_the_first_two_digits_of_a_code_are_its_province():
    assert CITIES.groupby(CITIES["adcode"] // 10000)["province_zh"].nunique().eq(1).all()
    assert CITIES["province_zh"].nunique() == 31


def test_cities_hold_the_open_panel_and_agree_with_its_coordinates():
    there = pd.read_csv(DATA / "open/coordinates.csv").merge(CITIES, left_on="id", right_on="adcode")
    assert len(there) == 284
    away = (there["lon"] - there["longitude"]).abs() + (there["lat"] - there["latitude"]).abs()
    assert away.max() < 0.6  # degrees: other reference points in the same city, never another city


def test_east_is_the_open_panels_east():
    area = PANEL.drop_duplicates("id").set_index("id")["area"]
    region = CITIES.set_index("adcode")["region"]
    assert set(region) == {"east", "central", "west"}
    assert (region[area.index].eq("east") == area.eq(1)).all()


def test_border_marks_the_units_with_a_neighbour_on_the_other_side():
    links = pd.read_csv(DATA / "geography/contiguity.csv")
    links = links[["adcode_i", "adcode_j"]].replace(652200, 650500)  # Hami before and after 2016
    side = CITIES.set_index("adcode")["north_south"]
    assert set(side) == {"north", "south"}
    across = links[links["adcode_i"].map(side) != links["adcode_j"].map(side)]
    assert set(CITIES.loc[CITIES["border"] == 1, "adcode"]) == set(across.to_numpy().ravel())


# --- policies: form -------------------------------------------------------------------------------------


def test_columns_and_vocabulary():
    assert list(POLICIES.columns) == COLUMNS
    assert set(POLICIES["entity_type"]) == WHOLE_UNITS | BELOW_PREFECTURE | ABOVE_PREFECTURE
    assert set(POLICIES["status"]) == {"verified", "coded", "unverified"}
    assert POLICIES["year"].between(2008, 2023).all()


def test_no_entity_twice_in_a_policy():
    assert not POLICIES.duplicated(["policy", "entity_zh", "parent_zh"]).any()
    whole = POLICIES[POLICIES["entity_type"].isin(WHOLE_UNITS)]
    assert not whole.duplicated(["policy", "adcode"]).any()


def test_every_code_is_a_city_and_whole_units_bear_its_name():
    assert POLICIES["adcode"].dropna().isin(CITIES["adcode"]).all()
    whole = POLICIES[POLICIES["entity_type"].isin(WHOLE_UNITS)]
    assert (whole["adcode"].map(NAMES) == whole["entity_zh"]).all()
    assert whole["parent_zh"].isna().all()
    municipal = whole["entity_type"] == "municipality"
    assert (whole["adcode"].isin(MUNICIPALITIES) == municipal).all()


def test_parents_are_named_below_the_prefecture_and_only_there():
    below = POLICIES[POLICIES["entity_type"].isin(BELOW_PREFECTURE)]
    coded = below[below["adcode"].notna()]
    assert (coded["adcode"].map(NAMES) == coded["parent_zh"]).all()
    direct = below[below["adcode"].isna()]
    assert set(direct["entity_zh"]) == {"阿拉尔市", "石河子市", "济源市"}
    assert direct["parent_zh"].isin(CITIES["province_zh"]).all()
    above = POLICIES[POLICIES["entity_type"].isin(ABOVE_PREFECTURE)]
    assert above[["adcode", "parent_zh"]].isna().all().all()
    assert above.loc[above["entity_type"] == "province", "entity_zh"].isin(CITIES["province_zh"]).all()


@pytest.mark.parametrize("policy", COUNTS)
def test_counts_by_policy_and_batch(policy):
    rows = POLICIES[POLICIES["policy"] == policy]
    assert rows["batch"].fillna(0).value_counts().to_dict() == COUNTS[policy]


def test_every_policy_is_counted():
    assert set(POLICIES["policy"]) == set(COUNTS)


def test_every_row_says_where_it_comes_from():
    assert POLICIES["source"].notna().all()
    doubtful = POLICIES[POLICIES["status"] == "unverified"]
    assert doubtful["note"].notna().all()
    from_memory = POLICIES["source"].str.contains("memory") | POLICIES["note"].fillna("").str.contains(
        "year from memory"
    )
    assert (POLICIES["status"].eq("unverified") == from_memory).all()
    coded = POLICIES["source"].str.contains("open panel of Li et al.")
    assert (POLICIES["status"].eq("coded") == coded).all()


def test_the_readme_states_the_counts_by_status():
    readme = (DATA / "rosters/README.md").read_text(encoding="utf-8")
    counts = pd.crosstab(POLICIES["policy"], POLICIES["status"])
    for policy, row in counts.iterrows():
        line = f"| `{policy}` | {row['verified']} | {row['coded']} | {row['unverified']} | {row.sum()} |"
        assert line in readme, f"data/rosters/README.md: the table of counts should have the line {line}"


# --- policies: the facts they reproduce -----------------------------------------------------------------


def li_wei_sample() -> set[int]:
    """Return the 277 cities of Li & Wei: outside municipalities and four provinces, Laiwu within Jinan."""
    left_out = ["海南省", "青海省", "新疆维吾尔自治区", "西藏自治区"]
    kept = CITIES["name_zh"].str.endswith("市") & ~CITIES["province_zh"].isin(left_out)
    kept &= ~CITIES["adcode"].isin(MUNICIPALITIES) & CITIES["name_zh"].ne("莱芜市")
    return set(CITIES.loc[kept, "adcode"])


def test_li_wei_sample_and_treatment():
    sample = li_wei_sample()
    assert len(sample) == 277
    designated = roster("innovative_industrial_cluster").query("batch <= 3").set_index("adcode")
    assert len(designated) == 55
    assert set(designated.loc[~designated.index.isin(sample), "entity_zh"]) == {
        "北京市",
        "重庆市",
        "西宁市",
    }
    # a designation after July counts from the next year: batches 2 (2014) and 3 (2017)
    start = designated["batch"].map({1: 2013, 2: 2015, 3: 2018})[designated.index.isin(sample)]
    assert start.value_counts().to_dict() == {2013: 9, 2015: 19, 2018: 24}
    treated = pd.Series(
        [int(start.get(i, 9999) <= t) for i in sample for t in range(2011, 2023)], dtype=float
    )
    assert treated.sum() == 362
    assert str(len(treated)) == printed("cluster_pilot", "t2.INN.n")
    assert f"{treated.mean():.4f}" == printed("cluster_pilot", "t2.INN.mean")
    assert f"{treated.std():.4f}" == printed("cluster_pilot", "t2.INN.sd")


def test_zhang_ma_printed_means_leave_two_and_three_roster_cities_outside():
    city = {"municipality", "prefecture-level city"}
    cluster = years("innovative_industrial_cluster", city).loc[lambda s: s <= 2017].replace(2014, 2015)
    broadband = years("broadband_china", city)
    assert cluster.value_counts().to_dict() == {2013: 10, 2015: 19, 2017: 26}
    assert broadband.value_counts().to_dict() == {2014: 37, 2015: 36, 2016: 36}
    overlap = pd.concat([cluster, broadband], axis=1, join="inner").max(axis=1)
    # outside the sample: two cluster cities of 2017; broadband cities, one of 2015 and two of 2016. The
    # printed overlap is met only if both cluster cities are among the three broadband cities.
    outside = {"IIC": [2017, 2017], "BCS": [2015, 2016, 2016], "DID": [2017, 2017]}
    for term, start in (("IIC", cluster), ("BCS", broadband), ("DID", overlap)):
        treated = (2022 - start).sum() - sum(2022 - year for year in outside[term])
        cell = {"BCS": "t2.c2.BCS.mean", "IIC": "t2.c2.IIC.mean", "DID": "t2.c2.DID.mean"}[term]
        assert f"{treated / (275 * 11):.4f}" == printed("dual_pilot", cell)


def test_cluster_roster_is_the_open_panels_treatment_city_by_city():
    assert disagreements("innovative_industrial_cluster", "did") == {}
    assert len(first_treated("did")) == len(roster("innovative_industrial_cluster")) == 78


def test_ip_roster_is_the_open_panels_did2():
    assert disagreements("ip_demonstration_city", "did2") == {}


def test_low_carbon_roster_differs_from_did3_only_in_shenzhen():
    assert disagreements("low_carbon_city", "did3") == {"深圳市": (2010, 2012)}


def test_innovative_city_roster_differs_from_did1_as_the_readme_says():
    found = disagreements("innovative_city", "did1", WHOLE_UNITS | {"municipal district"})
    early = "沈阳市 大连市 南京市 无锡市 苏州市 杭州市 合肥市 厦门市 青岛市 烟台市 长沙市 广州市 西安市"
    uncoded = "石家庄市 太原市 常州市 镇江市 福州市 景德镇市 南宁市 贵阳市 昆明市 宝鸡市 银川市"
    stated = dict.fromkeys(early.split(), (2010, 2009)) | dict.fromkeys(uncoded.split(), (2010, None))
    stated |= {"深圳市": (2008, 2009), "襄阳市": (2013, 2012), "镇江市": (2011, None)}
    stated |= {"吉林市": (2018, 2019), "拉萨市": (2018, None)}
    batch_2022 = roster("innovative_city").query("batch == 3")["entity_zh"]
    assert len(batch_2022) == 25
    assert found == stated | dict.fromkeys(batch_2022, (2022, None))


def test_coded_rows_hold_the_open_panels_year():
    columns = {"innovative_city": "did1", "ip_demonstration_city": "did2", "low_carbon_city": "did3"}
    coded = POLICIES[POLICIES["status"] == "coded"]
    assert set(coded["policy"]) == set(columns)
    for policy, column in columns.items():
        rows = coded[coded["policy"] == policy]
        assert (rows["adcode"].map(first_treated(column)) == rows["year"]).all()


def test_resource_roster_against_the_open_panel():
    rows = roster("resource_based_city").set_index("adcode")
    sourced = rows.index[rows["status"] == "verified"]
    assert len(sourced) == 126
    panel = PANEL.drop_duplicates("id").set_index("id")["resource_city"]
    assert panel[panel == 1].index.isin(sourced).all()
    differ = [NAMES[i] for i in sourced if panel.get(i, 1) == 0]
    assert sorted(differ) == ["亳州市", "淄博市"]
    assert set(rows.loc[rows["status"] == "unverified", "entity_zh"]) == {"吴忠市", "中卫市"}
