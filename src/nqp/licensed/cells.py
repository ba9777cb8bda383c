"""Turn cells into numbers without repairing any: what is no plain number is reported and stays missing."""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nqp.licensed.report import rows_of

NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
MISSING = {"", ".", "-", "--", "—", "——", "…", "/", "na", "n/a", "#n/a", "nan", "none", "null", "缺失", "无"}
INFINITE = re.compile(r"[+-]?(?:inf|infinity|∞)", re.IGNORECASE)
GROUPED = re.compile(r"[+-]?\d{1,3}(?:[,，'\s]\d{3})+(?:\.\d+)?")

ADVICE = {
    "missing value": "Fill it, or leave the city or the variable out and say so; nothing is interpolated here",
    "formula without a value": "The file holds no number for it: open it in a spreadsheet program, save, check again",
    "infinite value": "A division by zero or the log of zero? Correct it at its source",
    "full-width digits": "Write plain digits",
    "thousands separator": "Write the number without separators",
    "not a number": "Write a number alone, without units, signs or remarks",
}


@dataclass(frozen=True)
class Numbers:
    """One column as numbers, and the rule that each cell without a number breaks.

    Attributes
    ----------
    floats : numbers by line, missing where `broken` has a rule
    broken : rule by line, of those lines alone
    """

    floats: pd.Series
    broken: pd.Series


def numbers(text: pd.Series) -> Numbers:
    """Read cells as numbers written with plain digits and a point."""
    plain = text.str.fullmatch(NUMBER, flags=re.ASCII).fillna(False).to_numpy(dtype=bool)
    values = pd.Series(np.nan, index=text.index)
    values[plain] = text[plain].astype(float)
    broken = text[~plain].map(_rule)
    infinite = text[np.isinf(values)].map(lambda _: "infinite value")
    values[np.isinf(values)] = np.nan
    return Numbers(values, pd.concat([broken, infinite]).astype(object))


def _rule(text: str) -> str:
    if text.casefold() in MISSING:
        return "missing value"
    if text.startswith("="):
        return "formula without a value"
    if INFINITE.fullmatch(text):
        return "infinite value"
    folded = unicodedata.normalize("NFKC", text)
    if folded != text and re.fullmatch(NUMBER, folded, flags=re.ASCII):
        return "full-width digits"
    if GROUPED.fullmatch(folded):
        return "thousands separator"
    return "not a number"


def broken_cells(name: str, text: pd.Series, read: Numbers) -> pd.DataFrame:
    """Return the report's rows for a column, cities and years left open."""
    lines = read.broken.index
    return rows_of(read.broken, column=name, value=text[lines], line=lines, advice=read.broken.map(ADVICE))
