"""The scorecard counts numbers once and verdicts by evidence."""

import pandas as pd
import pytest

from nqp.evidence.published import all_published, published
from nqp.evidence.scorecard import NONE_YET, SHARE, scorecard

LEDGER = ["study", "section", "id", "evidence", "verdict", "null"]


@pytest.fixture(scope="module")
def numbers():
    return all_published()


def test_every_printed_number_is_counted_once(numbers):
    card = scorecard(numbers, pd.DataFrame(columns=LEDGER), ("study", "chapter"))
    assert card["printed"].sum() == len(numbers)
    assert (card[NONE_YET] == card["printed"]).all()
    five = numbers[numbers["study"] != "open_benchmark"]
    assert len(five) == 1455
    assert not numbers.duplicated(["study", "id"]).any()


def test_two_kinds_of_evidence_are_one_number_with_its_strongest_verdict(numbers):
    rows = [
        ("open_benchmark", "baseline", "t3.c3.did.coef", "open", "match", ""),
        ("open_benchmark", "baseline", "t3.c3.did.coef", "twin", "outside", "inside"),
        ("open_benchmark", "baseline", "t3.c3.gdp.coef", "twin", "by design", ""),
        ("open_benchmark", "baseline", "t3.c3.fin.coef", "twin", "inside", "inside"),
        ("open_benchmark", "baseline", "t3.c3.gov.coef", "twin", "inside", ""),
        ("open_benchmark", "baseline", "t3.c3.model.n", "twin", "not compared", ""),
    ]
    card = scorecard(numbers, pd.DataFrame(rows, columns=LEDGER), by=("study", "chapter", "table"))
    row = card.loc["open_benchmark", "baseline", "t3"]
    assert (row["printed"], row["with verdict"], row[NONE_YET]) == (66, 5, 61)
    assert row[["match", "by design", "inside", "not compared"]].tolist() == [1, 1, 2, 1]
    assert "outside" not in card  # the same number matches the same data
    verdicts = card.drop(columns=["printed", "with verdict", SHARE])
    assert (verdicts.sum(axis=1) == card["printed"]).all()
    assert (
        row[SHARE] == "1 of 2 inside, 2 with no planted effect"
    )  # what was run in one world only counts in neither
    assert card.loc["open_benchmark", "baseline", "t4"][SHARE] == ""


def test_a_number_that_is_not_printed_counts_nowhere(numbers):
    rows = [("open_benchmark", "baseline", "t99.c1.did.coef", "open", "match", "")]
    card = scorecard(numbers, pd.DataFrame(rows, columns=LEDGER), by=("study",))
    assert card.loc["open_benchmark", "with verdict"] == 0
    assert (card[NONE_YET] == card["printed"]).all()


def test_group_comparisons_belong_to_the_mechanisms_chapter(numbers):
    moved = numbers[numbers["section"] == "heterogeneity"]
    assert len(moved) > 0
    assert set(moved["chapter"]) == {"mechanisms"}


def test_printed_strings_keep_their_zeros():
    assert published("open_benchmark").loc["t3.c3.did.ci_high", "printed"] == "0.450"
