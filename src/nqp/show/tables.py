"""Frames as accessible tables: a caption that says what they show, numbers to the right, words to the left."""

from html import escape
from typing import Any

import pandas as pd

from nqp.show.html import Html, grid


def table(frame: pd.DataFrame, caption: str, *, digits: int = 3, index: bool = True) -> Html:
    """Return a frame as an HTML table; the caption says what it shows, and with which kind of evidence.

    Floats are rounded to `digits`, missing cells become a dash. With `index`, row labels come first, a column a level.
    """
    labels = frame.index.nlevels if index else 0
    shown = frame.reset_index() if index else frame
    names = [*([n or "" for n in frame.index.names] if index else []), *frame.columns]
    rows = [_row(row, labels, digits) for row in shown.itertuples(index=False, name=None)]
    return grid("nqp-table", caption, map(str, names), rows)


def _row(cells: tuple[Any, ...], labels: int, digits: int) -> str:
    head = "".join(f'<th scope="row">{_text(v, digits)}</th>' for v in cells[:labels])
    body = "".join(
        f'<td class="text">{_text(v, digits)}</td>' if isinstance(v, str) else f"<td>{_text(v, digits)}</td>"
        for v in cells[labels:]
    )
    return f"<tr>{head}{body}</tr>"


def _text(value: Any, digits: int) -> str:
    if isinstance(value, str):
        return escape(value)
    if pd.isna(value):
        return "–"
    text = f"{value:.{digits}f}" if isinstance(value, float) else str(value)
    return text.replace("-", "\u2212")


def scorecard_table(numbers: pd.DataFrame, ledger: pd.DataFrame, audited: pd.Series | None = None) -> Html:
    """Return one folded list a printed table: each number with its verdict, linked to the cell in its chapter.

    Printed numbers have ``study, chapter, table, id, printed``; `ledger` is the collected one; `audited` is what the
    audit says of a number, indexed by study and id (see `printcheck.report.states`).
    """
    said = {} if audited is None else audited.to_dict()
    verdicts = ledger.groupby(["study", "id"], sort=False)["verdict"].agg(", ".join).to_dict()
    parts = []
    for (study, chapter, name), group in numbers.groupby(["study", "chapter", "table"], sort=False):
        met = sum((study, number) in verdicts for number in group["id"])
        cells = "".join(
            _cell_link(study, chapter, row, verdicts.get((study, row.id)), said.get((study, row.id)))
            for row in group.itertuples()
        )
        title = f"{study} / {chapter} / {name}: {met} of {len(group)} with a verdict"
        parts.append(
            f"<details><summary>{escape(title)}</summary><ul class='nqp-cells'>{cells}</ul></details>"
        )
    return Html(f'<div class="nqp-scorecard">{"".join(parts)}</div>')


def _cell_link(study: str, chapter: str, row: Any, verdict: str | None, audited: str | None) -> str:
    name = f"<code>{escape(row.id)}</code>"
    if verdict:
        name = f'<a href="../{study}/{chapter}.html#{escape(row.id)}">{name}</a>'
    said = f"{verdict or 'none yet'}{f'; audit: {audited}' if audited else ''}"
    return f"<li>{name} {escape(row.printed)} <em>{escape(said)}</em></li>"
