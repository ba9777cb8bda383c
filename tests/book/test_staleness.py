"""A change makes those chapters stale that read or imported what was changed, and no other."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chapter_cases import write_chapter
from warm import Warm

READS_PANEL = "from nqp.data import open_panel\n\nprint(len(open_panel()))"
READS_NUMBERS = """import importlib.util
from nqp.evidence.published import published
from nqp.paths import notebooks_dir

spec = importlib.util.spec_from_file_location("plan", notebooks_dir() / "cluster_pilot" / "audit.py")
plan = importlib.util.module_from_spec(spec)
import sys; sys.modules["plan"] = plan
spec.loader.exec_module(plan)
print(len(published("cluster_pilot")))
"""
IMPORTS = "def late():\n    import nqp.index.weights\n\n\nlate()"
READS_ALL = """from nqp.book.ledgers import read_ledger
from nqp.papers import papers

print(len(papers()), len(read_ledger()))
"""
PANEL, NUMBERS = "open_benchmark/index", "cluster_pilot/index"
ROOM, ALL = "cluster_pilot/baseline", "synthesis/scorecard"


STATES = """
from nqp.book.chapters import all_chapters
from nqp.book.run import state

for chapter in all_chapters():
    print(chapter.slug, state(chapter))
"""


def own(book: Path) -> dict[str, str]:
    """Return the environment in which a copy's own code works on the copy."""
    return {**os.environ, "NQP_ROOT": str(book), "PYTHONPATH": str(book / "src")}


def nqp(book: Path, *words: str) -> str:
    """Call the command on a copy, with the copy's own code."""
    command = [str(Path(sys.executable).with_name("nqp")), *words]
    ended = subprocess.run(command, env=own(book), capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def stale(book) -> Iterator[Callable[[], set[str]]]:
    """Return the chapters that are not fresh; `nqp list` would refuse altered data first."""
    warm = Warm("import nqp.book.chapters, nqp.book.run", env=own(book))
    said = book / "states"

    def chapters() -> set[str]:
        with said.open("w") as out:
            how = {"cwd": book, "env": own(book), "stdout": out, "check": False}
            ended = warm.run([sys.executable, "-c", STATES], **how)
        assert ended.returncode == 0, said.read_text()
        states = [line.split()[:2] for line in said.read_text().splitlines()]
        assert {slug for slug, _ in states} >= EVERY
        return {slug for slug, state in states if state != "fresh"}

    assert chapters() == set()
    yield chapters
    warm.close()


@pytest.fixture(scope="module")
def book(tmp_path_factory, root) -> Path:
    """A copy with its own code and four executed chapters."""
    copy = tmp_path_factory.mktemp("stale")
    for name in ("data", "src"):
        shutil.copytree(root / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("_toc.yml", "requirements.lock", "pyproject.toml"):
        shutil.copy(root / name, copy)
    chapters = {PANEL: READS_PANEL, NUMBERS: READS_NUMBERS, ROOM: IMPORTS, ALL: READS_ALL}
    for slug, code in chapters.items():
        write_chapter(copy, *slug.split("/"), code)
    (copy / "notebooks" / "cluster_pilot" / "audit.py").write_text("PLAN = 1\n")
    assert "4 executed" in nqp(copy, "run", "--jobs", "2")
    return copy


EVERY = {PANEL, NUMBERS, ROOM, ALL}


@pytest.mark.parametrize(
    ("file", "who"),
    [
        ("data/papers/cluster_pilot/published.csv", {NUMBERS}),
        ("data/papers/cluster_pilot/twin.yml", set()),
        ("data/papers/cluster_pilot/paper.yml", {NUMBERS, ALL}),
        ("data/papers/dual_pilot/paper.yml", {ALL}),
        ("data/manifest.yml", set()),
        ("notebooks/cluster_pilot/audit.py", {NUMBERS}),
        ("notebooks/cluster_pilot/index.md", {NUMBERS}),
        ("book/ledger.csv", {ALL}),
        ("src/nqp/index/weights.py", {ROOM}),
        ("src/nqp/spatial/sdm.py", set()),
        ("src/nqp/reads.py", EVERY),
        ("src/nqp/book/execute.py", EVERY),
        ("requirements.lock", EVERY),
    ],
)
def test_a_changed_file_makes_its_readers_stale(book, stale, file, who):
    path = book / file
    before = path.read_bytes()
    path.write_bytes(before + b"\n")
    changed = stale()
    path.write_bytes(before)
    assert changed == who


def test_a_file_that_is_gone_makes_its_readers_stale(book, stale):
    path = book / "data" / "open" / "panel.csv"
    aside = path.rename(path.with_name("aside.csv"))
    gone = stale()
    aside.rename(path)
    assert gone == {PANEL}


def test_a_new_paper_makes_those_stale_that_read_all_papers(book, stale):
    nqp(book, "new", "wang_2027")
    written = stale()
    for folder in ("data/papers", "notebooks"):
        shutil.rmtree(book / folder / "wang_2027")
    assert written == {
        ALL,
        *(f"wang_2027/{name}" for name in ("index", "baseline", "robustness", "mechanisms", "spatial")),
    }


def test_an_execution_without_a_record_is_stale(book, stale):
    path = book / "book" / f"{PANEL}.ipynb"
    before = path.read_text()
    path.write_text(before.replace('"reads"', '"read"'))
    without = stale()
    path.write_text(before)
    assert without == {PANEL}
    assert stale() == set()  # every change above was taken back
