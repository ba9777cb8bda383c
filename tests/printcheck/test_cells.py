"""Putting checks to cells: doubtful readings, open questions, issues, and what a report asks of a plan."""

import pandas as pd
import pytest

from printcheck import Cells, report
from printcheck.counts import integer_mean
from printcheck.repetition import printed_twice
from printcheck.report import counts, issues, states, text


@pytest.fixture
def cells() -> Cells:
    rows = [
        ("a", "0.25", "", ""),
        ("b", "0.30", "", ""),
        ("c", "0.35", "digit", "a smudge"),
        ("d", "0.40", "remark", "label unclear"),
        ("n", "40", "", ""),
    ]
    return Cells(pd.DataFrame(rows, columns=["id", "printed", "doubt", "note"]).set_index("id"), "a paper")


APART = {"first": "a", "second": "b"}


def test_numbers_apart_are_inconsistent(cells) -> None:
    assert cells.put(printed_twice, APART).verdict == "inconsistent"


def test_what_the_paper_leaves_open_makes_it_cannot_tell(cells) -> None:
    cells.put(printed_twice, APART, unstated="which is which")
    assert cells.findings[0].verdict == "cannot tell"
    assert cells.findings[0].sentence.endswith("The paper does not state which is which.")


def test_a_digit_in_doubt_makes_it_cannot_tell_and_another_doubt_does_not(cells) -> None:
    assert cells.put(printed_twice, {"first": "c", "second": "a"}).verdict == "cannot tell"
    assert cells.findings[0].sentence.endswith("Our reading of c in the scan is in doubt.")
    assert cells.findings[0].doubt == "c: a smudge"
    assert cells.put(printed_twice, {"first": "d", "second": "a"}).verdict == "inconsistent"
    assert cells.findings[1].doubt == "d: label unclear"


def test_assumptions_are_sentences(cells) -> None:
    cells.put(printed_twice, APART, assumes="one unit of measurement")
    assert cells.findings[0].assumes == "One unit of measurement."


def test_an_unknown_id_is_named_with_its_neighbours(cells) -> None:
    with pytest.raises(KeyError, match=r"a paper prints no aa .did you mean a"):
        cells.put(printed_twice, {"first": "aa", "second": "b"})


def declared(cells: Cells, slug: str = "twice") -> None:
    cells.issue(slug, "Two prints", matters="They differ.", resolve="Either.", rank=1)


def test_an_issue_gathers_what_does_not_hold_and_what_belongs_to_it(cells) -> None:
    declared(cells)
    cells.put(printed_twice, APART, raises="twice")
    cells.put(printed_twice, {"first": "a", "second": "a"}, raises="twice")
    cells.put(integer_mean, {"mean": "a", "n": "n"}, issue="twice")
    made = report(cells, {"c": "smudged", "d": "label"})
    assert made.findings.sort_values("name")["issue"].tolist() == ["twice", "twice", ""]
    [one] = issues(made.findings).itertuples()
    assert (one.title, one.verdict, one.findings) == ("Two prints", "inconsistent", 2)
    assert counts(made.findings) == {
        "issues": 1,
        "findings": 3,
        "consistent": 2,
        "inconsistent": 1,
        "cannot tell": 0,
        "measured": 0,
    }
    assert states(made.findings, made.out_of_reach)["a"] == "2 consistent, 1 inconsistent"
    said = text("a paper", made.findings, made.out_of_reach)
    assert said.startswith("a paper: 5 printed numbers, 3 checked, 2 out of reach of every check; 1 issue;")
    assert "[inconsistent] Two prints (2 findings)\n    They differ.\n    would settle it: Either." in said
    assert "1: smudged (c)" in said


def test_a_plan_that_leaves_something_out_is_refused(cells) -> None:
    cells.put(printed_twice, APART)
    with pytest.raises(ValueError, match="printed_twice of a is inconsistent and belongs to no issue"):
        report(cells, {})
    cells.findings.clear()
    cells.put(printed_twice, APART, raises="elsewhere")
    declared(cells)
    with pytest.raises(ValueError, match="'elsewhere' is not declared"):
        report(cells, {})
    with pytest.raises(ValueError, match="the issue 'twice' is declared twice"):
        declared(cells)


def test_a_number_left_out_or_counted_twice_is_refused(cells) -> None:
    cells.put(integer_mean, {"mean": "a", "n": "n"})
    with pytest.raises(ValueError, match=r"neither: .'b', 'c', 'd'. .3 numbers"):
        report(cells, {})
    with pytest.raises(ValueError, match="checked and called out of reach: .'a'"):
        report(cells, {"[abcd]": "no reason"})
