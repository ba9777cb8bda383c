"""Killed at any moment, a build leaves nothing that the next one trips over, and edits nothing."""

import hashlib
import random
import time
from pathlib import Path

from checkouts import checkout, folders, nqp, processes, start, wait_for, write_chapter

KILLS, SECONDS = 10, 6.0


def sources(book: Path) -> dict[str, str]:
    """Return the hashes of what a build must not edit."""
    papers = tuple(f"book/{path.name}/" for path in (book / "data" / "papers").iterdir())
    made = ("build/", "book/ledger.csv", "book/_made/", *papers, "_toc.yml")
    files = {p.relative_to(book).as_posix(): p for p in book.rglob("*") if p.is_file()}
    kept = {n: p for n, p in files.items() if not n.startswith(made) and "__pycache__" not in n}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in kept.items()}


def test_ten_builds_killed_at_random_moments(root, tmp_path):
    book = checkout(root, tmp_path / "book")
    for slug in ("open_benchmark/index", "open_benchmark/baseline", "cluster_pilot/index"):
        write_chapter(book, slug, "from nqp.data import open_panel\n\nprint(len(open_panel()))")
    before = sources(book)
    moments = random.Random(20260101)
    for _ in range(KILLS):
        running = start(book, "build", "--jobs", "2")
        time.sleep(moments.uniform(0.2, SECONDS))
        running.kill()
        running.communicate()
        assert wait_for(lambda: processes(book) == [], 15), [one.cmdline() for one in processes(book)]
        assert sources(book) == before
        for text in ("index", "baseline"):  # so that the next one has something to do
            path = book / "book" / "open_benchmark" / f"{text}.ipynb"
            path.unlink(missing_ok=True)
    ended = nqp(book, "build")
    assert ended.returncode == 0, ended.stderr
    assert sources(book) == before
    assert processes(book) == []
    assert folders(book) == []
    assert not list(book.rglob("*.part"))
    html = book / "build" / "_build" / "html"
    for page in ("intro", "open_benchmark/index", "open_benchmark/baseline", "cluster_pilot/index"):
        assert (html / "book" / f"{page}.html").is_file()
    assert "0 chapters executed" in nqp(book, "build").stderr
