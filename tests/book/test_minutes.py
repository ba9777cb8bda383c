"""Minutes to read and to run a chapter."""

import pytest
from chapter_cases import write_chapter

from nqp.book.chapters import Chapter, all_chapters
from nqp.book.minutes import MEASURED, measured, minutes, write_minutes
from nqp.papers import PaperError

CHAPTER = Chapter("open_benchmark", "index")


def test_words_are_read_and_code_equations_and_tables_are_not(small_book):
    path = write_chapter(small_book, "open_benchmark", "index", "1")
    path.write_text(path.read_text() + "\nword " * 398)  # and the two of the title
    assert minutes(CHAPTER)[0] == 2
    path.write_text(
        path.read_text() + "\n\n$$\na\nb\n$$\n\n| a | b |\n|---|---|\n| c | d |\n\n:::{note}\n:::\n"
    )
    assert minutes(CHAPTER)[0] == 2
    path.write_text(path.read_text() + "\nword\n")
    assert minutes(CHAPTER)[0] == 3


@pytest.mark.usefixtures("small_book")
def test_minutes_to_run_are_rounded_up_and_zero_where_nobody_measured():
    write_minutes({"open_benchmark/index": 61.2, "open_benchmark/baseline": 3})
    assert minutes(CHAPTER)[1] == 2
    assert minutes(Chapter("open_benchmark", "baseline"))[1] == 1
    write_minutes({})
    assert minutes(CHAPTER)[1] == 0


@pytest.mark.parametrize("text", ["[1, 2]", "open_benchmark/index: soon", "open_benchmark/index: [1"])
def test_a_damaged_record_is_named(small_book, text):
    (small_book / "data" / MEASURED).write_text(text)
    with pytest.raises(PaperError, match=r"data/reference/minutes\.yml"):
        measured()


def test_every_chapter_of_a_paper_has_been_measured():
    papers = {c.slug for c in all_chapters() if c.study != "synthesis"}
    assert set(measured()) == papers
