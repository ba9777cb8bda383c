"""Compile the executed chapters into a browsable book with Jupyter Book."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from nqp.book.chapters import all_chapters
from nqp.book.contents import pages, write_contents
from nqp.book.keys import hash_files
from nqp.paths import book_dir, build_dir, root


class BuildFailed(Exception):
    """The book could not be compiled whole."""


def html_dir() -> Path:
    """Return where the compiled pages land."""
    return build_dir() / "_build" / "html"


def compile_book() -> bool:
    """Compile the book unless nothing changed; warnings are errors. Return whether there was anything to do.

    Raises
    ------
    BuildFailed
        When a page of the table of contents has no source, Sphinx warns, or a page is missing from the result.
    """
    _check_sources()
    key = _key()
    mark = html_dir() / ".nqp-key"
    if mark.is_file() and mark.read_text(encoding="utf-8") == key and not _missing():
        return False
    mark.unlink(missing_ok=True)
    _jupyter_book()
    if missing := _missing():
        raise BuildFailed(f"the compiled book lacks {', '.join(missing)}")
    mark.write_text(key, encoding="utf-8")
    return True


def _check_sources() -> None:
    if write_contents():
        print("_toc.yml did not follow from the folders; it was written anew", file=sys.stderr)
    absent = [p for p in pages() if not any((root() / f"{p}{s}").is_file() for s in (".md", ".ipynb"))]
    if absent:
        raise BuildFailed(f"pages without a source: {', '.join(absent)}; execute them with `nqp run`")


def _missing() -> list[str]:
    return [p for p in pages() if not (html_dir() / f"{p}.html").is_file()] + (
        [] if (html_dir() / "index.html").is_file() else ["index.html"]
    )


def _key() -> str:
    """Hash of all that Sphinx reads."""
    left_out = {"mathjax", "__pycache__"}  # too large to matter; written by the build itself
    book = [p for p in book_dir().rglob("*") if p.is_file() and not left_out & set(p.parts)]
    texts = [c.source for c in all_chapters()]
    single = ("_config.yml", "_toc.yml", "requirements.lock", "benchmarks/RESULTS.md")
    return hash_files([*book, *texts, *(root() / name for name in single if (root() / name).is_file())])


def _jupyter_book() -> None:
    log = build_dir() / "compile.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    # Sphinx compares times, not contents; pages whose chapters went back to older bytes need a fresh start
    shutil.rmtree(build_dir() / "_build", ignore_errors=True)
    program = str(Path(sys.executable).with_name("jupyter-book"))
    command = [
        program,
        "build",
        ".",
        "--path-output",
        str(build_dir()),
        "-W",
        "-n",
        "--keep-going",
        "--quiet",
    ]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", "NO_COLOR": "1"}
    with log.open("w", encoding="utf-8") as out:
        ended = subprocess.run(
            command, cwd=root(), stdout=out, stderr=subprocess.STDOUT, env=environment, check=False
        )
    if ended.returncode:
        said = [
            line
            for line in log.read_text(encoding="utf-8").splitlines()
            if "WARNING" in line or "ERROR" in line
        ]
        (html_dir() / "index.html").unlink(missing_ok=True)
        raise BuildFailed(
            "Jupyter Book stopped, and a warning counts as an error:\n  "
            + "\n  ".join(said or log.read_text(encoding="utf-8").splitlines()[-15:])
            + f"\n  The whole log: {log.relative_to(root())}"
        )
