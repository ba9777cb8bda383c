"""The scorecard counts numbers once and verdicts by evidence."""

import pandas as pd
import pytest

from nqp.evidence.published import all_published, published
from nqp.evidence.scorecard import NONE_YET, scorecard

LEDGER = ["study", "section", "id", "evidence", "verdict", "target"]


@pytest.fixture(scope="module")
def numbers():
    return all_published()


def test_every_printed_number_is_counted_once(numbers):
    card = scorecard(numbers, pd.DataFrame(columns=LEDGER))
    assert card["printed"].sum() == len(numbers)
    assert (card[NONE_YET] == card["printed"]).all()
    five = numbers[numbers["study"] != "open_benchmark"]
    assert len(five) == 1455
    assert not numbers.duplicated(["study", "id"]).any()


def test_two_kinds_of_evidence_are_one_number_and_two_verdicts(numbers):
    rows = [
        ("open_benchmark", "baseline", "t3.c3.did.coef", "open", "match", ""),
        ("open_benchmark", "baseline", "t3.c3.did.coef", "twin", "missed", "no"),
        ("open_benchmark", "baseline", "t3.c3.gdp.coef", "twin", "recovered", "yes"),
    ]
    card = scorecard(numbers, pd.DataFrame(rows, columns=LEDGER), by=("study", "chapter", "table"))
    row = card.loc["open_benchmark", "baseline", "t3"]
    assert (row["printed"], row["with verdict"], row[NONE_YET]) == (66, 2, 64)
    assert (row["match"], row["missed"], row["recovered (target)"]) == (1, 1, 1)
    assert "recovered" not in card


def test_a_number_whose_print_comes_later_counts_nowhere(numbers):
    rows = [("open_benchmark", "baseline", "t99.c1.did.coef", "open", "published later", "")]
    card = scorecard(numbers, pd.DataFrame(rows, columns=LEDGER), by=("study",))
    assert card.loc["open_benchmark", "with verdict"] == 0
    assert (card[NONE_YET] == card["printed"]).all()


def test_group_comparisons_belong_to_the_mechanisms_chapter(numbers):
    moved = numbers[numbers["section"] == "heterogeneity"]
    assert len(moved) > 0
    assert set(moved["chapter"]) == {"mechanisms"}


def test_printed_strings_keep_their_zeros():
    assert published("open_benchmark").loc["t3.c3.did.ci_high", "printed"] == "0.450"
