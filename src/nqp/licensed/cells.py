"""Turn cells into numbers without repairing any: what is no plain number is reported and stays missing."""

import re
import unicodedata

import numpy as np
import pandas as pd

from nqp.data.spreadsheet import NUMBER
from nqp.licensed.report import rows_of

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


def numbers(text: pd.Series) -> pd.Series:
    """Return a column's cells as numbers, missing where none is written with plain digits and a point."""
    plain = [NUMBER.fullmatch(cell) is not None for cell in text]
    return text.where(plain).astype(float).replace([np.inf, -np.inf], np.nan)


def check_numbers(text: pd.Series, read: pd.Series) -> pd.DataFrame:
    """Report the cells of a column that were not read as numbers."""
    rules = text[read.isna()].map(_rule)
    return rows_of(rules, column=text.name, line=rules.index, advice=rules.map(ADVICE))


def _rule(text: str) -> str:
    if text.casefold() in MISSING:
        return "missing value"
    if text.startswith("="):
        return "formula without a value"
    if INFINITE.fullmatch(text) or NUMBER.fullmatch(text):  # such as 1e400
        return "infinite value"
    folded = unicodedata.normalize("NFKC", text)
    if folded != text and NUMBER.fullmatch(folded):
        return "full-width digits"
    if GROUPED.fullmatch(folded):
        return "thousands separator"
    return "not a number"
