"""Findings on printed numbers as HTML: a card an issue, and a table of all of them."""

from html import escape

import pandas as pd

from nqp.show.html import Html, grid, rendered
from printcheck import KINDS, VERDICTS
from printcheck.report import issues

COLUMNS = ("check", "printed numbers that enter", "implied by them", "printed", "verdict")
SHOWN = 3  # findings of an issue that its card shows whole
STRENGTH = ("inconsistent", "cannot tell", "measured", "consistent")


def finding_cards(findings: pd.DataFrame, paper: str = "") -> Html:
    """Return one card an issue by rank: what it means, its strongest findings with their inputs, what would settle it.

    Findings are rows of `nqp.evidence.findings`; those without an issue are left out. `paper` goes into anchors.
    """
    groups = dict(list(findings.groupby("issue")))
    cards = [(one, *_strongest(groups[one.issue])) for one in issues(findings).itertuples()]
    return rendered("findings.html", cards=cards, paper=paper)


def _strongest(findings: pd.DataFrame) -> tuple[list[tuple], str]:
    """Return the findings of an issue that its card shows, and how many others have which verdict."""
    ordered = findings.sort_values("verdict", key=lambda v: v.map(STRENGTH.index), kind="stable")
    rest = ordered["verdict"].iloc[SHOWN:].value_counts()
    more = ", ".join(f"{rest[name]} {name}" for name in VERDICTS if name in rest)
    return list(ordered.head(SHOWN).itertuples()), more


def finding_table(findings: pd.DataFrame, caption: str) -> Html:
    """Return every finding of `nqp.evidence.findings` as a row of one table, which a script of the book filters."""
    rows = rendered("findings.html", rows=list(findings.itertuples()), kinds=KINDS)
    table = grid("nqp-table nqp-all-findings", caption, COLUMNS, [str(rows)])
    return Html(f'<div class="nqp-filterable">{table}</div>')


def folded(summary: str, *inside: Html) -> Html:
    """Put tables behind a line that opens on a click."""
    return Html(
        f'<details class="nqp-scorecard"><summary>{escape(summary)}</summary>{"".join(map(str, inside))}</details>'
    )
