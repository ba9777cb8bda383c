"""A chapter may leave a table to another one, which must then record it."""

import json

import pytest

from nqp.book.ledgers import gather, unrecorded
from nqp.evidence import Ledger
from nqp.evidence.entries import LedgerError


@pytest.fixture
def closed(monkeypatch):
    """Return a function that closes a ledger and gives the executed notebook that is left."""
    left = {}
    monkeypatch.setattr("IPython.display.display", lambda data, raw, metadata: left.update(metadata))

    def close(ledger: Ledger) -> str:
        left.clear()
        ledger.close()
        return json.dumps({"cells": [{"outputs": [{"metadata": dict(left)}]}, {}]}, sort_keys=True)

    return close


def missing(notebooks: list[str]) -> list[str]:
    """What executed chapters leave unrecorded."""
    return unrecorded(gather(notebooks), notebooks)


def baseline(*without: str) -> Ledger:
    """A ledger of the baseline that holds each number but those of some tables."""
    ledger = Ledger("open_benchmark", "baseline")
    for number, row in ledger.published.iterrows():
        if row["table"] not in without:
            ledger.record_value(number, row["value"], evidence="open")
    return ledger


def test_what_the_other_chapter_does_not_record_is_named(closed, monkeypatch):
    ledger = baseline("t4")
    ledger.elsewhere("t4", chapter="robustness")
    mine = closed(ledger)
    first, *rest = ledger.published.query("table == 't4'").index
    said = missing([mine])
    assert len(said) == 1
    assert said[0].startswith(f"open_benchmark/robustness does not record {first}, ")
    assert said[0].endswith(f" and {1 + len(rest) - 8} more, which another chapter leaves to it")

    other = Ledger("open_benchmark", "robustness")
    monkeypatch.setattr(other, "published", ledger.published.loc[[first]])
    other.record_value(first, 0.0, evidence="open", reasons={first: ("unstated choice", "a test")})
    assert first not in missing([mine, closed(other)])[0]

    monkeypatch.setattr(other, "published", ledger.published.query("table == 't4'"))
    for number in rest:
        other.record_value(number, 0.0, evidence="open", reasons={number: ("unstated choice", "a test")})
    assert missing([mine, closed(other)]) == []
    assert missing([closed(other)]) == []


def test_only_the_table_that_is_named_is_excused():
    ledger = baseline("t3", "t4")
    ledger.elsewhere("t4", chapter="robustness")
    with pytest.raises(LedgerError, match=r"66 published numbers of open_benchmark/baseline .*: t3\.c1\.did"):
        ledger.close()


def test_what_is_recorded_here_is_not_looked_for_elsewhere(closed):
    ledger = baseline()
    ledger.elsewhere("t4", chapter="robustness")
    assert missing([closed(ledger)]) == []


@pytest.mark.parametrize("chapter", ["baseline", "robustnes", "t4"])
def test_a_table_is_left_to_another_chapter_that_there_is(chapter):
    with pytest.raises(LedgerError, match=f"t4 is left to '{chapter}'; name another chapter: index, robust"):
        baseline().elsewhere("t4", chapter=chapter)


def test_a_table_that_is_left_is_one_of_the_paper():
    with pytest.raises(LedgerError, match=r"open_benchmark has no table 't44' \(did you mean .*t4"):
        baseline().elsewhere("t44", chapter="robustness")


def test_without_a_ledger_nothing_is_left():
    assert missing([json.dumps({"cells": [{}]})]) == []
    assert missing([]) == []
