"""Pages made from what folders, ledger and audits say: one for each paper, and the list for the first page."""

from collections import Counter
from typing import Any

import pandas as pd

from nqp.book.chapters import all_chapters
from nqp.book.contents import PAGE, pages
from nqp.book.ledgers import read_ledger
from nqp.book.minutes import minutes
from nqp.book.render import render
from nqp.evidence.findings import audited, findings
from nqp.evidence.published import all_published, symbols
from nqp.evidence.scorecard import SHARE, scorecard
from nqp.papers import Paper, papers
from nqp.paths import book_dir, write_changed
from nqp.show import Html, verdict_bars
from printcheck import VERDICTS as AUDIT_VERDICTS
from printcheck.report import COLUMNS, checked, issues

CAPTION = "Each printed number once, by its strongest evidence: same data or public facts, open proxy, SYNTHETIC twin"


def write_front() -> None:
    """Write the page of each paper, and the list that the first page includes, where they are not so already."""
    numbers, ledger = all_published(), read_ledger()
    made = []
    for slug, one in papers().items():
        made.append(facts_of(one, *(frame[frame["study"] == slug] for frame in (numbers, ledger))))
        write_changed(book_dir() / slug / f"{PAGE}.md", render("pages/paper.md", **made[-1]))
    listed = {"papers": made, "states": Counter(facts["state"] for facts in made)}
    write_changed(book_dir() / "_made" / "papers.md", render("pages/papers.md", **listed))


def facts_of(one: Paper, numbers: pd.DataFrame, ledger: pd.DataFrame) -> dict[str, Any]:
    """Gather what pages say of a paper, from its printed numbers and its part of the ledger."""
    ledger = ledger[ledger["id"].isin(numbers["id"])]
    chapters = [c for c in all_chapters() if c.study == one.slug]
    real = ledger[ledger["evidence"] == "open"]
    found = findings(one.slug) if one.slug in audited() else pd.DataFrame(columns=COLUMNS)
    entries = "".join(path.read_text(encoding="utf-8") for path in book_dir().glob("*.bib"))
    state = "replicated on its own data" if one.open_data else "replicated in method"
    if ledger.empty:
        state = "entered only" if found.empty else "audited only"
    return {
        "paper": one,
        "names": symbols(one),
        "cited": f"{{{one.cite}," in entries,
        "pages": pages(),
        "state": state,
        "numbers": len(numbers),
        "with_verdict": ledger["id"].nunique(),
        "checked": len(checked(found)),
        "bars": _bars(numbers, ledger, found),
        "real": real["verdict"].value_counts().to_dict(),
        "headline": list(real[real["id"].isin(one.headline)].merge(numbers, on="id").itertuples()),
        "ledger": ledger,
        "findings": found,
        "issues": list(issues(found).itertuples()),
        "chapters": [(c.source.read_text(encoding="utf-8"), c.slug, *minutes(c)) for c in chapters],
    }


def _bars(numbers: pd.DataFrame, ledger: pd.DataFrame, found: pd.DataFrame) -> Html:
    card = scorecard(numbers, ledger, by=("study",)).drop(columns=["printed", "with verdict", SHARE])
    counted = {"printed numbers": card.sum(), "findings of the audit": found["verdict"].value_counts()}
    rows = pd.DataFrame(counted).T.reindex(columns=[*card, *AUDIT_VERDICTS])
    return verdict_bars(rows.fillna(0).astype(int), CAPTION)
