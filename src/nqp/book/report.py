"""What an editor asks of a replication: what was run, on what, with which verdicts, and what could not be checked."""

import os
import platform
import re
import shutil
import subprocess
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pandas as pd

from nqp.book.chapters import Chapter, all_chapters
from nqp.book.front import facts_of
from nqp.book.keys import stored
from nqp.book.ledgers import collect
from nqp.book.private import public
from nqp.book.render import render
from nqp.book.run import state
from nqp.book.verify import compare, reference
from nqp.data.spreadsheet import safe_csv
from nqp.evidence.findings import audited, out_of_reach
from nqp.evidence.published import all_published, symbols
from nqp.evidence.scorecard import NONE_YET
from nqp.manifest import load_manifest
from nqp.papers import Paper
from nqp.paths import root, write_whole
from nqp.reads import sha256
from nqp.show import finding_cards
from nqp.show.comparison import comparison, verdict_counts
from nqp.show.words import named

ROWS = {"chapter": "run", "data file": "files", "printed number": "judged", "audit issue": "issues"}
ROWS |= {"out of reach of the audit": "beyond"}


def write_report(papers: list[Paper], page: Path) -> None:
    """Write a replication report as a page and, beside it, as CSV, where the column ``row`` says what a row is about.

    Of executed chapters it takes the ledgers alone, so that it holds nothing of single units of a licensed file.
    """
    numbers, ledger, environment = all_published(), collect(), _environment()
    made = [_of(one, *(rows[rows["study"] == one.slug] for rows in (numbers, ledger))) for one in papers]
    ways = {"counts": verdict_counts, "cards": finding_cards, "compare": comparison}
    facts = {"title": f"Replication report: {page.stem}", "papers": made, "environment": environment}
    write_whole(page, render("alone/report.html", **facts, **ways))
    parts = [pd.DataFrame(environment).assign(row="environment", study="")]
    for row, name in ROWS.items():
        parts += [pd.DataFrame(one[name]).assign(row=row, study=one["paper"].slug) for one in made]
    safe_csv(pd.concat(parts).set_index(["row", "study"]).reset_index(), page.with_suffix(".csv"))


def _of(one: Paper, numbers: pd.DataFrame, ledger: pd.DataFrame) -> dict[str, Any]:
    """Gather what the report says of a paper, besides what its own page in the book says."""
    chapters = [c for c in all_chapters() if c.study == one.slug]
    used = {f"papers/{one.slug}/{name}" for name in one.files}
    used |= {name.removeprefix("data/") for c in chapters for name in stored(c).get("reads", {})}
    judged = numbers.merge(ledger.drop(columns="section"), on=["study", "id"], how="left")
    beyond = out_of_reach(one.slug) if one.slug in audited() else pd.DataFrame({"id": [], "why": []})
    return {
        **facts_of(one, numbers, ledger),
        "run": list(map(_run, chapters)),
        "files": [asdict(entry) for name, entry in load_manifest().items() if name in used],
        "judged": judged.fillna({"verdict": NONE_YET, "reason": ""}),
        "printed": named(numbers.set_index("id"), symbols(one), str),
        "moved": compare(reference().query("study == @one.slug"), ledger),
        "beyond": beyond,
    }


def _run(chapter: Chapter) -> dict[str, str]:
    """Say how a chapter was executed, but for the path of a licensed file."""
    changed = public(stored(chapter).get("overrides", {}))
    ran = chapter.executed if chapter.executed.is_file() else None
    return {
        "chapter": chapter.slug,
        "state": state(chapter),
        "when": f"{datetime.fromtimestamp(ran.stat().st_mtime):%Y-%m-%d %H:%M}" if ran else "",
        "parameters": ", ".join(f"{name} = {value!r}" for name, value in changed.items()) or "defaults",
        "source": sha256(chapter.source),
        "executed": sha256(ran) if ran else "",
    }


def _environment() -> list[dict[str, str]]:
    """Name the machine, the code and every installed package, each with its version and the locked one."""
    git = ["git", "describe", "--always", "--dirty", "--abbrev=40"]
    how = {"cwd": root(), "capture_output": True, "text": True, "check": False}
    asked = shutil.which("git") and subprocess.run(git, **how).stdout
    lock = root() / "requirements.lock"
    locked = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", lock.read_text(encoding="utf-8"), re.M))
    packages = {re.sub(r"[-_.]+", "-", one.name).lower(): one.version for one in distributions()}
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    own = {
        "machine": f"{platform.platform()}, {os.cpu_count()} cores, {memory:.0f} GB of memory",
        "git commit": (asked or "").strip() or "no git checkout",
        "sha256 of requirements.lock": sha256(lock),
        "python": platform.python_version(),
    }
    versions = [*own.items(), *sorted(packages.items())]
    return [{"name": name, "version": one, "locked": locked.get(name, "")} for name, one in versions]
