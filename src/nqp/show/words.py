"""Words for the names that engines, printed tables and frames use: what a reader sees instead."""

import re
from collections.abc import Mapping

WORDS = {
    # of columns and rows of frames
    "std_error": "std. error",
    "p_value": "p",
    "conf_low": "lower 95 %",
    "conf_high": "upper 95 %",
    "statistic": "t",
    "Intercept": "constant",
    # of printed terms
    "_cons": "constant",
    "Constant": "constant",
    "Const": "constant",
    "CONST": "constant",
    "rho": "ρ",
    # of printed statistics
    "n": "observations",
    "coef": "coefficient",
    "se": "std. error",
    "ci_low": "lower bound",
    "ci_high": "upper bound",
    "sd": "std. deviation",
    "min": "minimum",
    "max": "maximum",
    "r2": "R²",
    "r2_adj": "adjusted R²",
    "r2_within": "R² within",
    "moran": "Moran's I",
}
INTERVAL = "95 % interval"
LINE_STATS = ("coef", "ci_low", "ci_high")
UNNAMED = (*LINE_STATS, "mean", "other", "threshold")  # statistics that a column or row says already
BARE = ("", "model", "N", "R2")  # terms of a printed number that is of its column as a whole


def words(name: str) -> str:
    """Return what a name is called in words; the name itself when there is nothing better."""
    return WORDS.get(name, name)


def spelled(term: str, names: Mapping[str, str]) -> str:
    """Return a printed term in words, each of its symbols by `names`, such as ``INN×QUA`` or ``did.direct``."""
    if term in names or term in WORDS:
        return names.get(term, words(term))
    parts = re.split(r"(\W+)", term)
    if not set(parts) & names.keys():
        return term
    joined = {".": " ", "×": " × "}
    return "".join(joined.get(part) or names.get(part, part) for part in parts)
