"""Findings of the audit: cards for those that change a reading, a table for all of them, and plain text."""

from html import escape
from textwrap import fill, indent
from typing import TYPE_CHECKING

import pandas as pd

from nqp.show.comparison import Html

if TYPE_CHECKING:
    from nqp.evidence.audit import Audit

COLUMNS = ("check", "printed numbers that enter", "implied by them", "printed", "verdict")


def finding_cards(findings: pd.DataFrame) -> Html:
    """Return one card a finding: what it changes, its inputs, formula, result, and what would settle it.

    Parameters
    ----------
    findings : rows of `nqp.evidence.audit.Audit.findings`
    """
    return Html(f'<div class="nqp-findings">{"".join(_card(row) for row in findings.itertuples())}</div>')


def _card(row: tuple) -> str:
    parts = [
        ("Result", escape(row.sentence)),
        ("Inputs", _inputs(row.inputs)),
        ("Formula", f"{escape(row.formula)} <em>({escape(row.reference)})</em>"),
        ("Assumes", escape(row.assumes)),
        ("Would settle it", escape(row.resolve)),
        ("Doubt in our transcription", escape(row.doubt)),
    ]
    listed = "".join(f"<dt>{name}</dt><dd>{text}</dd>" for name, text in parts if text)
    return (
        f'<article class="nqp-finding"><p class="nqp-finding-head">{_badge(row.verdict)} {escape(row.matters)}</p>'
        f"<dl>{listed}</dl></article>"
    )


def finding_table(findings: pd.DataFrame, caption: str) -> Html:
    """Return every finding in one table with a row a finding; a script of the book adds filters above it.

    Parameters
    ----------
    findings : rows of `nqp.evidence.audit.Audit.findings`
    caption : what the table shows
    """
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in COLUMNS)
    body = "".join(_row(row) for row in findings.itertuples())
    return Html(
        f'<div class="nqp-filterable"><div class="nqp-scroll"><table class="nqp-table nqp-all-findings">'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></div>"
    )


def _row(row: tuple) -> str:
    kind = escape(row.topic)
    doubt = f"<br><small>Doubt in our transcription: {escape(row.doubt)}</small>" if row.doubt else ""
    return (
        f'<tr data-verdict="{escape(row.verdict)}" data-kind="{kind}">'
        f'<th scope="row">{escape(row.name.replace("_", " "))}<br><small>{kind}</small></th>'
        f'<td class="text">{_inputs(row.inputs)}{doubt}</td><td class="text">{escape(row.implied)}</td>'
        f'<td class="text">{escape(row.printed) or "–"}</td><td class="text">{_badge(row.verdict)}</td></tr>'
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


def audit_text(one: "Audit", width: int = 100) -> str:
    """Return an audit as plain text: coverage, the findings that change a reading, then one line a finding."""
    cover = one.coverage
    lines = [
        f"{one.study}: {cover.total} printed numbers, {cover.checked} checked,"
        f" {len(cover.out_of_reach)} out of reach of every check",
        "",
    ]
    for row in one.headlines.itertuples():
        lines.append(fill(f"[{row.verdict}] {row.matters}", width))
        said = [
            ("", row.sentence),
            ("inputs: ", row.inputs),
            ("formula: ", row.formula),
            ("assumes: ", row.assumes),
            ("would settle it: ", row.resolve),
            ("doubt in our transcription: ", row.doubt),
        ]
        lines += [indent(fill(name + text, width - 4), "    ") for name, text in said if text]
        lines.append("")
    lines += [
        f"{row.verdict:<13}{row.table:<5} {row.name:<24} {'; '.join(row.ids[:3])}{' ...' if len(row.ids) > 3 else ''}"
        f" | implied {row.implied} | printed {row.printed or '-'}"
        for row in one.findings.itertuples()
    ]
    reasons = cover.out_of_reach.groupby("why", sort=False)["id"].agg(list)
    lines += ["", "out of reach:"]
    lines += [
        fill(f"{len(ids)}: {why} ({', '.join(ids)})", width, subsequent_indent="    ")
        for why, ids in reasons.items()
    ]
    return "\n".join(lines)
