"""Files with an outcome of three elements and moderators: what a reader of the innovative-city paper may get wrong."""

import numpy as np
import pandas as pd
import pytest

from nqp.data import roster_policies
from nqp.licensed import check, licensed_panel
from nqp.licensed.contract import load_contract

STUDY = "innovative_city"
CONTRACT = load_contract(STUDY)
PROXIES = [column for column in CONTRACT.columns if column.dimension]
NEEDED = [column.name for column in CONTRACT.columns if column.needed_by]


def test_a_good_file_passes_and_gives_the_same_numbers_with_chinese_headers_in_gbk(tmp_path, panel):
    chinese = panel.rename(columns={name: CONTRACT[name].zh[0] for name in panel})
    chinese.sample(frac=1, random_state=1).to_csv(tmp_path / "mine.csv", index=False, encoding="gbk")
    assert check(tmp_path / "mine.csv", STUDY).found.empty
    own = licensed_panel(STUDY, licensed_file=str(tmp_path / "mine.csv"))
    pd.testing.assert_frame_equal(own[list(panel)], panel, check_dtype=False, check_exact=True)


@pytest.mark.parametrize("moderator", ["Hum", "Dig", "Ind"])
def test_a_moderator_that_begins_in_2009_is_reported_row_by_row(checked, panel, moderator):
    late = panel[moderator].where(panel["year"] >= 2009)
    result = checked(panel.assign(**{moderator: late}))
    assert not result.ok
    assert set(result.found["rule"]) == {"missing value"}
    assert set(result.found["column"]) == {moderator}
    assert sorted(result.found["line"]) == sorted(panel.index[panel["year"] < 2009] + 2)


def test_a_city_that_leaves_treatment_is_reported_with_its_rows(checked, panel):
    treated = panel.index[panel["Inn"].eq(1) & panel["year"].ge(2022)][:2]
    assert len(set(panel.loc[treated, "adcode"])) == 1
    found = checked(panel.assign(Inn=panel["Inn"].mask(panel.index.isin(treated), 0))).found
    rows = found[found["rule"] == "treatment reversed"]
    assert rows[["city", "year"]].to_numpy().tolist() == [[panel.at[treated[0], "city"], 2022]]


@pytest.mark.parametrize("element", list(dict.fromkeys(column.dimension for column in PROXIES)))
def test_an_element_without_its_block_is_reported(checked, panel, element):
    rng = np.random.default_rng(1)
    drawn = {c.name: rng.uniform(0.1, 0.9, len(panel)) for c in PROXIES if c.dimension != element}
    result = checked(panel.assign(**drawn))
    assert not result.ok
    assert set(result.found["rule"]) == {"missing dimension"}
    assert set(result.found["column"]) == {element}


@pytest.mark.parametrize("sure", [True, False])
def test_a_year_before_designation_is_a_problem_only_where_the_roster_is_sure(checked, panel, sure):
    roster = roster_policies().query("policy == 'innovative_city' and entity_type == 'prefecture-level city'")
    known = roster[roster["status"].eq("verified") == sure].set_index("adcode")["year"]
    code = next(c for c in known.index if c in set(panel["adcode"]) and known[c] > 2008)
    early = panel["adcode"].eq(code) & panel["year"].eq(known[code] - 1)
    result = checked(panel.assign(Inn=panel["Inn"].mask(early, 1)))
    assert ("treated before designation" in set(result.found["rule"])) == sure
    assert "treatment not as in the roster" in set(result.found["rule"])
    assert result.ok != sure


def test_the_contract_has_the_papers_words(root):
    folder = root / "data" / "papers" / STUDY
    variables = pd.read_csv(folder / "variables.csv").set_index("symbol")
    for name in NEEDED:
        row = variables.loc[name]
        assert (CONTRACT[name].label, CONTRACT[name].zh[0]) == (row["name_en"], row["name_zh"])
    proxies = pd.read_csv(folder / "indicators.csv")[["level1", "level3", "definition_zh"]]
    ours = [(column.dimension, column.label, column.definition_zh) for column in PROXIES]
    assert ours == list(proxies.itertuples(index=False, name=None))
    headers = [h for c in (*CONTRACT.keys, *CONTRACT.columns) for h in c.headers]
    assert len(headers) == len(set(headers))
