"""What differs between two frames of rows that have names."""

import math
from collections.abc import Callable
from typing import Any

import pandas as pd

TOLERANCE = 1e-6


def differences(
    old: pd.DataFrame,
    new: pd.DataFrame,
    key: list[str],
    compared: tuple[str, ...],
    named: Callable[[dict[str, Any]], str],
    gone: tuple[str, str],
) -> list[str]:
    """Return a sentence for each row, by its `key`, that came or went and each cell of `compared` that changed.

    `named` says what a row is called, `gone` what is said of one that only the old or only the new frame has.
    """
    said = []
    for row in paired(old, new, key, compared).to_dict("records"):
        if row["side"] != "both":
            said.append(f"{named(row)}: {gone[row['side'] == 'right_only']}")
            continue
        pairs = [(name, row[f"{name}_old"], row[f"{name}_new"]) for name in compared]
        said += [f"{named(row)}: {name} was {a!r}, is {b!r}" for name, a, b in pairs if not _same(a, b)]
    return said


def paired(old: pd.DataFrame, new: pd.DataFrame, key: list[str], compared: tuple[str, ...]) -> pd.DataFrame:
    """Put two frames side by side by their `key`: columns that both have end in ``_old`` and ``_new``.

    ``side`` says which of them has a row, ``moved`` whether a cell of `compared` is another.
    """
    both = old.merge(new, on=key, how="outer", suffixes=("_old", "_new"), indicator="side")
    rows = both.to_dict("records")
    return both.assign(moved=[not all(_same(r[f"{n}_old"], r[f"{n}_new"]) for n in compared) for r in rows])


def _same(old: Any, new: Any) -> bool:
    if not (isinstance(old, float) and isinstance(new, float)):
        return old == new
    return abs(new - old) <= TOLERANCE * (1 + abs(old)) or (math.isnan(old) and math.isnan(new))
