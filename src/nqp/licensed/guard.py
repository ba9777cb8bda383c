"""Does a text carry values of single cities and years?"""

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

NUMBER = re.compile(r"(?<![\w.])[+-]?\d+\.\d+(?![\w.])")
DIGITS = 6  # a number with fewer significant digits meets some value of a large panel by chance
FEW = 5


def unit_values(
    texts: Iterable[str], panel: pd.DataFrame, keys: tuple[str, ...] = ("adcode", "city", "year")
) -> int:
    """Count the numbers in texts that are values of single rows of a panel; 0 when that may be chance.

    Numbers with at least six significant digits, which is how pandas prints most, are compared with the panel's values
    rounded to as many decimals. The smallest and largest value of a variable are results and do not count. In
    results, a few numbers in a hundred meet a value by chance; when no more than a fifth of the numbers do, or fewer
    than five, the answer is 0. A guard against slips, not a proof: it does not see pictures or coarser rounding.

    Parameters
    ----------
    texts : text of outputs, as of an executed chapter
    panel : one row a unit and period
    keys : columns that are no values
    """
    values = [_inner(panel[name].to_numpy(dtype=float)) for name in panel if name not in keys]
    known = np.unique(np.concatenate([v[v % 1 != 0] for v in values] or [np.empty(0)]))
    written = {number for text in texts for number in NUMBER.findall(text) if _significant(number) >= DIGITS}
    met = sum(_meets(number, known) for number in written)
    return met if met >= FEW and met > len(written) / 5 else 0


def _inner(values: np.ndarray) -> np.ndarray:
    return values[(values > np.nanmin(values)) & (values < np.nanmax(values))]


def _significant(number: str) -> int:
    return len(number.lstrip("+-").replace(".", "").lstrip("0"))


def _meets(number: str, known: np.ndarray) -> bool:
    """Whether some known value is written so when rounded to the number's decimals."""
    half = 0.5000001 * 10.0 ** -len(number.partition(".")[2])
    low, high = np.searchsorted(known, [float(number) - half, float(number) + half])
    return bool(high > low)
