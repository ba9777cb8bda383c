"""Bars of counted verdicts, in HTML, so that they follow the theme and can be read aloud."""

from collections.abc import Mapping

import pandas as pd

from nqp.show.html import Html, rendered


def verdict_bars(counts: pd.DataFrame, caption: str, links: Mapping[str, str] | None = None) -> Html:
    """Return one bar a row of `counts`, cut in proportion to its columns (verdicts), above a key with their totals.

    Labels are those of the index; `links` gives some of them an address. Rows of zeros alone are left out.
    """
    shown = counts[counts.sum(axis=1) > 0]
    rows, totals = shown.to_dict("index"), shown.sum().to_dict()
    return rendered("bars.html", rows=rows, totals=totals, caption=caption, links=links or {})
