"""Rules that single defects break, suggestions, warnings, and what the report says."""

import numpy as np
import pandas as pd
import pytest
from licensed_cases import CONTRACT, NAMES

from nqp.data import DataError, first_treated
from nqp.licensed import check
from nqp.licensed.contract import load_contract
from nqp.licensed.report import RULES, WARNING
from nqp.papers import SECTIONS

STARTS = first_treated("cluster_pilot", "innovative_industrial_cluster")


@pytest.fixture
def checked(tmp_path):
    """Return a function that checks a panel."""

    def run(panel: pd.DataFrame, sections: tuple[str, ...] = ()):
        panel.to_csv(tmp_path / "mine.csv", index=False)
        everything = SECTIONS if "capital" in panel else ("baseline",)
        return check(tmp_path / "mine.csv", "cluster_pilot", sections=sections or everything)

    return run


def found(report, *columns: str) -> list[tuple]:
    """Return the report's rows, the rule first."""
    return list(report.found[["rule", *columns]].itertuples(index=False, name=None))


def cell(panel: pd.DataFrame, code: int, year: int, column: str, value: object) -> pd.DataFrame:
    """Return the panel with one cell changed."""
    changed = panel.astype({column: object})
    changed.loc[(panel["adcode"] == code) & (panel["year"] == year), column] = value
    return changed


# --- values -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value", "rule", "advice"),
    [
        ("sewage_treatment", 92.4, "percent for share", "Looks like percent; sewage_treatment is share"),
        ("ECO", 47213, "log or level", "Looks like yuan per person, not their log; ECO is natural log of yuan"),
        ("ECO", 4.7213, "log or level", "Looks like 10,000 yuan per person, not their log"),
        ("capital", 7.3, "log or level", "Looks like natural log of 100 million yuan; capital is 100 million yuan"),
        ("output", 12345678, "wrong unit", "Looks like 10,000 yuan; output is 100 million yuan"),
        ("telecom_pc", 1250, "wrong unit", "Looks like yuan per person; telecom_pc is 1,000 yuan per person"),
        ("labour", 1234567, "wrong unit", "Looks like persons; labour is 10,000 persons"),
        ("EDU", -0.1, "negative value", "EDU is share (0 to 1), from 0 to 1"),
        ("EDU", 180, "out of range", "from 0 to 1"),
        ("INN", 0.5, "not 0 or 1", "Write 0 or 1"),
        ("BIG", 2, "not 0 or 1", "Write 0 or 1"),
        ("ecommerce_firms", 3.5, "not a count", "ecommerce_firms is firms, from 0 to 1000"),
        ("NQP", "", "missing value", "Fill it"),
        ("NQP", "0.28 ", "", ""),
        ("NQP", "2.8E-01", "", ""),
        ("NQP", "0x1", "not a number", "Write a number alone"),
        ("NQP", "1_0", "not a number", "Write a number alone"),
        ("NQP", "28%", "not a number", "Write a number alone"),
    ],
)  # fmt: skip
def test_one_value_breaks_one_rule(checked, made_up, light, column, value, rule, advice):
    panel = made_up[list(dict.fromkeys([*light, column]))]
    report = checked(cell(panel, 130200, 2014, column, value), ("baseline",))
    if rule == "":
        assert report.found.empty
        return
    assert found(report, "city", "year", "column", "value") == [(rule, "唐山市", 2014, column, str(value))]
    assert advice in report.found["advice"][0]


def test_a_whole_column_in_percent_is_one_group(checked, light):
    report = checked(light.assign(MAR=(light["MAR"] * 100).round(4)))
    assert set(report.found["rule"]) == {"percent for share"}
    assert len(report.found) == len(light)
    assert "percent for share: 3,324 in MAR 3,324 - suspected" in report.text()


def test_constant_columns(checked, made_up):
    report = checked(made_up.assign(FIN=1.25, HCP=7))
    assert found(report, "column", "value") == [
        ("constant column", "FIN", "1.25"),
        ("constant column", "HCP", "7"),
    ]


# --- treatment --------------------------------------------------------------------------------------------


def test_treatment_that_ends_is_reported_where_it_ends(checked, light):
    report = checked(cell(light, 420100, 2016, "INN", 0))
    assert found(report, "city", "year", "column") == [("treatment reversed", "武汉市", 2016, "INN")]


