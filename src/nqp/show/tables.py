"""Frames as accessible tables: a caption that says what they show, numbers to the right, words to the left."""

from html import escape
from itertools import pairwise
from typing import Any

import pandas as pd

from nqp.show.html import Html, grid, rendered
from nqp.show.words import INTERVAL, words


def table(frame: pd.DataFrame, caption: str, *, digits: int = 3, index: bool = True, name: str = "") -> Html:
    """Return a frame as an HTML table; the caption says what it shows, and with which kind of evidence.

    Floats are rounded to `digits`, one that would round to zero is said to be smaller, missing cells become a dash.
    Usual names become words, and the columns ``conf_low, conf_high`` one interval. With `index`, row labels come first,
    a column a level. The page numbers its tables; ``#name`` leads to this one.
    """
    labels = frame.index.nlevels if index else 0
    shown = frame.reset_index() if index else frame
    names = [*([n or "" for n in frame.index.names] if index else []), *frame.columns]
    columns = [[_text(v, digits) for v in shown.iloc[:, place]] for place in range(len(names))]
    text = {p for p in range(len(names)) if p < labels or any(isinstance(v, str) for v in shown.iloc[:, p])}
    heads = [words(str(one)) for one in names]
    if ("conf_low", "conf_high") in pairwise(names):
        low = names.index("conf_low")
        highs = columns.pop(low + 1)
        columns[low] = [f"[{one}, {high}]" for one, high in zip(columns[low], highs, strict=True)]
        heads[low : low + 2] = [INTERVAL]
        text = {place - (place > low) for place in text}
    rows = [_row(cells, labels, text) for cells in zip(*columns, strict=True)]
    return grid("nqp-table", caption, heads, rows, name=name, text=text)


def _row(cells: tuple[str, ...], labels: int, text: set[int]) -> str:
    head = "".join(f'<th scope="row">{cell}</th>' for cell in cells[:labels])
    body = "".join(
        f'<td class="text">{cell}</td>' if place in text else f"<td>{cell}</td>"
        for place, cell in enumerate(cells[labels:], start=labels)
    )
    return f"<tr>{head}{body}</tr>"


def _text(value: Any, digits: int) -> str:
    if isinstance(value, str):
        return escape(words(value))
    if pd.isna(value):
        return "–"
    if not isinstance(value, float):
        return str(value).replace("-", "\u2212")
    if value and abs(value) < 0.5 * 10.0**-digits:
        return f"&lt; {10.0**-digits:.{digits}f}" if value > 0 else f"&gt; \u2212{10.0**-digits:.{digits}f}"
    return f"{value:.{digits}f}".replace("-", "\u2212")


def scorecard_table(numbers: pd.DataFrame, ledger: pd.DataFrame, audited: pd.Series | None = None) -> Html:
    """Return one folded list a printed table: each number with its verdict, linked to the cell in its chapter.

    Printed numbers have ``study, chapter, table, id, printed``; `ledger` is the collected one; `audited` is what the
    audit says of a number, indexed by study and id (see `printcheck.report.states`).
    """
    said = {} if audited is None else audited.to_dict()
    verdicts = ledger.groupby(["study", "id"], sort=False)["verdict"].agg(", ".join).to_dict()
    keys = list(zip(numbers["study"], numbers["id"], strict=True))
    found = {name: [of.get(key, "") for key in keys] for name, of in (("verdict", verdicts), ("audit", said))}
    groups = numbers.assign(**found).groupby(["study", "chapter", "table"], sort=False)
    return rendered("scorecard.html", groups=[(name, list(rows.itertuples())) for name, rows in groups])
