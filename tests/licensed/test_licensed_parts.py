"""Files with two policies and an index of many indicators: what must fit together, and a sample known as candidates."""

import numpy as np
import pandas as pd
import pytest

from nqp.data import first_treated, sample
from nqp.licensed import licensed_panel
from nqp.licensed.contract import load_contract

STUDY = "dual_pilot"
CONTRACT = load_contract(STUDY)
KEYS = ["adcode", "year"]


def with_indicators(panel: pd.DataFrame, without: tuple[str, ...] = ()) -> pd.DataFrame:
    """Add random indicators of the index, but those of some dimensions."""
    rng = np.random.default_rng(1)
    drawn = {c.name: rng.uniform(0.05, 0.5, len(panel)) for c in CONTRACT.columns if c.dimension}
    return panel.assign(**{k: x for k, x in drawn.items() if CONTRACT[k].dimension not in without})


def test_a_good_file_passes_with_and_without_the_indicators(checked, panel):
    assert checked(panel).found.empty
    assert checked(with_indicators(panel)).found.empty


def test_cities_that_the_reader_does_not_have_are_no_gaps_but_missing_years_are(checked, panel):
    assert len(sample(STUDY)) > panel["adcode"].nunique()
    fewer = panel[panel["adcode"] != panel["adcode"].iloc[-1]]
    assert checked(fewer).ok
    found = checked(panel.drop(index=5)).found
    assert found[["rule", "city", "year"]].to_numpy().tolist() == [
        ["missing city-year", panel.at[5, "city"], panel.at[5, "year"]]
    ]


@pytest.mark.parametrize("policy", ["BCS", "IIC"])
def test_a_city_in_a_policy_before_its_designation_is_reported_with_its_rows(checked, panel, policy):
    roster = CONTRACT[policy].roster
    own, other = (
        first_treated(STUDY, CONTRACT[name].roster) for name in (policy, "IIC" if policy == "BCS" else "BCS")
    )
    code = next(c for c in own.index if c in set(panel["adcode"]) and c not in other.index)
    designated = 2014 if own[code] == 2015 and policy == "IIC" else own[code]
    early = panel["adcode"].eq(code) & panel["year"].ge(designated - 2)
    found = checked(panel.assign(**{policy: panel[policy].mask(early, 1)})).found
    rows = found[found["rule"] == "treated before designation"]
    city = panel.loc[early, "city"].iloc[0]
    assert rows[["city", "year", "column", "value"]].to_numpy().tolist() == [
        [city, designated - 2, policy, "1"], [city, designated - 1, policy, "1"],
    ]  # fmt: skip
    assert rows["level"].eq("problem").all()
    assert rows["advice"].eq(f"Designated in {designated}: {policy} is 0 before").all()
    assert [panel["adcode"].iloc[line - 2] for line in rows["line"]] == [code, code]
    assert set(found["rule"]) == {"treated before designation", "treatment not as in the roster"}
    assert roster in ("broadband_china", "innovative_industrial_cluster")


def test_both_policies_coded_other_than_the_product_of_its_parts(checked, panel):
    both = panel.index[panel["DID"] == 1]
    neither = panel.index[(panel["BCS"] == 0) & (panel["IIC"] == 0) & (panel["year"] == 2021)]
    wrong = panel.copy()
    wrong.loc[both[-1], "DID"], wrong.loc[neither[0], "DID"] = 0, 1
    found = checked(wrong).found
    rows = found[found["rule"] == "not the product"]
    places = {(row.city, row.year, row.value) for row in rows.itertuples()}
    assert places == {
        (*panel.loc[k, ["city", "year"]], value) for k, value in ((both[-1], "0"), (neither[0], "1"))
    }
    assert rows["advice"].eq("DID is BCS x IIC: correct one of them").all()
    assert not checked(wrong).ok


@pytest.mark.parametrize("absent", ["Laborers", "Optimised combination"])
def test_an_index_that_lacks_a_dimension_is_reported_in_every_row(checked, panel, absent):
    result = checked(with_indicators(panel, (absent,)))
    assert set(result.found["rule"]) == {"missing dimension"}
    assert set(result.found["column"]) == {absent}
    assert len(result.found) == len(panel)
    assert not result.ok
    names = [c.name for c in CONTRACT.columns if c.dimension == absent]
    assert result.found["advice"].eq(f"Add {', '.join(names)}, or leave out all indicators").all()


def test_the_contract_has_the_papers_words_and_room_for_its_printed_ends(root):
    folder = root / "data" / "papers" / STUDY
    variables = pd.read_csv(folder / "variables.csv").set_index("symbol")
    for column in (
        c
        for c in CONTRACT.columns
        if c.name in variables.index and c.name not in ("LARGE", "SOFT", "RATCHET")
    ):
        row = variables.loc[column.name]
        assert (column.label, column.zh[0], column.definition) == (
            row["name_en"],
            row["name_zh"],
            row["definition"],
        )
    indicators = pd.read_csv(folder / "indicators.csv")
    ours = [(c.dimension, c.definition, c.definition_zh) for c in CONTRACT.columns if c.dimension]
    assert ours == list(
        indicators[["level1", "definition", "definition_zh"]].itertuples(index=False, name=None)
    )
    printed = pd.read_csv(folder / "published.csv").query("table == 't2' and stat in ['min', 'max']")
    for row in printed.itertuples():
        column = CONTRACT[row.term]
        assert (
            max(column.range[0], column.plausible[0])
            <= row.value
            <= min(column.range[1], column.plausible[1])
        )
    headers = [h for c in (*CONTRACT.keys, *CONTRACT.columns) for h in c.headers]
    assert len(headers) == len(set(headers))


def test_the_same_numbers_through_the_licensed_door(tmp_path, panel):
    panel.sample(frac=1, random_state=1).to_csv(tmp_path / "mine.csv", index=False)
    own = licensed_panel(STUDY, licensed_file=str(tmp_path / "mine.csv"))
    pd.testing.assert_frame_equal(own[list(panel)], panel, check_dtype=False, check_exact=True)