def test_ten_cities_treated_otherwise_than_in_the_roster_are_warnings(checked, light):
    late = STARTS.index[:10]
    starts = light["adcode"].map(STARTS + 0)
    moved = light.assign(INN=((starts + light["adcode"].isin(late)) <= light["year"]).astype(int))
    report = checked(moved)
    assert report.ok
    assert found(report, "city", "year", "value") == [
        ("treatment not as in the roster", NAMES[c], STARTS[c], str(STARTS[c] + 1))
        for c in sorted(late, key=lambda c: (STARTS[c], c))
    ]
    assert f"First treated {STARTS[late[0]] + 1} here, {STARTS[late[0]]} in the public roster" in report.text(
        10
    )


def test_a_city_that_was_never_designated(checked, light):
    report = checked(light.assign(INN=light["INN"].where(light["adcode"] != 130200, light["year"] > 2013)))
    assert "not a number" in set(report.found["rule"])  # True and False are no 0 and 1
    treated = light["INN"].where(light["adcode"] != 130200, (light["year"] > 2013).astype(int))
    report = checked(light.assign(INN=treated))
    assert found(report, "city", "year") == [("treatment not as in the roster", "唐山市", 2014)]
    assert "First treated 2014 here, never in the public roster" in report.text()


# --- cities and years -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        ("唐三市", "唐山市 (130200)"),
        ("唐山区", "唐山市 (130200)"),
        ("Tangshan", "full Chinese name"),
        ("", "full Chinese"),
    ],
)
def test_an_unknown_name_alone_gets_suggestions_and_no_gap(checked, light, wrong, advice):
    names = light.drop(columns="adcode")
    names.loc[light["adcode"].eq(130200) & light["year"].eq(2014), "city"] = wrong
    report = checked(names)
    assert report.found["rule"][0] == "unknown city name"
    assert advice in report.found["advice"][0]
    assert len(report.found) == (1 if "唐山" in advice else 2)  # what nothing resembles leaves a gap


@pytest.mark.parametrize("code", [130202, 1302])
def test_a_district_or_short_code_is_suggested_its_city(checked, light, code):
    report = checked(cell(light.drop(columns="city"), 130200, 2014, "adcode", code))
    assert found(report, "column", "value") == [("unknown city code", "adcode", str(code))]
    assert "Did you mean 130200 (唐山市)?" in report.found["advice"][0]


def test_the_name_helps_an_unknown_code(checked, light):
    report = checked(cell(light, 130200, 2014, "adcode", 990000))
    assert found(report, "city", "year") == [("unknown city code", "唐山市", 2014)]
    assert "Did you mean 130200 (唐山市)?" in report.found["advice"][0]


def test_old_names_are_understood_with_a_word(checked, light):
    report = checked(light.replace({"city": {"襄阳市": "襄樊市", "毕节市": "毕节地区"}}))
    assert report.ok
    assert report.found["rule"].eq("renamed city").all()
    assert set(report.found["city"]) == {"襄阳市", "毕节市"}


def test_cities_outside_the_sample_are_said_once(checked, light):
    beijing = light[light["adcode"] == 130100].assign(adcode=110000, city="北京市")
    report = checked(pd.concat([light, beijing]))
    assert found(report, "city", "year") == [("city outside the sample", "北京市", "")]
    assert "Delete its 12 row(s)" in report.found["advice"][0]


def test_a_missing_city_is_said_once(checked, light):
    report = checked(light[~light["adcode"].isin([130200, 130300])])
    assert found(report, "city", "year") == [("missing city", "唐山市", ""), ("missing city", "秦皇岛市", "")]


def test_text_years_leave_no_gap_behind(checked, light):
    report = checked(cell(light, 130200, 2014, "year", "2014年"))
    assert found(report, "city", "year", "value") == [("not a number", "唐山市", "", "2014年")]


def test_a_misdated_row_is_a_duplicate_and_a_gap(checked, light):
    report = checked(cell(light, 130200, 2014, "year", 2015))
    assert found(report, "city", "year") == [
        ("duplicate city-year", "唐山市", 2015),
        ("missing city-year", "唐山市", 2014),
    ]


