"""A licensed file of provinces: names and codes, missing and doubled ones, vintages of GDP, interpolated runs."""

import numpy as np
import pandas as pd
import pytest

from nqp.data import province_panel, sample
from nqp.licensed import licensed_panel
from nqp.licensed.contract import load_contract

STUDY = "industrial_agglomeration"
CONTRACT = load_contract(STUDY)
NAMES = sample(STUDY).set_index("adcode")["name_zh"]
NEEDED = [column.name for column in CONTRACT.columns if column.needed_by]


@pytest.fixture
def provinces() -> pd.DataFrame:
    """A random panel that keeps the contract: test input, no province's true values."""
    rng = np.random.default_rng(3)
    index = pd.MultiIndex.from_product([NAMES.index, CONTRACT.years], names=["adcode", "year"])
    keys = index.to_frame(index=False)
    keys.insert(1, "province", keys["adcode"].map(NAMES))
    for column in (CONTRACT[name] for name in NEEDED):
        low, high = max(column.range[0], column.plausible[0]), min(column.range[1], column.plausible[1])
        keys[column.name] = low + (high - low) * rng.beta(2, 5, len(keys))
    return keys


def accounts(panel: pd.DataFrame, gdp: str = "gdp_v4", industry: str = "va_industry") -> pd.DataFrame:
    """Return the panel with public accounts, and made-up ones in the years without."""
    public = province_panel().set_index(["adcode", "year"])[[gdp, industry]]
    own = panel.join(public, on=["adcode", "year"]).rename(columns={gdp: "GDP", industry: "VAI"})
    return own.fillna({"GDP": own["indus"] * 12345.6 + 1000, "VAI": own["indus"] * 3456.7 + 500})


def rows(report, *columns: str) -> list[tuple]:
    return list(report.found[["rule", *columns]].itertuples(index=False, name=None))


def test_a_good_file_has_nothing_to_report(checked, provinces):
    assert checked(provinces).found.empty
    assert checked(accounts(provinces)).found.empty
    assert checked(accounts(provinces, "gdp", "va_industry_v5")).found.empty


def test_names_in_every_usual_spelling_and_codes(checked, provinces, tmp_path):
    usual = {
        "北京市": "北京",
        "广西壮族自治区": "广西",
        "内蒙古自治区": "内蒙古",
        "黑龙江省": "黑龙江",
        "西藏自治区": "西藏",
    }
    named = provinces.drop(columns="adcode").replace({"province": usual})
    assert checked(named).found.empty
    panel = licensed_panel(STUDY, licensed_file=str(tmp_path / "mine.csv"))
    assert panel[["adcode", "province", "year"]].equals(
        provinces[["adcode", "province", "year"]].astype(panel.dtypes[:3])
    )
    short = checked(provinces.drop(columns="province").assign(adcode=provinces["adcode"] // 10_000))
    assert set(short.found["rule"]) == {"unknown city code"}
    assert "Did you mean 110000 (北京市)?" in short.found["advice"][0]
    assert "unknown province code: 403 in adcode 403 - no province has this code" in short.text()


@pytest.mark.parametrize("city", ["广州市", "襄樊市"])
def test_a_city_is_no_province(checked, provinces, city):
    report = checked(provinces.drop(columns="adcode").replace({"province": {"广东省": city}}))
    assert set(report.found["rule"]) >= {"unknown city name"}
    assert not report.ok


def test_thirty_provinces_are_reported(checked, provinces):
    report = checked(provinces[provinces["province"] != "西藏自治区"])
    assert rows(report, "city") == [("missing city", "西藏自治区")]
    assert "missing province: 1 - a province of the sample has no row" in report.text()


def test_a_province_year_twice_is_reported_with_its_line(checked, provinces, tmp_path):
    report = checked(pd.concat([provinces, provinces[20:21]]))
    assert rows(report, "city", "year", "line") == [("duplicate city-year", "天津市", 2017, 405)]
    report.write(tmp_path / "report.csv", checked=tmp_path / "mine.csv")
    written = pd.read_csv(tmp_path / "report.csv")
    assert written.loc[0, ["rule", "province"]].tolist() == ["duplicate province-year", "天津市"]


def test_mixed_vintages_are_reported_with_their_rows(checked, provinces):
    """Five provinces of 2015 in the first release, and one year's industry after another census than its GDP."""
    public = province_panel().set_index(["adcode", "year"])
    panel = accounts(provinces)
    some = panel.index[
        (panel["year"] == 2015) & panel["adcode"].isin([120000, 210000, 370000, 440000, 510000])
    ]
    panel.loc[some, "GDP"] = [public.at[(a, 2015), "gdp_first"] for a in panel.loc[some, "adcode"]]
    report = checked(panel)
    assert rows(report, "year", "column", "line") == [
        ("another vintage", 2015, "GDP", line + 2) for line in some
    ]
    assert "As first release, most of 2015 as 4th census: sums do not match" in report.found["advice"][0]
    late = accounts(provinces)
    year = late["year"] == 2020
    late.loc[year, "VAI"] = late.loc[year, "adcode"].map(public["va_industry_v5"].xs(2020, level="year"))
    found = checked(late)
    assert set(rows(found, "year", "column")) == {("another vintage", 2020, "VAI")}
    assert len(found.found) > 15
    assert not found.ok


def test_interpolated_runs_are_pointed_out_with_their_rows(checked, provinces):
    """Two missing years filled in on a line make three equal differences; one missing year makes two, as chance can."""
    panel = provinces.set_index(["province", "year"])
    panel.loc[("海南省", [2013, 2014]), "fin"] = np.nan
    panel.loc[("青海省", 2013), "fin"] = np.nan
    report = checked(panel.assign(fin=panel["fin"].interpolate()).reset_index())
    assert report.ok  # the paper interpolates too
    assert rows(report, "city", "year", "column") == [
        ("equal differences", "海南省", 2013, "fin"),
        ("equal differences", "海南省", 2014, "fin"),
    ]


def test_equal_differences_of_rounded_or_constant_values_are_none(checked, provinces):
    flat = provinces.assign(
        urb=(0.5 + (provinces["year"] - 2010) * 0.001 + provinces["adcode"] / 1e7).round(3)
    )
    assert checked(flat).found.empty
    assert checked(provinces.assign(trans=provinces["adcode"] / 1e6 + 9)).found.empty


def test_the_contract_speaks_of_the_papers_own_variables(root):
    variables = pd.read_csv(root / f"data/papers/{STUDY}/variables.csv").set_index("symbol")
    other = {"density": "indus (employment density)", "produ_alt": "produ (alternative)"}
    for name in NEEDED:
        row, column = variables.loc[other.get(name, name)], CONTRACT[name]
        assert (column.label, column.zh[0], column.definition) == (
            row["name_en"],
            row["name_zh"],
            row["definition"],
        )
    indicators = pd.read_csv(root / f"data/papers/{STUDY}/indicators.csv")
    ours = [
        (c.label, c.zh[0], c.definition, c.definition_zh, c.dimension)
        for c in CONTRACT.columns
        if c.dimension
    ]
    names = indicators[["level3", "level3_zh", "definition", "definition_zh", "level1"]]
    assert ours == list(names.itertuples(index=False, name=None))
    printed = pd.read_csv(root / f"data/papers/{STUDY}/published.csv").query(
        "table == 't2' and stat in ['min', 'max']"
    )
    for row in printed[printed["term"] != "M_all"].itertuples():
        low, high = CONTRACT[row.term].plausible
        assert low <= row.value <= high
