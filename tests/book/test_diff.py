"""`nqp diff`: a change beside the defaults, and one clear line where there is nothing to compare."""

import pytest
from chapter_cases import write_chapter
from click.testing import CliRunner

from nqp.book.chapters import Chapter
from nqp.book.diff import difference
from nqp.book.run import run
from nqp.cli import main

BASELINE = Chapter("open_benchmark", "baseline")
# one column of a printed table as it is printed, but for what the parameter adds to the first number
CODE = """from nqp.chapter import say
from nqp.evidence import Ledger

ledger = Ledger("open_benchmark", "baseline")
column = ledger.published[ledger.published.index.str.startswith("t3.c1.")]
for place, (number, value) in enumerate(column["value"].items()):
    ledger.record_value(number, value + (place == 0) * added, evidence="open", engine="copied",
                        reasons={number: ("parameter changed", "something was added")})
for number in ledger.published.index.drop(column.index):
    ledger.not_checkable(number, "unresolved", "left out")
ledger.close()
say(twice=2 * added, rows=len(column), word="none")
1 / (added != 3)"""


@pytest.fixture
def book(small_book):
    write_chapter(small_book, "open_benchmark", "baseline", CODE, "added = 0.0  # 0 to 9\nkeep = True")
    return small_book


def files(book):
    return {p: p.read_bytes() for p in (book / "book").rglob("*") if p.is_file()}


def test_only_what_moved_is_shown_and_the_book_stays(book):
    run([BASELINE])
    before = files(book)
    ended = CliRunner().invoke(main, ["diff", BASELINE.slug, "-p", "added=1"])
    assert ended.exit_code == 0, ended.output
    assert ended.stderr.count("done in") == 1  # the fresh default is not executed again
    assert "open_benchmark/baseline with added = 1.0, beside its defaults" in ended.stdout
    (moved,) = [line for line in ended.stdout.splitlines() if line.startswith("t3.")]
    assert moved.split() == [
        "t3.c1.did.coef",
        "1.091",
        "1.09100",
        "2.09100",
        "match",
        "->",
        "differs",
        "(open)",
    ]
    assert "\n\n\n" not in ended.stdout
    assert "1 of 2 numbers of the text moved\ntwice" in ended.stdout
    assert files(book) == before
    page = (book / "build" / "diff" / "open_benchmark_baseline.html").read_text()
    assert "1 of 122 printed numbers moved" in page
    assert "121 stay as they are" in page
    assert "http" not in page.split("<body")[1]


@pytest.mark.usefixtures("book")
def test_without_a_fresh_notebook_both_are_executed_and_numbers_are_those_of_both_runs():
    found = difference(Chapter("open_benchmark", "baseline"), {"added": 0.0005})
    assert not BASELINE.executed.exists()
    (row,) = found["numbers"][found["numbers"]["moved"]].to_dict("records")
    assert row["replicated_new"] - row["replicated_old"] == pytest.approx(0.0005)
    assert (row["verdict_old"], row["verdict_new"]) == ("match", "match")
    text = found["text"].set_index("name")
    assert list(text.loc["twice", ["value_old", "value_new", "moved"]]) == [0, 0.001, True]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            [BASELINE.slug],
            "open_benchmark/baseline: no parameter differs from its default; give -p name=value. It has",
        ),
        ([BASELINE.slug, "-p", "added=0"], "no parameter differs from its default"),
        (
            ["open_benchmark", "-p", "added=1"],
            "open_benchmark has 2 chapters; name one: open_benchmark/index, open",
        ),
        (
            ["open_benchmark/bseline", "-p", "added=1"],
            "no paper or chapter 'open_benchmark/bseline' (did you mean",
        ),
        ([BASELINE.slug, "-p", "aded=1"], "has no parameter 'aded' (did you mean added?)"),
        ([BASELINE.slug, "-p", "added=10"], "added is '10'; it takes a number, 0 to 9"),
        (
            [BASELINE.slug, "-p", "added=3"],
            "with added = 3.0 stops in the cell that begins `from nqp.chapter import say`: ZeroDivisionError",
        ),
    ],
)
def test_bad_input_is_one_clear_line(book, words, said):
    ended = CliRunner().invoke(main, ["diff", *words])
    assert ended.exit_code == 1
    (line,) = [line for line in ended.stderr.splitlines() if line.startswith("Error")]
    assert said in line
    assert ended.stderr.endswith(line + "\n")
    assert not list((book / "build").glob("diff/*"))


def test_a_licensed_path_is_in_no_diff(small_book, made_up, tmp_path_factory):
    mine = tmp_path_factory.mktemp("secret") / "mine.csv"
    made_up.to_csv(mine, index=False)
    write_chapter(
        small_book,
        "cluster_pilot",
        "index",
        "1",
        "evidence = 'twin'  # one of: twin, licensed\nlicensed_file = ''",
    )
    page = small_book / "page.html"
    words = ["-p", "evidence=licensed", "-p", f"licensed_file={mine}", "--html", str(page)]
    ended = CliRunner().invoke(main, ["diff", "cluster_pilot/index", *words])
    assert ended.exit_code == 0, ended.output
    assert "with evidence = 'licensed', beside" in ended.stdout
    assert "secret" not in ended.output + page.read_text()
