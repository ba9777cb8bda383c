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
    """One column as numbers by line, missing where a cell holds none, and the report's rows for those cells."""

    floats: pd.Series
    found: pd.DataFrame


def numbers(name: str, text: pd.Series) -> Numbers:
    """Read a column's cells as numbers written with plain digits and a point."""
    plain = text.str.fullmatch(NUMBER, flags=re.ASCII).fillna(False).to_numpy(dtype=bool)
    floats = text.where(plain).astype(float)
    rules = text[~plain].map(_rule).reindex(text.index)
    rules = rules.mask(np.isinf(floats), "infinite value").dropna()
    found = rows_of(rules, column=name, value=text[rules.index], line=rules.index, advice=rules.map(ADVICE))
    return Numbers(floats.mask(np.isinf(floats)), found)


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
