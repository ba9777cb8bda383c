"""A damaged file ends a command in one line that names it, or is named and made again."""

import random
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from two_chapters import FIRST, SECOND

from nqp.book.ledgers import collect
from nqp.book.run import run
from nqp.cli import main

PAPER = "data/papers/cluster_pilot/paper.yml"
LEDGER = """from nqp.evidence.entries import LEDGER_KEY
from nqp.evidence.published import published
from IPython.display import display
rows = [{"study": "open_benchmark", "section": "index", "id": number, "evidence": "open", "published": "1",
         "replicated": "1", "verdict": "match"} for number in published("open_benchmark").index[:9]]
display({"text/plain": ""}, raw=True, metadata={LEDGER_KEY: rows})"""
TAGS = (
    "x: !!python/object/apply:os.system ['exit']",
    "x: 2020-13-45",
    'x: !!int ""',
    'x: !!timestamp "soon"',
    "x: !!bool perhaps",
    "&a [*a]",
    "{a: [1",
    "[1, 2]",
    "null",
    "3",
    "files: 3",
    "files: {a: 3}",
    "files: {a: {sha256: [1]}}",
    "policies: [1]",
)


def damages(raw: bytes) -> Iterator[bytes]:
    """Yield what may have become of a file: nothing, other bytes, a part of it, one byte changed."""
    yield from (b"", b"\0" * 40, bytes(range(256)), b"[1]", b"null", b'{"a": {"b": 3}}', b"[" * 200)
    yield from (raw[: int(len(raw) * share)] for share in (0.3, 0.9))
    place = random.Random(len(raw)).randrange(len(raw))
    yield raw[:place] + b"\xff" + raw[place + 1 :]


def nqp(*words: str) -> tuple[int, str]:
    """Call the command; return its exit code and what it said. An error that it lets through fails the test."""
    ended = CliRunner().invoke(main, words, catch_exceptions=False)
    return ended.exit_code, ended.output


@pytest.fixture
def executed(book):
    """The checkout with both chapters executed, one with a ledger."""
    FIRST.source.write_text(FIRST.source.read_text().replace("print(9.572)", LEDGER))
    run([FIRST, SECOND])
    assert len(collect()) == 9
    return book


@pytest.mark.usefixtures("executed")
def test_an_executed_notebook_is_named_and_its_verdicts_are_not_counted(monkeypatch):
    raw = FIRST.executed.read_bytes()
    for damage in damages(raw):
        FIRST.executed.write_bytes(damage)
        assert "altered" in nqp("list")[1]
        assert f"book/{FIRST.slug}.ipynb is not as it was executed" in nqp("scorecard", "open_benchmark")[1]
        assert len(collect()) == 0
    run([FIRST], keep=True)
    assert FIRST.executed.read_bytes() == raw


def test_the_paths_of_licensed_files_cannot_be_made_again(executed):
    path = executed / "build" / "licensed.json"
    for damage in (b"", b"\0" * 40, bytes(range(256)), b"[1]", b"null", b"3", b'{"a": "b'):
        path.write_bytes(damage)
        code, said = nqp("run", FIRST.slug)
        assert code == 1
        assert said.startswith(
            "Error: build/licensed.json, the paths of licensed files, cannot be read; delete it"
        )
        assert path.read_bytes() == damage
    path.unlink()
    assert nqp("run", FIRST.slug)[0] == 0
    assert not list(executed.rglob("*.part"))


def test_a_paired_notebook_that_is_none_is_named(executed):
    raw, text = FIRST.pair.read_bytes(), FIRST.source.read_bytes()
    for damage in (b"", b"\0" * 40, b"[1]", b'{"a": 3}', b'{"cells": 3, "nbformat": 4}', raw[:200]):
        FIRST.pair.write_bytes(damage)
        code, said = nqp("run", FIRST.slug)
        assert code == 1
        assert "index.ipynb is no notebook. To keep the text, delete build/ipynb/" in said
        assert FIRST.source.read_bytes() == text
    FIRST.pair.unlink()
    assert nqp("run", FIRST.slug)[0] == 0
    assert "published" in FIRST.pair.read_text()


def test_nothing_is_counted_from_a_truncated_ledger(executed):
    path = executed / "book" / "ledger.csv"
    whole = path.read_bytes()
    counts = nqp("scorecard")[1]
    assert "9 with a verdict" in counts
    for damage in damages(whole):
        path.write_bytes(damage)
        assert nqp("scorecard") == (0, counts)
    assert nqp("run")[0] == 0
    assert path.read_bytes() == whole


@pytest.mark.parametrize("name", ["data/manifest.yml", PAPER])
def test_a_file_of_the_data_that_cannot_be_used_is_named_in_one_line(book, name):
    path = book / name
    raw = path.read_bytes()
    for damage in (*damages(raw), *map(str.encode, TAGS)):
        path.write_bytes(damage)
        for words in (["list"], ["run", FIRST.slug]):
            code, said = nqp(*words)
            assert code == 1, (damage[:60], words)
            assert said.startswith(f"Error: {name}"), (damage[:60], said)
            assert len(said) < 2500, said


@pytest.mark.usefixtures("book")
@pytest.mark.parametrize(
    "pair", ["x={a: [1", "draws={a: [1", "draws=!!python/object:os.system", "draws=\0", "=1"]
)
def test_a_strange_parameter_is_refused_in_one_line(pair):
    code, said = nqp("run", FIRST.slug, "-p", pair)
    assert code == 1
    assert said.startswith("Error: ")
    assert said.count("\n") == 1
