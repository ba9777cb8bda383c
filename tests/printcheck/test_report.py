"""The audit of all five papers: complete, in neutral words, the same in a terminal, a file and the scorecard."""

import pandas as pd
import pytest
from click.testing import CliRunner

from nqp.cli import main
from nqp.evidence.published import published
from nqp.show import audit_text, finding_cards, finding_table
from printcheck import STUDIES, VERDICTS, Cells, audit, coverage_table, doubts, states
from printcheck import report as reports
from printcheck.counts import integer_mean

LOADED = (
    "wrong",
    "mistake",
    "error in the paper",
    "impossible",
    "suspicious",
    "fabricat",
    "manipulat",
    "absurd",
)


@pytest.fixture(scope="module")
def audits() -> dict:
    return {study: audit(study) for study in STUDIES}


def test_all_printed_numbers_are_checked_or_out_of_reach_with_a_reason(audits):
    card = coverage_table(list(audits.values()))
    assert card["printed numbers"].sum() == 1455
    assert (card["checked"] + card["out of reach"] == card["printed numbers"]).all()
    for one in audits.values():
        assert (one.coverage.out_of_reach["why"].str.len() > 20).all()
        assert set(states(one).index) == set(published(one.study).index)


def test_words_are_neutral_and_headlines_say_what_would_settle_them(audits):
    for one in audits.values():
        text = " ".join(
            one.findings[["sentence", "matters", "resolve", "assumes"]].to_numpy().ravel()
        ).lower()
        assert not [word for word in LOADED if word in text], one.study
        assert 5 <= len(one.headlines) <= 12, one.study
        assert (one.headlines["resolve"] != "").all()
        assert set(one.findings["verdict"]) <= set(VERDICTS)
        assert (one.findings[["formula", "reference", "sentence", "implied"]] != "").all(axis=None)


def test_headlines_come_by_consequence_then_inconsistent_first(audits):
    for one in audits.values():
        order = [(row.rank, row.verdict != "inconsistent") for row in one.headlines.itertuples()]
        assert order == sorted(order)


def test_a_finding_on_a_doubtful_digit_says_so(audits):
    for one in audits.values():
        unsure = set(doubts(one.study)["id"])
        for row in one.findings.itertuples():
            assert bool(row.doubt) == bool(unsure & set(row.ids))


def test_a_number_left_out_or_counted_twice_stops_the_audit(monkeypatch):
    cells = Cells.of("cluster_pilot")
    cells.put(integer_mean, {"mean": "t2.INN.mean", "n": "t2.INN.n"})
    with pytest.raises(ValueError, match=r"neither: .*232 numbers"):
        reports._coverage(cells, {})
    with pytest.raises(ValueError, match="checked and called out of reach: .'t2.INN.mean'"):
        reports._coverage(cells, {"t2.INN.mean": "no reason"})


def test_what_the_paper_leaves_open_is_not_called_inconsistent():
    cells = Cells.of("dual_pilot")
    cells.numbers.loc["t2.c2.BCS.mean", "printed"] = "0.24625"  # no whole number of 3025 rounds to it
    inputs = {"mean": "t2.c2.BCS.mean", "n": "t2.c1.BCS.n"}
    assert cells.put(integer_mean, inputs).verdict == "inconsistent"
    open_ended = cells.put(integer_mean, inputs, unstated="whether the mean is weighted")
    assert open_ended.verdict == "cannot tell"
    assert open_ended.sentence.endswith("The paper does not state whether the mean is weighted.")


def test_an_unknown_id_is_named_with_its_neighbours():
    with pytest.raises(
        KeyError, match=r"cluster_pilot prints no t3.c1.INN.coeff .did you mean t3.c1.INN.coef"
    ):
        Cells.of("cluster_pilot").row("t3.c1.INN.coeff")


def test_the_command_prints_the_audit_and_writes_all_findings(audits, tmp_path):
    said = CliRunner().invoke(main, ["audit", "cluster_pilot"]).output
    one = audits["cluster_pilot"]
    assert said.strip() == audit_text(one).strip()
    assert said.startswith("cluster_pilot: 234 printed numbers")
    target = tmp_path / "findings.csv"
    CliRunner().invoke(main, ["audit", "cluster_pilot", "--csv", str(target)])
    written = pd.read_csv(target, keep_default_na=False)
    assert written["sentence"].tolist() == one.findings["sentence"].tolist()
    assert written["ids"].tolist() == one.findings["ids"].str.join("; ").tolist()


def test_an_audit_that_is_not_made_is_refused():
    refused = CliRunner().invoke(main, ["audit", "open_benchmark"])
    assert refused.exit_code == 1
    assert "no audit for 'open_benchmark'; it is made for cluster_pilot, dual_pilot" in refused.output


def test_findings_as_html_hold_every_input(audits):
    one = audits["industrial_agglomeration"]
    cards, table = str(finding_cards(one.headlines)), str(finding_table(one.findings, "all"))
    assert cards.count("<article") == len(one.headlines)
    assert table.count("<tr data-verdict") == len(one.findings)
    for number in one.headlines["ids"].explode():
        assert f"<code>{number} = " in cards
