"""Why numbers miss print, as text below a comparison."""

import re
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from nqp.show.words import BARE, UNNAMED, spelled, words

if TYPE_CHECKING:
    from nqp.show.comparison import Compared

UNSAID = ("not compared", "by design")  # what a caption counts and no reason has to defend
LISTED = 4  # numbers of a reason that are named, before the others are counted


def misses(table: "Compared", entries: pd.DataFrame) -> str:
    """Return the reasons of a table's entries, each with its verdict and the numbers that it is given for, in words."""
    told = entries[(entries["reason"] != "") & ~entries["verdict"].isin(UNSAID)]
    if told.empty:
        return ""
    lines = []
    for (verdict, reason), of_it in told.groupby(["verdict", "reason"], sort=False):
        kind, _, sentence = reason.partition(": ")
        lines.append(
            f"<li><strong>{escape(verdict)}</strong>, {_named(table, of_it['id'])}. <em>{escape(kind)}:</em>"
            f" {escape(sentence)}</li>"
        )
    return (
        f'<div class="nqp-misses"><p>Reasons, in the order of the numbers:</p><ul>{"".join(lines)}</ul></div>'
    )


def _named(table: "Compared", ids: pd.Series) -> str:
    """Name numbers by row, statistic and column; a coefficient and its interval are one."""
    named = list(dict.fromkeys(_name(table, table.numbers.loc[number]) for number in ids))
    more = f" and {len(named) - LISTED} more" if len(named) > LISTED else ""
    return escape("; ".join(named[:LISTED])) + more


def _name(table: "Compared", number: pd.Series) -> str:
    term, stat = table.row(number["term"]), number["stat"]
    said = words(stat) if term in BARE else spelled(term, table.names)
    if term not in BARE and stat not in UNNAMED:
        said = f"{words(stat)} of {said}"
    label = number["column_label"]
    column = found[0] if (found := re.match(r"\(\d+\w?\)", label)) else label
    return f"{said} in {column}" if column else said
