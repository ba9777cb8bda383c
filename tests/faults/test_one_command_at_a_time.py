"""Two commands do not change one checkout at once, and what the machine refuses is said in one line."""

import errno
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from checkouts import SLEEP, checkout, folders, nqp, processes, start, wait_for, write_chapter
from click.testing import CliRunner, Result

from nqp.cli import main


@pytest.fixture
def book(root, tmp_path) -> Path:
    """A checkout of one chapter."""
    made = checkout(root, tmp_path / "book")
    write_chapter(made, "open_benchmark/index", "print('fine')")
    return made


def here(book: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    """Call the command in this process."""
    monkeypatch.setenv("NQP_ROOT", str(book))
    return CliRunner().invoke(main, words)


def test_the_second_command_says_who_holds_the_checkout_and_a_killed_one_holds_nothing(book, monkeypatch):
    write_chapter(book, "open_benchmark/index", SLEEP)
    running = start(book, "run", "--jobs", "1")
    assert wait_for(lambda: folders(book))
    for command in ("build", "run", "verify"):
        refused = here(book, monkeypatch, command)
        assert refused.exit_code == 1
        assert f"Error: process {running.pid} (`nqp run --jobs 1`, since 2" in refused.stderr
        assert f"works in {book}; wait until it ends, or end it" in refused.stderr
        assert len(refused.stderr.splitlines()) == 1
    assert here(book, monkeypatch, "list").exit_code == 0
    running.kill()
    running.communicate()
    assert wait_for(lambda: processes(book) == [])
    write_chapter(book, "open_benchmark/index", "print('fine')")
    assert nqp(book, "build").returncode == 0


def test_a_missing_lock_file_is_one_line(book, monkeypatch):
    (book / "requirements.lock").unlink()
    for command in ("run", "build", "verify"):
        ended = here(book, monkeypatch, command)
        assert ended.exit_code == 1
        said = "`git checkout requirements.lock` or `make lock`"
        assert ended.stderr.splitlines() == [f"Error: {book} has no requirements.lock: {said}"]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (
            errno.ENOSPC,
            "No space left on device; free some space; what was finished is kept, then run it again",
        ),
        (errno.EROFS, "copy the checkout to where you may write, then run it again"),
        (errno.EACCES, "copy the checkout to where you may write, then run it again"),
    ],
)
def test_what_the_disk_refuses_is_one_line_and_leaves_nothing_half_written(book, monkeypatch, number, said):
    write = Path.write_text

    def refuse(path: Path, text: str, **how: str) -> int:
        if not path.name.endswith(".ipynb.part") or "build" in path.parts:
            return write(path, text, **how)
        write(path, text[:20], **how)
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "write_text", refuse)
    ended = here(book, monkeypatch, "run", "--jobs", "1")
    assert ended.exit_code == 1
    last = ended.stderr.splitlines()[-1]
    assert last.startswith("Error: ")
    assert last.endswith(said)
    assert "Traceback" not in ended.output
    assert not list(book.rglob("*.part"))
    assert not (book / "book" / "open_benchmark" / "index.ipynb").exists()


def test_a_home_that_cannot_be_written_changes_no_page(book):
    write_chapter(book, "open_benchmark/index", "import matplotlib.pyplot as plt\n\nprint(plt.__name__)")
    assert nqp(book, "run").returncode == 0
    page = book / "book" / "open_benchmark" / "index.ipynb"
    first = page.read_bytes()
    source, pair = (book / place / "open_benchmark" / "index" for place in ("notebooks", "build/ipynb"))
    when = source.with_suffix(".md").stat().st_mtime_ns
    os.utime(pair.with_suffix(".ipynb"), ns=(when, when))  # in step
    ended = nqp(
        book, "run", "--force", HOME="/dev/null", MPLCONFIGDIR="", XDG_CACHE_HOME="", XDG_CONFIG_HOME=""
    )
    assert ended.returncode == 0, ended.stderr
    assert page.read_bytes() == first


@pytest.mark.skipif(shutil.which("make") is None, reason="no make")
def test_make_says_what_is_missing_and_needs_no_home(root, tmp_path):
    for name in ("Makefile", "requirements-uv.txt", "pyproject.toml"):
        shutil.copy(root / name, tmp_path)
    ended = subprocess.run(["make", "book"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert "requirements.lock is missing: bring it back with `git checkout requirements.lock`" in ended.stderr
    shutil.copy(root / "requirements.lock", tmp_path)
    for home, kept in ((tmp_path, ""), (Path("/dev/null/nowhere"), "1")):
        show = 'include Makefile\nshow:\n\t@echo "[$$UV_NO_CACHE]"\n'
        how = {"input": show, "cwd": tmp_path, "capture_output": True, "text": True, "check": True}
        environment = {"PATH": os.environ["PATH"], "HOME": str(home)}
        ended = subprocess.run(["make", "-s", "-f", "-", "show"], env=environment, **how)
        assert ended.stdout.strip().endswith(f"[{kept}]")
        assert ("cannot be written; downloads are not kept" in ended.stderr) == bool(kept)
