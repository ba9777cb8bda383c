"""Tiny checkouts, commands on them, and what these leave behind."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import jupytext
import nbformat
import psutil

SLEEP = "import time\n\nprint('begun', flush=True)\ntime.sleep(120)"


def write_chapter(book: Path, slug: str, *cells: str, parameters: str = "draws = 500") -> None:
    """Write a chapter of code cells."""
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )
    notebook.cells = [
        nbformat.v4.new_markdown_cell(f"# About {slug}"),
        nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        *map(nbformat.v4.new_code_cell, cells),
    ]
    path = book / "notebooks" / f"{slug}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    jupytext.write(notebook, path, fmt="md:myst")


def checkout(root: Path, book: Path) -> Path:
    """Make a checkout without chapters that compiles as the whole book does; temporary files go beside it."""
    for folder in ("data", "book/_extensions", "book/_static"):
        left_out = shutil.ignore_patterns("__pycache__", "mathjax", "raw")
        shutil.copytree(root / folder, book / folder, ignore=left_out)
    for name in ("_config.yml", "_toc.yml", "requirements.lock", "pyproject.toml", "book/references.bib"):
        shutil.copy(root / name, book / name)
    for folder in (book / "src", book / "notebooks", book / "data" / "raw", temporary(book)):
        folder.mkdir()
    for page in ("intro", "evidence"):
        (book / "book" / f"{page}.md").write_text(f"# The page {page}\n\nIts text.\n")
    return book


def temporary(book: Path) -> Path:
    """Return where commands on a checkout put temporary files."""
    return book.with_name(f"{book.name}-tmp")


def start(book: Path, *words: str, **changes: str) -> subprocess.Popen:
    """Start the command on a checkout."""
    environment = {**os.environ, "NQP_ROOT": str(book), "TMPDIR": str(temporary(book)), **changes}
    command = [str(Path(sys.executable).with_name("nqp")), *words]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=book, env=environment, **pipes)


def nqp(book: Path, *words: str, **changes: str) -> subprocess.CompletedProcess:
    """Call the command on a checkout."""
    running = start(book, *words, **changes)
    said = running.communicate()
    return subprocess.CompletedProcess(words, running.returncode, *said)


def folders(book: Path) -> list[str]:
    """Return what commands left among temporary files."""
    return sorted(path.name for path in temporary(book).glob("nqp-*"))


def at_work(book: Path, kernels: int) -> bool:
    """Return whether a command works with so many kernels, and on Linux the process that they are copies of."""
    return len(processes(book)) == 1 + kernels + (sys.platform == "linux")


def processes(book: Path) -> list[psutil.Process]:
    """Return the processes that work on a checkout."""
    found = []
    for one in psutil.process_iter():
        try:
            if one.environ().get("NQP_ROOT") == str(book) and one.status() != psutil.STATUS_ZOMBIE:
                found.append(one)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return [one for one in found if one.pid != os.getpid()]


def wait_for(what: Callable[[], object], seconds: float = 60) -> bool:
    """Wait until something holds; return whether it came to."""
    end = time.monotonic() + seconds
    while not (held := bool(what())) and time.monotonic() < end:
        time.sleep(0.05)
    return held
