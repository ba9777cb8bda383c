"""A paper whose files do not hold together is named with file and key, by every command, and nothing is built."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from nqp.book.declared import problems
from nqp.cli import main
from nqp.reads import sha256


def edit(book: Path, paper: str, old: str, new: str, file: str = "paper.yml") -> None:
    """Replace a text in a file of a paper, which must be there once."""
    path = book / "data" / "papers" / paper / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_papers_of_the_book_hold_together():
    assert problems() == []


PAPER = "data/papers/cluster_pilot/paper.yml"
YEARS = "it takes two whole numbers, such as [2011, 2022]"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("year: 2025", "year: abc", f"{PAPER}: year is 'abc'; it takes a whole number"),
        ("years: [2011, 2022]", "years: [2011]", f"{PAPER}: years is [2011]; {YEARS}"),
        ("place: 2", "place: second", f"{PAPER}: place is 'second'; it takes a whole number"),
        ("year: 2025", "year: true", f"{PAPER}: year is True; it takes a whole number"),
        (
            "treatments: [INN]",
            "treatments: INN",
            f"{PAPER}: treatments is 'INN'; it takes a list of texts, such as [a, b]",
        ),
        ("unit: city", "unitt: city", f"{PAPER} has the unknown key 'unitt' (did you mean unit"),
        ("unit: city", "", f"{PAPER} lacks unit"),
        ("  exact: true", "  exact: maybe", f"{PAPER}, sample: exact is 'maybe'; it takes true or false"),
        (
            "{1: 2013,",
            "{1: soon,",
            f"{PAPER}, policies, innovative_industrial_cluster: batches is {{1: 'soon'",
        ),
        ("unit: city", "unit: [city", f"{PAPER} cannot be read: "),
        ("[t3.c1.INN.coef]", "[t3.c1.INN.coff]", f"{PAPER}, headline: 't3.c1.INN.coff' is in no table of "),
        (
            "  variables.csv:",
            "  symbols.csv:",
            f"{PAPER}, files: symbols.csv must be listed, and stand beside",
        ),
    ],
)
@pytest.mark.parametrize("command", ["list", "run", "build", "scorecard", "audit"])
def test_a_wrong_paper_yml_is_refused_by_every_command(small_book, command, old, new, said):
    edit(small_book, "cluster_pilot", old, new)
    ended = CliRunner().invoke(main, [command])
    assert ended.exit_code == 1
    assert ended.output.startswith(f"Error: {said}")
    assert len(ended.output.splitlines()) == 1
    assert isinstance(ended.exception, SystemExit)  # a message, no traceback
    written = {p.relative_to(small_book).as_posix() for p in small_book.glob("build/*")}
    assert written <= {"build/running"}  # who may write into the checkout
    assert sorted(p.name for p in small_book.iterdir() if p.name != "build") == sorted(BEFORE)


BEFORE = ("_toc.yml", "book", "data", "notebooks", "pyproject.toml", "requirements.lock", "src")


def test_a_folder_without_declaration_is_named(small_book):
    (small_book / "data" / "papers" / "wang_2027").mkdir()
    for command in ("list", "run", "build", "scorecard", "audit"):
        ended = CliRunner().invoke(main, [command])
        assert ended.exit_code == 1
        assert (
            ended.output
            == "Error: data/papers/wang_2027/paper.yml is missing; write it, or remove its folder\n"
        )


def test_an_entry_without_hash_is_named(small_book):
    edit(small_book, "open_benchmark", "  published.csv:\n    class:", "  published.csv:\n    klass:")
    ended = CliRunner().invoke(main, ["build"])
    assert "data/papers/open_benchmark/paper.yml, files, papers/open_benchmark/published.csv" in ended.output
    assert "unknown key 'klass'" in ended.output


def test_an_id_that_no_table_has_is_named_in_twin_and_audit(small_book):
    edit(small_book, "cluster_pilot", "- t4.c4.DOU.coef", "- t4.c4.DOU.coeff", "twin.yml")
    plan = small_book / "notebooks" / "cluster_pilot" / "audit.py"
    plan.parent.mkdir()
    plan.write_text(
        'TEXT = "of the table t9.x"\nGOOD = "t3.c1.INN.coef", f"t3.c{1}.INN"\nBAD = "t3.c1.INNN.coef"\n'
    )
    ended = CliRunner().invoke(main, ["list"])
    assert ended.exit_code == 1
    first, second = ended.output.splitlines()
    assert "data/papers/cluster_pilot/twin.yml, line " in first
    assert "'t4.c4.DOU.coeff' is in no table of data/papers/cluster_pilot/published.csv" in first
    assert "did you mean t4.c4.DOU.coef" in first
    assert second.startswith("notebooks/cluster_pilot/audit.py, line 3: 't3.c1.INNN.coef' is in no table")


@pytest.mark.parametrize("command", ["scorecard", "audit"])
def test_an_id_with_two_rows_is_refused_in_one_line(small_book, command):
    path = small_book / "data" / "papers" / "cluster_pilot" / "published.csv"
    old, lines = sha256(path), path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    edit(small_book, "cluster_pilot", old, sha256(path))
    plan = small_book / "notebooks" / "cluster_pilot" / "audit.py"
    plan.parent.mkdir()
    plan.write_text("OUT_OF_REACH = {}\n\n\ndef plan(cells):\n    pass\n")
    ended = CliRunner().invoke(main, [command])
    number = lines[1].split(",")[0]
    said = f"Error: data/papers/cluster_pilot/published.csv has more than one row for {number}\n"
    assert (ended.exit_code, ended.output) == (1, said)
    assert isinstance(ended.exception, SystemExit)


def test_a_changed_file_says_where_its_hash_belongs(small_book):
    edit(small_book, "cluster_pilot", "t3.c1.INN.coef,", "t3.c1.INN.coef,", "published.csv")
    path = small_book / "data" / "papers" / "cluster_pilot" / "published.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    ended = CliRunner().invoke(main, ["build"])
    assert "in data/papers/cluster_pilot/paper.yml" in ended.output
