"""What text and paired notebook hold decides which was edited; times never do, and nothing is lost."""

import os

import nbformat
import pytest
from two_chapters import FIRST

from nqp.book.chapters import Chapter, ChapterError, all_chapters
from nqp.book.pairing import sync

LONG_AGO, LATER = 1_000_000_000, 4_000_000_000


@pytest.fixture
def paired(book):
    """The checkout with the first chapter in step."""
    sync(FIRST)
    return book


def edit_text(new: str, time: int) -> None:
    """Write another number into the text, at some time."""
    FIRST.source.write_text(FIRST.source.read_text().replace("9.572", new))
    os.utime(FIRST.source, (time, time))


def edit_pair(new: str, time: int) -> None:
    """Write another number into the notebook, at some time."""
    notebook = nbformat.read(FIRST.pair, as_version=4)
    notebook.cells[-1].source = f"print({new})"
    nbformat.write(notebook, FIRST.pair)
    os.utime(FIRST.pair, (time, time))


@pytest.mark.usefixtures("paired")
@pytest.mark.parametrize("time", [LONG_AGO, LATER])
@pytest.mark.parametrize("edit", [edit_text, edit_pair])
def test_an_edit_of_any_time_is_carried_over(edit, time):
    edit("1.111", time)
    sync(FIRST)
    assert "print(1.111)" in FIRST.source.read_text()
    assert "print(1.111)" in FIRST.pair.read_text()


@pytest.mark.usefixtures("paired")
def test_two_edits_are_refused_and_both_ways_out_work(tmp_path):
    from jupytext.cli import jupytext

    def both() -> None:
        edit_text("1.111", LONG_AGO)
        edit_pair("2.222", LATER)
        before = FIRST.source.read_bytes(), FIRST.pair.read_bytes()
        with pytest.raises(ChapterError, match=r"notebooks/.*index.md and build/.*index.ipynb differ"):
            sync(FIRST)
        assert (FIRST.source.read_bytes(), FIRST.pair.read_bytes()) == before

    both()
    jupytext(["--quiet", "--to", "md:myst", "--output", str(FIRST.source), str(FIRST.pair)])
    sync(FIRST)
    assert "2.222" in FIRST.source.read_text()
    FIRST.source.write_text(FIRST.source.read_text().replace("2.222", "9.572"))
    sync(FIRST)
    both()
    FIRST.pair.unlink()
    sync(FIRST)
    assert "1.111" in FIRST.pair.read_text()


@pytest.mark.usefixtures("paired")
@pytest.mark.parametrize("record", [None, b"", b"\xff\0[1", b"a b"])
def test_without_a_record_a_difference_is_refused_and_none_is_none(record):
    step = FIRST.pair.with_suffix(".step")
    whole = step.read_bytes()
    step.unlink() if record is None else step.write_bytes(record)
    sync(FIRST)
    assert step.read_bytes() == whole
    step.unlink() if record is None else step.write_bytes(record)
    edit_pair("2.222", LATER)
    with pytest.raises(ChapterError, match="which was edited is not known"):
        sync(FIRST)
    assert "9.572" in FIRST.source.read_text()
    assert "2.222" in FIRST.pair.read_text()


@pytest.mark.usefixtures("paired")
def test_outputs_in_the_notebook_are_no_edit_and_stay():
    notebook = nbformat.read(FIRST.pair, as_version=4)
    notebook.cells[-1].outputs = [nbformat.v4.new_output("stream", text="kept")]
    notebook.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
    nbformat.write(notebook, FIRST.pair)
    before = FIRST.source.read_bytes()
    sync(FIRST)
    assert FIRST.source.read_bytes() == before
    FIRST.source.write_text(FIRST.source.read_text().replace("# About", "# All about"))
    sync(FIRST)
    assert "kept" in FIRST.pair.read_text()
    assert "# All about" in FIRST.pair.read_text()


def test_the_texts_of_the_book_come_back_byte_for_byte(book, root):
    for path in (root / "notebooks").glob("*/*.md"):
        copied = book / path.relative_to(root)
        copied.parent.mkdir(exist_ok=True)
        copied.write_bytes(path.read_bytes())
        chapter = Chapter(path.parent.name, path.stem)
        sync(chapter)
        notebook = nbformat.read(chapter.pair, as_version=4)
        last = notebook.cells[-1].source
        for source in (f"{last}\n\nMore.", last):
            notebook.cells[-1].source = source
            nbformat.write(notebook, chapter.pair)
            sync(chapter)
            assert (copied.read_bytes() == path.read_bytes()) == (source == last), path
    assert len(all_chapters()) > 10