def test_ragged_lines(tmp_path, light):
    light.to_csv(tmp_path / "mine.csv", index=False)
    lines = (tmp_path / "mine.csv").read_text().splitlines()
    lines[4] += ",9"
    (tmp_path / "mine.csv").write_text("\n".join(lines))
    report = check(tmp_path / "mine.csv", "cluster_pilot", sections=("baseline",))
    assert found(report, "line") == [("ragged line", 5)]
    assert "15 cells under 14 headers" in report.found["advice"][0]


# --- headers ----------------------------------------------------------------------------------------------


def test_only_the_columns_of_a_section_are_asked_for(checked, made_up):
    baseline = [c.name for c in CONTRACT.columns if "baseline" in c.needed_by]
    report = checked(made_up[["adcode", "year", *baseline]], sections=("baseline",))
    assert report.found.empty
    missing = checked(made_up[["adcode", "year", *baseline]], SECTIONS)
    assert set(missing.found["rule"]) == {"missing column"}
    assert {"patents_pc", "QUA", "IV1"} <= set(missing.found["column"])
    assert "needed by mechanisms" in missing.text(50)


def test_an_empty_column_is_a_missing_one(checked, made_up):
    report = checked(made_up.assign(QUA="", capital=""))
    assert found(report, "column") == [("missing column", "QUA")]
    assert "there, but empty. Innovation quality, also understood as 创新质量" in report.found["advice"][0]


def test_a_file_that_says_it_is_synthetic(checked, light):
    report = checked(light.assign(data_class="SYNTHETIC"))
    assert found(report, "column") == [("unknown column", "data_class")]
    assert "SYNTHETIC: results on it are no evidence" in report.text()


def test_without_cities_or_years_the_values_are_still_checked(checked, light):
    report = checked(cell(light, 130200, 2014, "EDU", -1).drop(columns=["adcode", "city", "year"]))
    assert found(report, "column") == [
        ("missing column", "adcode"),
        ("missing column", "year"),
        ("negative value", "EDU"),
    ]


def test_unknown_columns_are_warnings_with_the_nearest_name(checked, light):
    report = checked(light.assign(remarks="x", labor=1, 创新型产业群=0))
    assert report.ok
    assert found(report, "column") == [("unknown column", n) for n in ("remarks", "labor", "创新型产业群")]
    assert "Did you mean labour? Then rename it" in report.found["advice"][1]
    assert "Did you mean INN?" in report.found["advice"][2]


# --- report and schema ------------------------------------------------------------------------------------


def test_the_report_counts_by_rule_with_first_examples(checked, light):
    spoilt = light.assign(remark="x")
    for year in range(2011, 2016):
        spoilt = cell(spoilt, 130200, year, "EDU", -0.5)
    text = checked(spoilt).text()
    assert text.splitlines()[0] == "3,324 rows, 15 columns (CSV, UTF-8): 1 problem (5 rows), 1 warning"
    assert "negative value: 5 in EDU 5 - negative where only positive values make sense" in text
    assert "    line 14: 唐山市 2011 EDU = '-0.5'. EDU is share (0 to 1), from 0 to 1" in text
    assert "    ... and 2 more" in text
    assert text.index("negative value") < text.index("unknown column (warning): 1 in remark")


def test_counts_name_no_city_and_no_value(checked, light):
    counts = checked(cell(light, 130200, 2014, "EDU", -0.123)).counts()
    assert counts == "negative value: 1 in EDU - negative where only positive values make sense"


def test_the_report_is_written_beside_and_never_over_the_file(checked, light, tmp_path):
    report = checked(cell(light, 130200, 2014, "EDU", -0.5))
    report.write(tmp_path / "report.csv", checked=tmp_path / "mine.csv")
    rows = pd.read_csv(tmp_path / "report.csv")
    assert rows.loc[0, ["rule", "city", "year", "value"]].tolist() == ["negative value", "唐山市", 2014, -0.5]
    with pytest.raises(DataError, match="would overwrite"):
        report.write(tmp_path / "mine.csv", checked=tmp_path / "mine.csv")


def test_one_rule_broken_in_many_rows_is_one_problem(checked, light):
    spoilt = light.assign(MAR=light["MAR"] * 100, remark="x")
    report = checked(cell(spoilt, 130200, 2014, "EDU", -1))
    assert report.headline().endswith(": 2 problems (3,325 rows), 1 warning")


