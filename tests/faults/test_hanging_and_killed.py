"""A cell that hangs is stopped; whatever ends a command, its kernels end with it and its folders go."""

import re
import signal
import sys
from pathlib import Path

import pytest
from checkouts import (
    SLEEP,
    at_work,
    checkout,
    folders,
    nqp,
    processes,
    start,
    temporary,
    wait_for,
    write_chapter,
)

# holds Python's lock for ever, so that no thread of the kernel can look after anything
LOCKED = "import re\n\nprint('begun', flush=True)\nre.match('(a+)+$', 'a' * 64 + 'b')"


@pytest.fixture
def book(root, tmp_path) -> Path:
    """A checkout of two chapters, one of which hangs."""
    made = checkout(root, tmp_path / "book")
    write_chapter(made, "open_benchmark/index", "print('first')", SLEEP)
    write_chapter(made, "open_benchmark/baseline", "print('fine')")
    return made


def test_a_hanging_cell_is_named_and_the_other_chapters_end(book):
    ended = nqp(book, "run", "--timeout", "3")
    assert ended.returncode == 1
    assert re.search(
        r"open_benchmark/index stopped\.\n  In the cell\n    import time\n(.|\n)*"
        r"took longer than 3 seconds; `nqp run --timeout SECONDS` gives it more",
        ended.stderr,
    )
    assert (book / "book" / "open_benchmark" / "baseline.ipynb").is_file()
    assert processes(book) == []
    assert folders(book) == []


@pytest.mark.parametrize("how", ["SIGTERM", "SIGINT", "SIGKILL"])
def test_kernels_end_with_the_command_and_leftovers_go_at_the_next_start(book, how):
    second = LOCKED if sys.platform == "linux" else SLEEP
    write_chapter(book, "open_benchmark/baseline", second)
    running = start(book, "run", "--jobs", "2")
    assert wait_for(lambda: len(folders(book)) == 2 and at_work(book, kernels=2))
    wait_for(lambda: False, 4)  # for the cells to begin
    running.send_signal(getattr(signal, how))
    running.communicate(timeout=30)
    assert running.returncode != 0
    assert wait_for(lambda: processes(book) == [], 15), [one.cmdline() for one in processes(book)]
    if how != "SIGKILL":
        assert folders(book) == []
    write_chapter(book, "open_benchmark/index", "print('mended')")
    assert nqp(book, "run", "open_benchmark/index").returncode == 0
    assert folders(book) == []


def test_a_folder_in_use_is_left_alone(book):
    running = start(book, "run", "open_benchmark/index")
    assert wait_for(lambda: folders(book))
    used = folders(book)
    other = book.with_name("other")
    book.joinpath("_toc.yml").exists()
    made = checkout(Path(__file__).parents[2], other)
    write_chapter(made, "open_benchmark/baseline", "print('fine')")
    assert nqp(other, "run", TMPDIR=str(temporary(book))).returncode == 0
    assert folders(book) == used
    running.kill()
    running.communicate()


def test_outputs_stay_in_memory_until_the_chapter_has_ended(book):
    write_chapter(book, "open_benchmark/index", "print('val' + 'ue of a city', flush=True)", SLEEP)
    running = start(book, "run", "open_benchmark/index")
    assert wait_for(lambda: (book / "build" / "running").is_file() and folders(book))
    wait_for(lambda: False, 8)  # longer than a cell waits before it is saved elsewhere
    assert at_work(book, kernels=1)
    places = [path for top in (book, temporary(book)) for path in top.rglob("*") if path.is_file()]
    assert any(path.name == "kernel.json" for path in places)
    assert not [path for path in places if b"value of a city" in path.read_bytes()]
    running.terminate()
    running.communicate()
