"""A number that the text cites and a run did not make: a dash when parameters changed, a defect when none did."""

import nbformat
import pytest
from checkouts import nqp
from two_chapters import FIRST

from nqp.book.run import RunFailed, run

CELL = """```{code-cell} ipython3
from nqp.chapter import say
if draws == 500:
    say(effect=1.25, word="many")
else:
    say(word="few")
```
"""
TEXT = "\nIt is {glue:text}`effect:.1f`, or {glue:text}`word`.\n"


def write(text: str) -> None:
    """Append a text to the first chapter."""
    FIRST.source.write_text(f"{FIRST.source.read_text()}\n{CELL}{text}")


@pytest.mark.usefixtures("book")
@pytest.mark.parametrize("cited", ["{glue:text}`none:.2f`", "{glue:text}`word:.2f`", "{glue}`none`"])
def test_a_run_with_defaults_names_chapter_and_key(cited):
    write(f"\nIt is {{glue:text}}`effect`, {{glue:text}}`effect:.2f` and {cited}.\n")
    key = cited.split("`")[1]
    with pytest.raises(
        RunFailed, match=f"open_benchmark/index stopped(.|\n)*the text cites {key}, which no cell"
    ):
        run([FIRST])
    assert not FIRST.executed.exists()


def test_a_run_with_changed_parameters_writes_a_dash_and_compiles(book):
    write(TEXT)
    assert nqp(book, "run", FIRST.slug, "-p", "draws=7").returncode == 0
    cells = nbformat.read(FIRST.executed, as_version=4).cells
    assert cells[-1].source == "It is –, or {glue:text}`word`."
    assert "A dash stands for a number" in cells[0].source
    ended = nqp(book, "build")
    assert ended.returncode == 0, ended.stderr
    page = (book / "build" / "_build" / "html" / "book" / f"{FIRST.slug}.html").read_text(encoding="utf-8")
    assert 'It is –, or <span class="pasted-text">few</span>' in page
    run([FIRST])
    assert nbformat.read(FIRST.executed, as_version=4).cells[-1].source == cells[-1].source.replace(
        "–", "{glue:text}`effect:.1f`"
    )
