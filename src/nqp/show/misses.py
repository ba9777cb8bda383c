"""Why numbers miss print, as text below a comparison."""

import re

import pandas as pd

from nqp.show.html import rendered
from nqp.show.words import UNNAMED, words

UNSAID = ("not compared", "by design")  # what a caption counts and no reason has to defend
LISTED = 4  # numbers of a reason that are named, before the others are counted


def misses(numbers: pd.DataFrame, entries: pd.DataFrame) -> str:
    """Return the reasons of a table's entries, each with its verdict and the numbers that it is given for, in words."""
    told = entries[(entries["reason"] != "") & ~entries["verdict"].isin(UNSAID)]
    listed = []
    for (verdict, reason), of_it in told.groupby(["verdict", "reason"], sort=False):
        kind, _, sentence = reason.partition(": ")
        called = dict.fromkeys(_called(number) for number in numbers.loc[of_it["id"]].itertuples())
        listed.append((verdict, kind, sentence, list(called)))
    return str(rendered("misses.html", told=listed, listed=LISTED)) if listed else ""


def _called(number: tuple) -> str:
    """Name a number by row, statistic and column; a coefficient and its interval are one."""
    plain = number.stat in (*UNNAMED, number.key.removeprefix(f"{number.panel}: "))
    said = number.label if plain else f"{words(number.stat)} of {number.label}"
    column = re.sub(r"^(\(\d+\w?\)).*", r"\1", number.column_label)
    return f"{said} in {column}" if column else said