def test_a_missing_column_is_sought_among_the_unknown_ones(checked, light):
    report = checked(light.rename(columns={"EDU": "Educ"}))
    assert report.headline().endswith(": 1 problem, 1 warning")
    missing = report.problems.iloc[0]
    assert (missing["rule"], missing["column"]) == ("missing column", "EDU")
    assert missing["advice"].startswith("Is it the column Educ? Then rename that. Education input")
    assert (
        "Did you mean EDU? Then rename it."
        in report.found.loc[report.found["level"] == WARNING, "advice"].iloc[0]
    )


def test_every_rule_but_warnings_refuses():
    assert {rule for rule, (_, level) in RULES.items() if level == WARNING} == {
        "unknown column",
        "renamed city",
        "equal differences",
        "treatment not as in the roster",
    }


# --- the contract -----------------------------------------------------------------------------------------


def test_labels_and_definitions_are_the_published_ones(root):
    variables = pd.read_csv(root / "data/papers/cluster_pilot/variables.csv").set_index("symbol")
    for column in CONTRACT.columns[:19]:
        row = variables.loc[column.name]
        assert (column.label, column.zh[0], column.definition) == (
            row["name_en"],
            row["name_zh"],
            row["definition"],
        )
    indicators = pd.read_csv(root / "data/papers/cluster_pilot/indicators.csv")
    ours = [(c.label, c.zh[0], c.definition, c.definition_zh) for c in CONTRACT.columns[19:36]]
    names = indicators[["level3", "level3_zh", "definition", "definition_zh"]]
    assert ours == list(names.itertuples(index=False, name=None))
    assert [c.name for c in CONTRACT.columns[36:]] == ["output", "labour", "capital"]


def test_printed_extremes_keep_the_contract(root):
    printed = pd.read_csv(root / "data/papers/cluster_pilot/published.csv").query(
        "table == 't2' and stat in ['min', 'max']"
    )
    assert len(printed) == 22
    for row in printed.itertuples():
        column = CONTRACT[row.term]
        assert column.range[0] <= row.value <= column.range[1]
        if row.term != "OPE" and column.kind != "dummy":
            assert column.plausible[0] <= row.value <= column.plausible[1]


def test_no_header_means_two_columns():
    from nqp.licensed.headers import plain

    headers = [plain(h) for c in (*CONTRACT.keys, *CONTRACT.columns) for h in c.headers]
    doubled = {h for h in headers if headers.count(h) > 1}
    assert not doubled - {plain(c.name) for c in CONTRACT.columns if c.name in c.headers[1:]}


def test_formulas_tell_the_units_apart():
    """Of ordinary values written in a mistaken unit, nine in ten must lie outside `plausible`, or none is suspected."""
    grid = pd.DataFrame(
        {"x": np.concatenate([-np.geomspace(1e-3, 1e3, 999)[::-1], np.geomspace(1e-9, 1e13, 9999)])}
    )
    outside = {}
    for column in CONTRACT.columns:
        low, high = (float(np.clip(v, *column.range)) for v in column.plausible)
        for unit, formula in column.mistaken.items():
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                ours = grid.eval(formula, engine="python").rename("ours")
            known = pd.concat([grid, ours], axis=1).replace([np.inf, -np.inf], np.nan).dropna()
            scale = np.log if column.kind == "level" else np.asarray
            ends = scale([low, high])
            ordinary = np.linspace(ends[0] + 0.2 * np.ptp(ends), ends[0] + 0.6 * np.ptp(ends), 101)
            ordinary = np.exp(ordinary) if column.kind == "level" else ordinary
            written = np.interp(ordinary, known["ours"], known["x"])
            outside[column.name, unit] = np.mean((written < low) | (written > high))
    assert len(outside) == 32
    assert {pair: share for pair, share in outside.items() if share < 0.9} == {}


def test_the_contract_of_another_kind_is_refused(monkeypatch):
    from nqp.licensed import contract

    with pytest.raises(DataError, match="X has kind 'odd'; use one of index, share"):
        contract._column("X", {"label": "", "zh": [], "definition": "", "definition_zh": "", "kind": "odd"})
    assert load_contract("cluster_pilot") is CONTRACT
