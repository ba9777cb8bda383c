"""One changed page is compiled alone, and the book is the one that a fresh compilation gives."""

import base64
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import nbformat
import numpy as np
import pytest
from checkouts import checkout, write_chapter
from warm import Warm

import nqp.book.compile
from nqp.book.chapters import Chapter
from nqp.book.compile import BuildFailed, compile_book, html_dir

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
INDEX = Chapter("open_benchmark", "index")
SPHINX = """
import jupyter_book.cli.main, jupyter_book.sphinx, myst_nb.sphinx_ext, nqp.book.minutes
import sphinx_book_theme, sphinx_copybutton, sphinx_design, sphinx_exercise, sphinx_togglebutton
import sphinx.builders.html, sphinx.ext.autodoc, sphinx.ext.intersphinx, sphinxcontrib.bibtex
"""


def executed(chapter: Chapter, text: str, picture: bytes = b"") -> None:
    """Write what an execution of a chapter could have given."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
    notebook.cells = [nbformat.v4.new_markdown_cell(text, id="one")]
    if picture:
        data = {"image/png": base64.b64encode(picture).decode()}
        shown = nbformat.v4.new_output("display_data", data=data)
        notebook.cells.append(nbformat.v4.new_code_cell("draw()", outputs=[shown], id="two"))
    chapter.executed.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, chapter.executed)


FIRST = "# A chapter\n\n(a-label)=\n## A section\n\nSome words."


@pytest.fixture(scope="module")
def book(root, tmp_path_factory) -> Iterator[Path]:
    """A compiled checkout of two prose pages and a chapter with a picture, for one test after the other."""
    made = checkout(root, tmp_path_factory.mktemp("compiled") / "book")
    write_chapter(made, INDEX.slug, "draw()")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NQP_ROOT", str(made))
        warm = Warm(SPHINX)
        patch.setattr(nqp.book.compile, "subprocess", warm)
        executed(INDEX, FIRST, PIXEL)
        (made / "book" / "evidence.md").write_text("# Evidence\n\nSee {ref}`a-label`.\n")
        assert compile_book()
        yield made
        warm.close()


def pages() -> dict[str, float]:
    """Return when each page of the book was written."""
    html = html_dir().parents[1] / "staging" / "_build" / "html"
    return {p.relative_to(html).as_posix(): p.stat().st_mtime_ns for p in html.glob("book/**/*.html")}


def whole() -> dict[str, object]:
    """Return the book's files; of a few, what matters."""
    files = {p.relative_to(html_dir()).as_posix(): p for p in html_dir().rglob("*") if p.is_file()}
    found = {name: path.read_bytes() for name, path in files.items()}
    for name in found:
        if name.endswith(".html"):  # a mark for browsers' memory
            found[name] = re.sub(rb"\?v=\w+", b"", found[name])
    index = json.loads(found["searchindex.js"].removeprefix(b"Search.setIndex(").removesuffix(b")"))
    for kind in ("terms", "titleterms"):  # pages of a term come in any order
        index[kind] = {term: sorted(np.atleast_1d(where).tolist()) for term, where in index[kind].items()}
    return found | {"searchindex.js": index}


def same_as_fresh(book: Path) -> None:
    """Compare with a compilation from nothing, in a new process, whose sets have another order."""
    found = whole()
    shutil.rmtree(book / "build")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nqp.book.compile, "subprocess", subprocess)
        assert compile_book()
    fresh = whole()
    assert set(found) == set(fresh)
    assert [name for name in found if found[name] != fresh[name]] == []


def test_only_the_changed_page_is_written_even_when_it_is_older(book):
    before = pages()
    executed(INDEX, "# A chapter\n\n(a-label)=\n## A section\n\nOther words, winsorised.", PIXEL)
    os.utime(INDEX.executed, (0, 0))
    assert compile_book()
    after = pages()
    written = {name for name in before if after[name] != before[name]}
    assert written == {"book/open_benchmark/index.html", "book/intro.html"}  # itself and the page of contents
    assert b"winsorised" in (html_dir() / "book" / "open_benchmark" / "index.html").read_bytes()
    assert "winsoris" in (html_dir() / "searchindex.js").read_text()
    assert not compile_book()


def test_a_new_title_stands_in_the_navigation_of_every_page(book):
    executed(INDEX, "# Another title\n\n(a-label)=\n## Another section\n\nSome words.", PIXEL)
    assert compile_book()
    for page in ("intro", "evidence", "open_benchmark/index"):
        assert b"Another title" in (html_dir() / "book" / f"{page}.html").read_bytes()
    assert b"Another section" in (html_dir() / "book" / "evidence.html").read_bytes()
    same_as_fresh(book)


def test_a_label_that_goes_is_missed_on_the_pages_that_lead_to_it(book):
    executed(INDEX, "# A chapter\n\n## A section\n\nSome words.", PIXEL)
    for _ in range(2):  # what warned once warns again
        with pytest.raises(BuildFailed, match="a-label"):
            compile_book()
    assert (html_dir() / "index.html").is_file()


def test_a_label_moves_from_one_page_to_another(book):
    evidence = book / "book" / "evidence.md"
    before = evidence.read_text()
    executed(INDEX, FIRST)
    assert compile_book()
    executed(INDEX, "# A chapter\n\nSee {ref}`a-label`.")
    evidence.write_text("# Evidence\n\n(a-label)=\n## A section\n\nSome words.\n")
    assert compile_book()
    executed(INDEX, FIRST)
    evidence.write_text(before)
    assert compile_book()


def test_a_picture_that_no_page_shows_is_removed(book):
    executed(INDEX, FIRST, PIXEL)
    assert compile_book()
    pictures = [
        p for top in ("_build/html/_images", "staging") for p in (book / "build" / top).rglob("*.png")
    ]
    shown = [path for path in pictures if path.read_bytes() == PIXEL]
    assert len(shown) == 3, (
        shown
    )  # on the page, where Sphinx writes it, and where it was cut out of the notebook
    executed(INDEX, FIRST)
    assert compile_book()
    assert not [path for path in (book / "build").rglob("*.png") if path.read_bytes() == PIXEL]


@pytest.mark.parametrize("name", ["book/_static/nqp.css", "book/references.bib"])
def test_what_every_page_depends_on_compiles_every_page(book, name):
    before = pages()
    path = book / name
    path.write_text(path.read_text() + "\n")
    assert compile_book()
    assert not [page for page, when in pages().items() if when == before[page]]
