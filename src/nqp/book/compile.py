"""Compile the executed chapters into a browsable book with Jupyter Book."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from nqp.book.chapters import all_chapters
from nqp.book.contents import pages, write_contents
from nqp.book.front import write_front
from nqp.book.minutes import MEASURED
from nqp.book.processes import FOLLOW
from nqp.papers import Refusal
from nqp.paths import book_dir, build_dir, root, write_whole
from nqp.reads import digest, state

MARK = ".nqp-key"


class BuildFailed(Refusal):
    """The book could not be compiled whole."""


def html_dir() -> Path:
    """Return where the compiled pages land."""
    return build_dir() / "_build" / "html"


def compile_book() -> bool:
    """Compile the book, with warnings as errors, unless nothing changed; return whether anything was to do."""
    if write_contents():
        print("_toc.yml did not follow from the folders; it was written anew", file=sys.stderr)
    write_front()
    absent = [p for p in pages() if not any((root() / f"{p}{s}").is_file() for s in (".md", ".ipynb"))]
    if absent:
        raise BuildFailed(f"pages without a source: {', '.join(absent)}; execute them with `nqp run`")
    key, staged = _key(), _staging() / "html"
    if _compiled(html_dir()) == key:
        return False
    if not _compiled(staged):  # the last one was stopped or failed
        shutil.rmtree(_staging(), ignore_errors=True)
    (staged / MARK).unlink(missing_ok=True)
    _jupyter_book()
    if missing := _missing(staged):
        raise BuildFailed(f"the compiled book lacks {', '.join(missing)}")
    write_whole(staged / MARK, key)
    _put_in_place(staged)
    return True


def _staging() -> Path:
    """Return where Sphinx works, apart from the pages that readers see."""
    return build_dir() / "staging" / "_build"


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


def _compiled(html: Path) -> str:
    """Return the key that pages were compiled with; nothing where there is none, or a page is missing."""
    mark = html / MARK
    return mark.read_text("utf-8", "replace") if mark.is_file() and not _missing(html) else ""


def _key() -> str:
    """Hash of all that Sphinx reads."""
    left_out = {"mathjax", "__pycache__"}  # too large to matter; written by the build itself
    book = [p for p in book_dir().rglob("*") if p.is_file() and not left_out & set(p.parts)]
    names = [p.relative_to(root()).as_posix() for p in (*book, *(c.source for c in all_chapters()))]
    single = ("_config.yml", "_toc.yml", "requirements.lock", "benchmarks/RESULTS.md", f"data/{MEASURED}")
    return digest({name: state(name) for name in (*names, *single)})


def _jupyter_book() -> None:
    log = build_dir() / "compile.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    program = [sys.executable, "-c", f"{FOLLOW}\nfrom jupyter_book.cli.main import main\nmain()"]
    options = ["--path-output", str(_staging().parent), "-W", "-n", "--keep-going", "--quiet"]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", "NO_COLOR": "1"}
    with log.open("w", encoding="utf-8") as out:
        how = {"cwd": root(), "env": environment, "stdout": out, "stderr": subprocess.STDOUT}
        ended = subprocess.run([*program, "build", ".", *options], check=False, **how)
    if ended.returncode:
        lines = log.read_text(encoding="utf-8").splitlines()
        said = [line for line in lines if "WARNING" in line or "ERROR" in line]
        raise BuildFailed(
            "Jupyter Book stopped, and a warning counts as an error:\n  "
            + "\n  ".join(said or lines[-15:])
            + f"\n  The whole log: {log.relative_to(root())}. The last book that was compiled whole stays"
        )
