"""Bars of counted verdicts, in HTML, so that they follow the theme and can be read aloud."""

from collections.abc import Mapping
from html import escape

import pandas as pd

from nqp.show.html import Html


def verdict_bars(counts: pd.DataFrame, caption: str, links: Mapping[str, str] | None = None) -> Html:
    """Return one bar a row of `counts`, cut in proportion to its columns (verdicts), above a key with their totals.

    Labels are those of the index; `links` gives some of them an address. Rows of zeros alone are left out.
    """
    shown = counts[counts.sum(axis=1) > 0]
    rows = [_row(str(name), row, (links or {}).get(str(name), "")) for name, row in shown.iterrows()]
    key = "".join(
        f'<li><i data-verdict="{escape(verdict)}"></i>{total} {escape(verdict)}</li>'
        for verdict, total in shown.sum().items()
        if total
    )
    return Html(
        f'<figure class="nqp-bars"><figcaption>{escape(caption)}</figcaption>{"".join(rows)}'
        f"<ul>{key}</ul></figure>"
    )


def _row(name: str, counts: pd.Series, link: str) -> str:
    met = counts[counts > 0]
    said = ", ".join(f"{number} {verdict}" for verdict, number in met.items())
    label = f'<a href="{escape(link)}">{escape(name)}</a>' if link else escape(name)
    parts = "".join(
        f'<i data-verdict="{escape(verdict)}" style="flex-grow:{number}" title="{number} {escape(verdict)}"></i>'
        for verdict, number in met.items()
    )
    return (
        f'<div class="nqp-bar-row"><span class="nqp-bar-label">{label}</span>'
        f'<div class="nqp-bar" role="img" aria-label="{escape(f"{name}: {said}")}">{parts}</div></div>'
    )
