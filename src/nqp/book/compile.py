"""Compile the executed chapters into a browsable book with Jupyter Book."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from nqp.book.chapters import all_chapters
from nqp.book.contents import pages, write_contents
from nqp.papers import Refusal
from nqp.paths import book_dir, build_dir, root
from nqp.reads import digest, state


class BuildFailed(Refusal):
    """The book could not be compiled whole."""


def html_dir() -> Path:
    """Return where the compiled pages land."""
    return build_dir() / "_build" / "html"


def compile_book() -> bool:
    """Compile the book, with warnings as errors, unless nothing changed; return whether anything was to do."""
    if write_contents():
        print("_toc.yml did not follow from the folders; it was written anew", file=sys.stderr)
    absent = [p for p in pages() if not any((root() / f"{p}{s}").is_file() for s in (".md", ".ipynb"))]
    if absent:
        raise BuildFailed(f"pages without a source: {', '.join(absent)}; execute them with `nqp run`")
    key, mark = _key().encode(), html_dir() / ".nqp-key"
    if mark.is_file() and mark.read_bytes() == key and not _missing(html_dir()):
        return False
    staged = _jupyter_book()
    if missing := _missing(staged):
        raise BuildFailed(f"the compiled book lacks {', '.join(missing)}")
    (staged / mark.name).write_bytes(key)
    _put_in_place(staged)
    return True


def _put_in_place(staged: Path) -> None:
    """Let readers find the new pages where the last ones were; until all are there, they find the last ones."""
    new, old = (html_dir().with_name(name) for name in ("html.new", "html.old"))
    for left in (new, old):  # by a build that was stopped
        shutil.rmtree(left, ignore_errors=True)
    shutil.copytree(staged, new)
    if html_dir().exists():
        html_dir().rename(old)
    new.rename(html_dir())
    shutil.rmtree(old, ignore_errors=True)


def _missing(html: Path) -> list[str]:
    return [p for p in [*pages(), "index"] if not (html / f"{p}.html").is_file()]


def _key() -> str:
    """Hash of all that Sphinx reads."""
    left_out = {"mathjax", "__pycache__"}  # too large to matter; written by the build itself
    book = [p for p in book_dir().rglob("*") if p.is_file() and not left_out & set(p.parts)]
    names = [p.relative_to(root()).as_posix() for p in (*book, *(c.source for c in all_chapters()))]
    single = ("_config.yml", "_toc.yml", "requirements.lock", "benchmarks/RESULTS.md")
    return digest({name: state(name) for name in (*names, *single)})


def _jupyter_book() -> Path:
    """Compile into a folder of its own and return the one with the pages."""
    staging = build_dir() / "staging"
    log = build_dir() / "compile.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    # Sphinx compares times, not contents; pages whose chapters went back to older bytes need a fresh start
    shutil.rmtree(staging, ignore_errors=True)
    program = str(Path(sys.executable).with_name("jupyter-book"))
    options = ["--path-output", str(staging), "-W", "-n", "--keep-going", "--quiet"]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", "NO_COLOR": "1"}
    with log.open("w", encoding="utf-8") as out:
        how = {"cwd": root(), "env": environment, "stdout": out, "stderr": subprocess.STDOUT}
        ended = subprocess.run([program, "build", ".", *options], check=False, **how)
    if ended.returncode:
        lines = log.read_text(encoding="utf-8").splitlines()
        said = [line for line in lines if "WARNING" in line or "ERROR" in line]
        raise BuildFailed(
            "Jupyter Book stopped, and a warning counts as an error:\n  "
            + "\n  ".join(said or lines[-15:])
            + f"\n  The whole log: {log.relative_to(root())}. The last book that was compiled whole stays"
        )
    return staging / "_build" / "html"
