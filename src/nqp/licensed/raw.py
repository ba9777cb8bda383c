"""A reader's file as text, and the bounds within which files are read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from nqp.manifest import DataError

SUFFIXES = (".csv", ".xlsx", ".dta")
# a panel of all 2,800 counties over 20 years with 50 columns fits; what is larger is refused before memory is taken
ROWS, COLUMNS, CELLS = 100_000, 1_000, 3_000_000
LONGEST = 32_767  # characters in a cell, as in Excel
LARGEST = 128_000_000  # bytes of a file, and of a part of a workbook once unpacked


class LicensedFileError(DataError):
    """A licensed file cannot be read, or has problems; the message says what to do."""


@dataclass(frozen=True)
class RawTable:
    """A file as text; rows of cells are its lines, and the index counts them as an editor does."""

    headers: list[str]  # one a column, as written
    labels: list[str]  # a longer name for a column where the file has one (Stata), else empty
    cells: pd.DataFrame  # columns numbered from 0
    ragged: dict[int, int]  # lines with another number of cells than headers, and that number
    read_as: str  # format, and encoding or sheet


def as_table(lines: Iterable[tuple[int, list[str]]], read_as: str) -> RawTable:
    """Take the first line as headers; lines without any text hold nothing and are passed over."""
    full = list(bounded(lines))
    headers = full[0][1] if full else []
    width = len(headers)
    ragged = {number: len(row) for number, row in full[1:] if len(row) != width}
    rows = [[*row[:width], *[""] * (width - len(row))] for _, row in full[1:]]
    cells = pd.DataFrame(rows, index=[number for number, _ in full[1:]], columns=range(width), dtype=object)
    return RawTable(headers, [""] * width, cells, ragged, read_as)


def bounded(lines: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Pass on the lines that hold text, without blanks around cells; stop at the first outside the bounds."""
    cells = 0
    for number, written in lines:
        row = [cell.strip() for cell in written]
        if not any(row):
            continue
        cells += len(row)
        longest = max(map(len, row))
        for size, most, what in (
            (number, ROWS, "rows"),
            (len(row), COLUMNS, "columns"),
            (cells, CELLS, "cells"),
            (longest, LONGEST, "characters in a cell"),
        ):
            if size > most:
                raise LicensedFileError(
                    f"line {number:,} reaches {size:,} {what}; up to {most:,} are read. Delete what is not the"
                    " panel, or save the panel alone in a file of its own"
                )
        yield number, row


def written(value: object) -> str:
    """Write a cell as text that reads back as the same number; single precision becomes the double it equals."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) or hasattr(value, "dtype"):
        value = float(value)
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).strip()
