"""A copied checkout acts on itself; the code of another one refuses to."""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def nqp(at: Path, code: Path, *words: str, **more: str) -> subprocess.CompletedProcess:
    """Call the command in a working directory with the code of a checkout."""
    environment = {k: v for k, v in os.environ.items() if k != "NQP_ROOT"}
    # a reader's machine writes bytecode; here it would count as an edit
    environment |= {"PYTHONPATH": str(code / "src"), "PYTHONDONTWRITEBYTECODE": "1", **more}
    command = [sys.executable, "-c", "from nqp.cli import main; main()", *words]
    return subprocess.run(command, cwd=at, env=environment, capture_output=True, text=True, check=False)


def files(book: Path) -> dict[str, bytes]:
    """Return what a checkout holds."""
    held = {p.relative_to(book).as_posix(): p.read_bytes() for p in book.rglob("*") if p.is_file()}
    return {name: content for name, content in held.items() if name != "build/running"}  # who ran last


def test_a_copy_of_a_built_checkout_runs_nothing_and_edits_nothing(book, root, tmp_path):
    shutil.copytree(
        root / "src", book / "src", ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True
    )
    built = nqp(book, book, "build")
    assert built.returncode == 0, built.stderr
    copy, before = tmp_path / "copy", files(book)
    shutil.copytree(book, copy, copy_function=shutil.copyfile)  # with other times, in any order
    again = nqp(copy / "data", copy, "build")
    assert "0 chapters executed" in again.stderr
    assert again.stdout.strip() == str(copy / "build" / "_build" / "html" / "index.html")
    assert files(copy) == files(book) == before

    other = nqp(copy / "notebooks", book, "build")
    assert other.returncode == 1
    said = f"Error: you are in the checkout {copy}, but this command acts on {book}: use {copy}/.venv/bin/nqp"
    assert other.stderr.startswith(said)
    assert other.stderr.count("\n") == 1
    assert nqp(copy, book, "list", NQP_ROOT=str(book)).returncode == 0
    assert nqp(tmp_path, book, "list").returncode == 0
