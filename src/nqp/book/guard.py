"""Do outputs carry values of single units and years?"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd
from scipy.special import bdtrc

from nqp.book.figures import Figures, figures

KEYS = ("adcode", "city", "year")
FEW = 5  # fewer values of the file in one place may be order statistics, which are results
# units of the last digit by which numbers are moved, to see what chance meets
MOVES = (-14, -9, -5, -2, 2, 5, 9, 14)
CHANCE = 1e-7  # that so many numbers meet a group's values by chance; thousands of groups are tried
MANY = 400  # a number to which so many values round tells nothing
# sorted numbers are known again when many are distinct, or when few have many units between their ends
LONG, DISTINCT, FINE = 100, 15, 100
# a shape that more series have is no unit's own: a national series stands in every city's instrument
SHARED = 60

# how a value of the file may have been written, and the way back
BACK = (lambda x: x, lambda x: x / 100, lambda x: x * 100, np.exp, np.log)


@dataclass(frozen=True)
class Fingerprint:
    """A panel's values, in the shapes in which they are looked for.

    Its kinds of groups are all, row, variable, variable and year, variable and unit. `ordered` holds, by length, whole
    variables, their years and their units, raw, in logarithms and exponentials, one a row, sorted and standardised.
    """

    values: np.ndarray  # all, sorted
    groups: np.ndarray  # of each value, one row a kind
    starts: np.ndarray  # number of each kind's first group
    size: int  # number of groups
    ordered: dict[int, np.ndarray]


def fingerprint(panel: pd.DataFrame) -> Fingerprint:
    """Return what is needed to know the values of a balanced panel again.

    The smallest and largest value of a variable are results and do not count, nor do variables with few values.
    """
    table = panel.drop(columns=[key for key in KEYS if key in panel]).select_dtypes("number").astype(float)
    table = table.loc[:, table.nunique() >= DISTINCT]
    unit, year = (pd.factorize(panel[key])[0] for key in ("adcode", "year"))
    rows, columns = (axis.ravel() for axis in np.indices(table.shape))
    flat = table.to_numpy().ravel()
    by_year, by_unit = (columns * (by.max() + 1) + by[rows] for by in (year, unit))
    kinds = np.array([np.zeros_like(rows), rows, columns, by_year, by_unit])
    starts = np.concatenate([[0], np.cumsum(kinds.max(axis=1, initial=0) + 1)])
    inner = (flat > table.min().to_numpy()[columns]) & (flat < table.max().to_numpy()[columns])
    order = np.argsort(np.where(inner, flat, np.inf), kind="stable")[: inner.sum()]
    groups = (kinds + starts[:-1, None])[:, order]
    return Fingerprint(flat[order], groups, starts[:-1], int(starts[-1]), _ordered(table, unit, year))


def _ordered(table: pd.DataFrame, unit: np.ndarray, year: np.ndarray) -> dict[int, np.ndarray]:
    found: dict[int, list[np.ndarray]] = {}
    with np.errstate(all="ignore"):
        for form in (table, np.log(table), np.exp(table)):
            for by in (np.zeros_like(unit), year, unit):
                for _, part in form.groupby(by):
                    found.setdefault(len(part), []).append(np.sort(part.to_numpy().T, axis=1))
        return {length: _standardised(np.concatenate(parts)) for length, parts in found.items()}


def _standardised(rows: np.ndarray) -> np.ndarray:
    rows = rows[np.isfinite(rows).all(axis=1)]
    rows = rows - rows.mean(axis=1, keepdims=True)
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    usable = (length[:, 0] > 0) & np.isfinite(length[:, 0])
    return rows[usable] / length[usable]


def unit_values(texts: Iterable[str], known: Fingerprint) -> int:
    """Count the values of single units and years that stand together in texts; 0 when chance may have met them.

    Two comparisons, for the numbers of each line, column and block. First, number by number: do they round to values of
    one row, one variable, one variable's year or one unit's series, as they are, in percent or as logarithms? They
    count when at least five and half of them do, far more than when all are moved by a few units of their last digit.
    Second, sorted: are they a whole variable, one year of it or one unit's series, up to any linear scale, raw, in
    logarithms or exponentials, at the rounding written? The texts are those of one cell's outputs.
    """
    seen = set()  # tables are written as text and as HTML
    for found in chain.from_iterable(map(figures, texts)):
        mark = found.numbers.tobytes()
        if len(found.numbers) < FEW or mark in seen:
            continue
        seen.add(mark)
        if count := _one_by_one(found, known) or _sorted(found, known):
            return count
    return 0


def _one_by_one(found: Figures, known: Fingerprint) -> int:
    pairs = np.unique(np.column_stack([found.numbers, found.halves])[found.telling], axis=0)
    enough = max(FEW, len(pairs) / 2)
    if len(pairs) < FEW:
        return 0
    numbers, halves = pairs.T
    for back in BACK:
        votes = _votes(numbers, halves, back, known)
        if votes[0] < enough:
            continue
        moved = np.array([_votes(numbers + 2 * move * halves, halves, back, known) for move in MOVES])
        usual = moved.mean(axis=0)
        share = np.minimum(1, (moved.sum(axis=0) + 1) / (len(MOVES) * len(numbers)))
        own = (votes >= FEW) & (votes > 2 * usual) & (bdtrc(votes - 1, len(numbers), share) < CHANCE)
        together = np.add.reduceat(np.where(own, votes, 0), known.starts)
        most = np.maximum.reduceat(votes - usual, known.starts)
        chance = np.maximum.reduceat((moved - usual).max(axis=0), known.starts)
        met = together[(together >= enough) & (most > 2 * chance + 2)]
        if met.size:
            return min(int(met.max()), len(numbers))
    return 0


def _votes(numbers: np.ndarray, halves: np.ndarray, back: Callable, known: Fingerprint) -> np.ndarray:
    """Count, for each group, the numbers that round to one of its values; the first group holds all."""
    with np.errstate(all="ignore"):
        low, high = (np.searchsorted(known.values, back(numbers + side * halves)) for side in (-1, 1))
    count = np.where((high > low) & (high - low <= MANY), high - low, 0)
    number = np.repeat(np.arange(len(numbers)), count)
    place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count - low, count)
    voted = np.unique(number * known.size + known.groups[:, place]) % known.size
    return np.bincount(voted, minlength=known.size)


def _sorted(found: Figures, known: Fingerprint) -> int:
    ordered = known.ordered.get(len(found.numbers))
    if ordered is None or not np.isfinite(found.numbers).all():
        return 0
    steps, distinct = np.ptp(found.numbers) / (2 * np.median(found.halves)), len(np.unique(found.numbers))
    if distinct < DISTINCT if len(found.numbers) >= LONG else steps < FINE:
        return 0
    for sign in (1, -1):
        order = np.argsort(sign * found.numbers, kind="stable")
        shown = sign * found.numbers[order]
        shown = shown - shown.mean()
        near = ordered[ordered @ shown > 0.98 * np.linalg.norm(shown)]
        away = np.abs(shown - (near @ shown)[:, None] * near)
        fits = (away <= 1.2 * found.halves[order]).mean(axis=1) >= 0.95
        if 0 < fits.sum() <= SHARED:
            return len(shown)
    return 0
