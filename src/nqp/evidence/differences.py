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
        pairs = {name: (row[f"{name}_old"], row[f"{name}_new"]) for name in compared}
        moved = {name: pair for name, pair in pairs.items() if not _same(*pair)}
        said += [f"{named(row)}: {name} was {a!r}, is {b!r}" for name, (a, b) in moved.items()]
    return said


def paired(old: pd.DataFrame, new: pd.DataFrame, key: list[str], compared: tuple[str, ...]) -> pd.DataFrame:
    """Put two frames side by side by their `key`: columns that both have end in ``_old`` and ``_new``.

    ``side`` says which of them has a row, ``moved`` whether a cell of `compared` is another.
    """
    both = old.merge(new, on=key, how="outer", suffixes=("_old", "_new"), indicator="side")
    pairs = zip(*(both[f"{name}_{side}"] for name in compared for side in ("old", "new")), strict=True)
    moved = [any(not _same(*row[at : at + 2]) for at in range(0, len(row), 2)) for row in pairs]
    return both.assign(moved=moved)


def _same(old: Any, new: Any) -> bool:
    if not (isinstance(old, float) and isinstance(new, float)):
        return old == new
    return abs(new - old) <= TOLERANCE * (1 + abs(old)) or (math.isnan(old) and math.isnan(new))
