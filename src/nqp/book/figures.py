"""Find the numbers in a text, and those that stand together: in a line, a column, a block."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby

import numpy as np

TOKEN = re.compile(
    r"(?<![\w.])(?:[+-]?(?P<whole>\d+)(?:\.(?P<part>\d+))?(?:[eE](?P<power>[+-]?\d{1,3}))?(?!\w|\.\d)"
    r"|(?:nan|NaN|None|<NA>)\b)"
)
ROW_ENDS = re.compile(r"</(?:tr|p|li|div)>|<br\s*/?>|[\]}]", re.IGNORECASE)
TAGS = re.compile(r"<[^<>]*>|[\[{]")
DIGITS = 3  # a number with fewer significant digits meets some value of every variable

Token = tuple[float, float, bool]


@dataclass(frozen=True)
class Figures:
    """Numbers that stand together."""

    numbers: np.ndarray  # as written, missing where a table says so
    halves: np.ndarray  # half a unit of the last digit written; zeros at the end count as rounded
    telling: np.ndarray  # whether enough significant digits are written to know the number again


def figures(text: str) -> Iterator[Figures]:
    """Yield the numbers of each line, of each column of lines alike, of each block of lines, and of the whole text.

    A comma between digits is read in all three ways: between numbers, between thousands, before decimals.
    """
    text = text.replace("\u2212", "-")
    readings = [text]
    if re.search(r"\d,\d", text):
        readings = [
            re.sub(r"(?<=\d),(?=[\d+-])", ", ", text),
            re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text),
            re.sub(r"(?<=\d),(?=\d)", ".", re.sub(r"(?<=\d)\.(?=\d)", "", text)),
        ]
    for reading in readings:
        lines = [[_token(found) for found in TOKEN.finditer(line)] for line in _plain(reading).splitlines()]
        yield from map(_figures, _together(lines))


def _plain(text: str) -> str:
    """Return a text without tags, one row a line; what an SVG says stands in its tags."""
    if "<svg" in text:
        return re.sub(r"\s*<", "\n", text)
    if "</tr" in text:
        text = re.sub(r"\s+", " ", text)
    return TAGS.sub(" ", ROW_ENDS.sub("\n", text))


def _token(found: re.Match) -> Token:
    if found["whole"] is None:
        return np.nan, np.nan, False
    whole, part, value = found["whole"], (found["part"] or "").rstrip("0"), float(found[0])
    rounded = 0 if found["part"] else len(whole) - len(whole.rstrip("0") or "0")
    half = 0.5 * 10.0 ** (int(found["power"] or 0) + rounded - len(part))
    telling = len((whole + part).strip("0")) >= DIGITS and np.isfinite(value)
    return value, max(half, 1e-15 * abs(value)) * (1 + 1e-9), telling


def _together(lines: list[list[Token]]) -> Iterator[Iterable[Token]]:
    for width, run in groupby(lines, key=len):
        rows = list(run) if width else []
        yield from rows
        if len(rows) > 1:
            yield from zip(*rows, strict=True)
    blocks = [list(chain.from_iterable(block)) for full, block in groupby(lines, key=bool) if full]
    yield from blocks
    if len(blocks) > 1:
        yield list(chain.from_iterable(blocks))


def _figures(tokens: Iterable[Token]) -> Figures:
    numbers, halves, telling = zip(*tokens, strict=True)
    return Figures(np.array(numbers), np.array(halves), np.array(telling))
