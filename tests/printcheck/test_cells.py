"""Putting checks to cells: what a doubtful reading and an open question do to a verdict."""

import pytest

from printcheck.cells import Cells
from printcheck.repetition import printed_twice


@pytest.fixture
def cells() -> Cells:
    return Cells.of("cluster_pilot")


APART = {"first": "t3.c1.INN.coef", "second": "t3.c2.INN.coef"}


def test_numbers_apart_are_inconsistent(cells) -> None:
    assert cells.put(printed_twice, APART).verdict == "inconsistent"


def test_what_the_paper_leaves_open_makes_it_cannot_tell(cells) -> None:
    cells.put(printed_twice, APART, unstated="which is which")
    assert cells.findings[0].verdict == "cannot tell"
    assert cells.findings[0].sentence.endswith("The paper does not state which is which.")


def test_a_reading_in_doubt_makes_it_cannot_tell_and_is_named(cells) -> None:
    cells.put(printed_twice, {"first": "t6.c2.INNxHCP.coef", "second": "t3.c1.INN.coef"})
    assert cells.findings[0].verdict == "cannot tell"
    assert cells.findings[0].sentence.endswith("Our reading of t6.c2.INNxHCP.coef in the scan is in doubt.")


def test_assumptions_are_sentences(cells) -> None:
    cells.put(printed_twice, APART, assumes="one unit of measurement")
    assert cells.findings[0].assumes == "One unit of measurement."
