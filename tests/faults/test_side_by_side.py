"""Chapters that run at the same time in threads of one process each have their own name, parameters and folder."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from checkouts import checkout, write_chapter

from nqp.book.chapters import Chapter
from nqp.book.execute import execute
from nqp.book.run import run

TELL = """import os, time

seen = []
for _ in range(15):
    seen.append((os.environ["NQP_CHAPTER"], os.environ["NQP_OVERRIDES"], os.environ["NQP_LICENSED_FILE"]))
    time.sleep(0.1)
print(set(seen), draws, os.environ["IPYTHONDIR"] == os.environ["TMPDIR"])
"""
CHAPTERS = [Chapter("open_benchmark", section) for section in ("index", "baseline", "robustness")]


@pytest.fixture
def book(root, tmp_path, monkeypatch) -> Path:
    """A checkout of three chapters that say what they see of their environment."""
    made = checkout(root, tmp_path / "book")
    for chapter in CHAPTERS:
        write_chapter(made, chapter.slug, TELL)
    monkeypatch.setenv("NQP_ROOT", str(made))
    return made


def told(notebook: str) -> str:
    """Return what the last cell printed."""
    return nbformat.reads(notebook, as_version=4).cells[-1].outputs[0].text


def expected(chapter: Chapter, draws: int) -> str:
    """Return what a chapter must see."""
    return f"{{('{chapter.slug}', 'draws={draws}', '')}} {draws} True\n"


def test_two_threads_do_not_exchange_chapters(book):
    before, here = dict(os.environ), Path.cwd()
    with ThreadPoolExecutor(3) as pool:
        calls = [pool.submit(execute, c, {"draws": k}, "", book) for k, c in enumerate(CHAPTERS)]
        while not all(call.done() for call in calls):
            assert dict(os.environ) == before
            assert Path.cwd() == here
            time.sleep(0.01)
    for number, (chapter, call) in enumerate(zip(CHAPTERS, calls, strict=True)):
        assert call.result().error == ""
        assert told(call.result().notebook) == expected(chapter, number)


@pytest.mark.usefixtures("book")
def test_a_worker_with_two_threads_gives_each_chapter_its_own():
    distributed = pytest.importorskip("distributed")
    how = {"n_workers": 1, "threads_per_worker": 2, "processes": True, "dashboard_address": None}
    with distributed.LocalCluster(**how) as cluster:
        done = run(CHAPTERS, {"draws": 7}, cluster=cluster.scheduler_address)
    assert {result.chapter for result in done} == set(CHAPTERS)
    for result in done:
        assert told(result.notebook) == expected(result.chapter, 7)
