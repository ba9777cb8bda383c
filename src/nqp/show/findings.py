"""Findings on printed numbers as HTML: a card an issue, and a table of all of them."""

from html import escape

import pandas as pd

from nqp.show.html import Html, grid
from printcheck import KINDS, VERDICTS
from printcheck.report import issues

COLUMNS = ("check", "printed numbers that enter", "implied by them", "printed", "verdict")
SHOWN = 3  # findings of an issue that its card shows whole
STRENGTH = ("inconsistent", "cannot tell", "measured", "consistent")


def finding_cards(findings: pd.DataFrame, paper: str = "") -> Html:
    """Return one card an issue by rank: what it means, its strongest findings with their inputs, what would settle it.

    Findings are rows of `nqp.evidence.findings`; those without an issue are left out. `paper` goes into anchors.
    """
    ranked, groups = issues(findings), dict(list(findings.groupby("issue")))
    cards = [_card(one, groups[one.issue], paper) for one in ranked.itertuples()]
    return Html(f'<div class="nqp-findings">{"".join(cards)}</div>')


def _card(issue: tuple, findings: pd.DataFrame, paper: str) -> str:
    ordered = findings.sort_values("verdict", key=lambda v: v.map(STRENGTH.index), kind="stable")
    shown = [_finding(row) for row in ordered.head(SHOWN).itertuples()]
    rest = ordered["verdict"].iloc[SHOWN:].value_counts()
    more = ", ".join(f"{rest[name]} {name}" for name in VERDICTS if name in rest)
    parts = [
        *(("Finding", text) for text in shown),
        ("More findings", more),
        ("Would settle it", escape(issue.resolve)),
    ]
    listed = "".join(f"<dt>{name}</dt><dd>{text}</dd>" for name, text in parts if text)
    anchor = escape("-".join(filter(None, ("issue", paper, issue.issue))))
    return (
        f'<article class="nqp-finding" id="{anchor}"><p class="nqp-finding-head">'
        f"{_badge(issue.verdict)} <strong>{escape(issue.title)}.</strong> {escape(issue.matters)}</p>"
        f"<dl>{listed}</dl></article>"
    )


def _finding(row: tuple) -> str:
    assumes = f" Assumes: {escape(row.assumes)}" if row.assumes else ""
    doubt = f" Doubt in our transcription: {escape(row.doubt)}" if row.doubt else ""
    return (
        f"{_badge(row.verdict)} {escape(row.sentence)}<br>{_inputs(row.inputs)}<br><small>{escape(row.formula)}"
        f" <em>({escape(row.reference)})</em>{assumes}{doubt}</small>"
    )


def finding_table(findings: pd.DataFrame, caption: str) -> Html:
    """Return every finding of `nqp.evidence.findings` as a row of one table, which a script of the book filters."""
    rows = [_row(row) for row in findings.itertuples()]
    return Html(
        f'<div class="nqp-filterable">{grid("nqp-table nqp-all-findings", caption, COLUMNS, rows)}</div>'
    )


def _row(row: tuple) -> str:
    kind = escape(KINDS[row.kind])
    doubt = f"<br><small>Doubt in our transcription: {escape(row.doubt)}</small>" if row.doubt else ""
    issue = f"<br><small>{escape(row.title)}</small>" if row.issue else ""
    return (
        f'<tr data-verdict="{escape(row.verdict)}" data-kind="{kind}">'
        f'<th scope="row">{escape(row.name.replace("_", " "))}<br><small>{kind}</small></th>'
        f'<td class="text">{_inputs(row.inputs)}{doubt}</td><td class="text">{escape(row.implied)}</td>'
        f'<td class="text">{escape(row.printed) or "–"}</td><td class="text">{_badge(row.verdict)}{issue}</td></tr>'
    )


def _inputs(inputs: str) -> str:
    return "; ".join(f"<code>{escape(one)}</code>" for one in inputs.split("; "))


def _badge(verdict: str) -> str:
    return f'<span class="nqp-verdict nqp-{verdict.split()[0]}">{escape(verdict)}</span>'


def folded(summary: str, *inside: Html) -> Html:
    """Put tables behind a line that opens on a click."""
    return Html(
        f'<details class="nqp-scorecard"><summary>{escape(summary)}</summary>{"".join(map(str, inside))}</details>'
    )
