"""Plain frames as accessible tables."""

from html import escape
from typing import Any

import pandas as pd

from nqp.show.comparison import Html


def table(frame: pd.DataFrame, caption: str, *, digits: int = 3, index: bool = True) -> Html:
    """Return a frame as an HTML table with a caption that says what it shows and with which evidence.

    Floats are rounded to `digits`; missing cells are shown as a dash, never as NaN.
    """
    shown = frame.copy()
    for name in shown.columns[shown.dtypes.map(pd.api.types.is_float_dtype)]:
        shown[name] = shown[name].map(lambda v: "–" if pd.isna(v) else f"{v:.{digits}f}".replace("-", "\u2212"))
    text = shown.to_html(index=index, border=0, classes="nqp-table", na_rep="–", escape=True)
    head, body = text.split(">", 1)
    return Html(f'<div class="nqp-scroll">{head}><caption>{escape(caption)}</caption>{body}</div>')


def scorecard_table(numbers: pd.DataFrame, ledger: pd.DataFrame) -> Html:
    """Return one folded list a printed table: each number with its verdict, linked to the cell in its chapter.

    Parameters
    ----------
    numbers : printed numbers with ``study, chapter, table, id, printed``
    ledger : the collected ledger
    """
    verdicts = ledger.groupby(["study", "id"], sort=False)["verdict"].agg(", ".join).to_dict()
    parts = []
    for (study, chapter, name), group in numbers.groupby(["study", "chapter", "table"], sort=False):
        met = sum((study, number) in verdicts for number in group["id"])
        cells = "".join(_cell_link(study, chapter, row, verdicts.get((study, row.id))) for row in group.itertuples())
        title = f"{study} / {chapter} / {name}: {met} of {len(group)} with a verdict"
        parts.append(f"<details><summary>{escape(title)}</summary><ul class='nqp-cells'>{cells}</ul></details>")
    return Html(f'<div class="nqp-scorecard">{"".join(parts)}</div>')


def _cell_link(study: str, chapter: str, row: Any, verdict: str | None) -> str:
    name = escape(row.id)
    if verdict is None:
        return f"<li><code>{name}</code> {escape(row.printed)} <em>none yet</em></li>"
    link = f"../{study}/{chapter}.html#{name}"
    return f'<li><a href="{link}"><code>{name}</code></a> {escape(row.printed)} <em>{escape(verdict)}</em></li>'
