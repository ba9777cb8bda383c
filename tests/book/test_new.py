"""A new paper's folders: refused names, templates that hold together, chapters that run as they are."""

import pytest
from click.testing import CliRunner

from nqp.book.chapters import select
from nqp.book.declared import problems
from nqp.book.run import run
from nqp.cli import main
from nqp.data import altered
from nqp.papers import SECTIONS, papers


def test_the_templates_hold_together_and_run(small_book):
    before = {p: p.read_bytes() for p in small_book.rglob("*") if p.is_file()}
    ended = CliRunner().invoke(main, ["new", "wang_2027"])
    assert ended.exit_code == 0, ended.output
    written = {p for p in small_book.rglob("*") if p.is_file()} - set(before)
    assert {str(p) for p in written} == set(ended.output.split())
    assert {p: p.read_bytes() for p in before} == before
    assert {p.parent.relative_to(small_book).as_posix() for p in written} == {
        "data/papers/wang_2027",
        "notebooks/wang_2027",
    }
    assert problems() == altered() == []
    assert list(papers())[-1] == "wang_2027"
    assert [c.section for c in select(["wang_2027"])] == list(SECTIONS)
    (executed,) = run(select(["wang_2027/baseline"]))
    assert "Printed numbers of this section: 0" in executed.notebook


@pytest.mark.parametrize(
    "name", ["Wang", "wang-2027", "2027_wang", "wang__2027", "../wang", "synthesis", "wang_"]
)
def test_a_name_that_is_no_slug_is_refused(small_book, name):
    ended = CliRunner().invoke(main, ["new", name])
    assert ended.exit_code == 1
    assert f"'{name}' cannot name a paper: use small letters" in ended.output


@pytest.mark.parametrize("there", ["data/papers/wang_2027", "notebooks/wang_2027", "book/wang_2027"])
def test_nothing_is_overwritten(small_book, there):
    (small_book / there).mkdir(parents=True)
    before = sorted(small_book.rglob("*"))
    ended = CliRunner().invoke(main, ["new", "wang_2027"])
    assert ended.exit_code == 1
    assert f"{there} is there already; `nqp new` overwrites nothing" in ended.output
    assert sorted(small_book.rglob("*")) == before
