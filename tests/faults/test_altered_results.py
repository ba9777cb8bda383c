"""Results that were changed after they were computed are never published, nor are results of altered data."""

import json

import pytest
from click.testing import CliRunner
from two_chapters import FIRST, SECOND

from nqp.book.keys import stored
from nqp.book.ledgers import collect
from nqp.book.run import run, state
from nqp.cli import main


def alter(old: str, new: str) -> None:
    """Change the executed notebook of the first chapter."""
    text = FIRST.executed.read_text(encoding="utf-8")
    assert old in text
    FIRST.executed.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.usefixtures("book")
@pytest.mark.parametrize(
    ("old", "new"), [("9.572\\n", "9.999\\n"), ("# About", "# Not about"), ('"cells": "', '"cells": "0')]
)
def test_an_altered_notebook_is_named_and_executed_again(old, new, capsys):
    run([FIRST, SECOND])
    before = FIRST.executed.read_bytes()
    alter(old, new)
    assert state(FIRST) == "altered"
    listed = CliRunner().invoke(main, ["list"]).output.splitlines()
    assert [line.split()[:2] for line in listed] == [[FIRST.slug, "altered"], [SECOND.slug, "fresh"]]
    collect()
    assert f"book/{FIRST.slug}.ipynb is not as it was executed" in capsys.readouterr().err
    assert [one.chapter for one in run([FIRST, SECOND], keep=True)] == [FIRST]
    assert FIRST.executed.read_bytes() == before


@pytest.mark.usefixtures("book")
def test_changed_parameters_outlive_an_alteration():
    run([SECOND], {"draws": 7})
    text = json.loads(SECOND.executed.read_bytes())
    text["cells"][-1]["outputs"] = []
    SECOND.executed.write_text(json.dumps(text))
    run([SECOND], keep=True)
    assert stored(SECOND)["overrides"] == {"draws": 7}


def test_run_and_list_refuse_altered_data_as_build_does(book):
    panel = book / "data" / "open" / "panel.csv"
    panel.write_text(panel.read_text().replace("1.484304", "1.484305", 1))
    for words in (["list"], ["run"], ["run", FIRST.slug], ["build"]):
        ended = CliRunner().invoke(main, words)
        assert ended.exit_code == 1, words
        assert "data/open/panel.csv is not the file the book was written with" in ended.output
    assert not FIRST.executed.exists()
