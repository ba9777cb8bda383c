"""Differences between two ledgers are named by cell."""

import pandas as pd
import pytest

from nqp.book.verify import changed_cells, compare, reference, verify
from nqp.evidence.published import all_published

ROW = {
    "study": "open_benchmark",
    "section": "baseline",
    "id": "t3.c3.did.coef",
    "evidence": "open",
    "published": "0.294",
    "replicated": 0.2940088,
    "verdict": "match",
    "reason": "",
    "target": "",
    "engine": "linearmodels",
    "null": "",
}


def ledger(**changes):
    return pd.DataFrame([ROW | changes])


def test_equal_ledgers_differ_in_nothing():
    assert compare(ledger(), ledger()) == []
    assert compare(ledger(), ledger(replicated=0.2940088 + 1e-8)) == []


def test_a_moved_number_is_named():
    assert compare(ledger(), ledger(replicated=0.2941)) == [
        "open_benchmark t3.c3.did.coef (open): replicated was 0.2940088, is 0.2941"
    ]


def test_a_changed_verdict_is_named():
    assert compare(ledger(), ledger(verdict="near")) == [
        "open_benchmark t3.c3.did.coef (open): verdict was 'match', is 'near'"
    ]


def test_a_changed_verdict_of_the_null_world_is_named():
    assert compare(ledger(null="outside"), ledger(null="inside")) == [
        "open_benchmark t3.c3.did.coef (open): null was 'outside', is 'inside'"
    ]


def test_cells_that_come_or_go_are_named():
    empty = ledger().iloc[:0]
    assert compare(ledger(), empty) == ["open_benchmark t3.c3.did.coef (open): no longer recorded"]
    assert compare(empty, ledger()) == ["open_benchmark t3.c3.did.coef (open): not in the committed ledger"]


def test_a_number_that_becomes_missing_is_named():
    assert compare(ledger(), ledger(replicated=float("nan"))) != []


def test_a_changed_published_cell_is_named():
    numbers = all_published()
    numbers.loc[(numbers["study"] == "open_benchmark") & (numbers["id"] == "t3.c3.did.coef"), "printed"] = (
        "0.295"
    )
    assert changed_cells(reference(), numbers) == [
        "open_benchmark t3.c3.did.coef: printed was '0.294', is '0.295'"
    ]


@pytest.mark.usefixtures("small_book")
def test_verify_names_the_cell_and_runs_nothing(small_book):
    file = small_book / "data" / "papers" / "open_benchmark" / "published.csv"
    text = file.read_text()
    row = next(line for line in text.splitlines() if line.startswith("t3.c3.did.coef"))
    file.write_text(text.replace(row, row.replace("0.294", "0.295")))
    problems = verify()
    assert any("data/papers/open_benchmark/published.csv is not the file" in p for p in problems)
    assert any("t3.c3.did.coef: printed was '0.294', is '0.295'" in p for p in problems)
    assert not (small_book / "build").exists()
