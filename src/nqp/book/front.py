"""Pages made from what folders, ledger and audits say: one for each paper, and the list for the first page."""

from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from nqp.book.chapters import Chapter, all_chapters
from nqp.book.contents import PAGE
from nqp.book.ledgers import read_ledger
from nqp.book.minutes import minutes
from nqp.evidence.findings import audited, findings
from nqp.evidence.published import all_published
from nqp.evidence.scorecard import each_once
from nqp.evidence.verdicts import VERDICTS
from nqp.papers import Paper, papers
from nqp.paths import book_dir, write_changed
from nqp.show import table, verdict_bars
from printcheck import VERDICTS as AUDIT_VERDICTS
from printcheck.report import checked, issues

LIST = "_made/papers.md"  # included by the first page
ISSUES = 3
REAL = ("open", "licensed")  # kinds of evidence that rest on data somebody observed


def write_front() -> None:
    """Write the page of each paper and the list of papers below ``book/``, where they are not so already."""
    templates = FileSystemLoader(Path(__file__).parent / "templates" / "pages")
    pages = Environment(loader=templates, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    numbers, ledger = all_published(), read_ledger()
    found = {slug: findings(slug) for slug in audited()}
    made = {}
    for slug, one in papers().items():
        own = numbers[numbers["study"] == slug]
        made[slug] = _facts(one, own, ledger[ledger["study"] == slug], found.get(slug))
        write_changed(book_dir() / slug / f"{PAGE}.md", pages.get_template("paper.md").render(made[slug]))
    count = [(one["paper"], one["state"], one["met"]) for one in made.values()]
    states = list(pd.Series([state for _, state, _ in count]).value_counts(sort=False).items())
    write_changed(book_dir() / LIST, pages.get_template("papers.md").render(count=count, states=states))


def _facts(
    one: Paper, numbers: pd.DataFrame, ledger: pd.DataFrame, found: pd.DataFrame | None
) -> dict[str, Any]:
    """Gather what a page says of a paper."""
    chapters = [c for c in all_chapters() if c.study == one.slug]
    counted = each_once(numbers, ledger)
    real = ledger.loc[ledger["evidence"].isin(REAL), "verdict"].value_counts()
    met = ledger.loc[ledger["id"].isin(numbers["id"]), "id"].nunique()
    reached = 0 if found is None else len(checked(found))
    state, said = _state(one, bool(met), found is not None), f"{met} of {len(numbers)} with a verdict"
    caption = "Each printed number once, by its strongest evidence: the same data or public facts, then an open proxy, then a twin"
    return {
        "paper": one,
        "cited": f"{{{one.cite}," in (book_dir() / "references.bib").read_text(encoding="utf-8"),
        "state": state,
        "met": said if met else f"{reached} of {len(numbers)} checked by the audit",
        "verdicts": verdict_bars(counted.set_axis(["printed numbers"]), caption) if len(counted) else "",
        "audit": "" if found is None else _audit_bar(found),
        "real": [(verdict, real[verdict]) for verdict in VERDICTS if verdict in real],
        "headline": _headline(one, numbers, ledger),
        "issues": [] if found is None else list(issues(found).head(ISSUES).itertuples()),
        "chapters": [(_title(c), c.slug, *minutes(c)) for c in chapters],
    }


def _state(one: Paper, met: bool, has_audit: bool) -> str:
    if met:
        return "replicated on its own data" if one.open_data else "replicated in method"
    return "audited only" if has_audit else "entered only"


def _audit_bar(found: pd.DataFrame) -> str:
    counts = found["verdict"].value_counts().reindex(AUDIT_VERDICTS, fill_value=0)
    caption = "Findings of the audit: printed numbers compared with one another"
    return str(verdict_bars(counts.rename("findings").to_frame().T, caption))


def _headline(one: Paper, numbers: pd.DataFrame, ledger: pd.DataFrame) -> str:
    """Return the numbers by which a paper is known, beside what real data give."""
    real = ledger[ledger["id"].isin(one.headline) & ledger["evidence"].isin(REAL)]
    named = numbers.assign(printed=numbers["printed"] + numbers["stars"].map(lambda n: "*" * int(n or 0)))
    rows = real.merge(named[["id", "outcome", "term", "printed"]], on="id")
    shown = rows[["term", "outcome", "printed", "replicated", "evidence", "verdict"]]
    names = {"term": "effect of", "outcome": "on", "replicated": "computed"}
    return str(table(shown.rename(columns=names), "The headline number", digits=4, index=False))


def _title(chapter: Chapter) -> str:
    lines = chapter.source.read_text(encoding="utf-8").splitlines()
    return next((line.removeprefix("# ") for line in lines if line.startswith("# ")), chapter.section)
