"""Words for the names that engines, printed tables and frames use: what a reader sees instead."""

import re
from collections.abc import Callable, Mapping

import pandas as pd

WORDS = {
    **dict.fromkeys(("_cons", "Constant", "Const", "CONST", "Intercept"), "constant"),
    **dict.fromkeys(("std_error", "se"), "std. error"),
    "p_value": "p",
    "statistic": "t",
    "n": "observations",
    "sd": "std. deviation",
    "r2": "R²",
    "r2_adj": "adjusted R²",
    "moran": "Moran's I",
    "rho": "ρ",
}
INTERVAL = "95 % interval"
LINE_STATS = ("coef", "ci_low", "ci_high")
UNNAMED = (*LINE_STATS, "mean", "other", "threshold")  # statistics that a column or row says already
BARE = ("", "model", "N", "R2")  # terms of a printed number that is of its column as a whole


def words(name: str) -> str:
    """Return what a name is called in words; the name itself when there is nothing better."""
    return WORDS.get(name, name)


def named(numbers: pd.DataFrame, names: Mapping[str, str], row: Callable[[str], str]) -> pd.DataFrame:
    """Return printed numbers with their row, ``key``: a term as `row` maps it, or a statistic; and its ``label``.

    Labels are in words, symbols by `names`, also those within terms such as ``INN×QUA`` or ``did.direct``. Where the
    panels of a table number their columns alike, rows are of a panel: ``A: INN``.
    """
    terms = numbers["term"].map(row)
    keys = terms.where(~terms.isin(BARE), numbers["stat"])
    alike = numbers.duplicated(["column", "term", "stat"]).any()
    panels = numbers["panel"] + ": " if alike else ""
    return numbers.assign(key=panels + keys, label=panels + keys.map(lambda key: _spelled(key, names)))


def _spelled(term: str, names: Mapping[str, str]) -> str:
    if term in names or term in WORDS:
        return names.get(term, words(term))
    parts = re.split(r"(\W+)", term)
    joined = {**names, ".": " ", "×": " × "}
    return "".join(joined.get(part, part) for part in parts) if set(parts) & names.keys() else term
