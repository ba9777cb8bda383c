"""Read one sheet of an Excel workbook: row by row, within bounds, and the right one."""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from nqp.licensed.raw import CELLS, LARGEST, LicensedFileError, RawTable, as_table, bounded, written

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

# bytes to which a part may unpack: sheets, which are read row by row; texts and all the rest, which are read whole
PARTS = {"worksheets": LARGEST // 2, "sharedStrings": LARGEST // 4, "": LARGEST // 16}
LAST_ROW = 1_048_576
SPAN = 20 * CELLS  # cells passed over, empty ones included


def read_workbook(path: Path, has_keys: Callable[[list[str]], bool]) -> RawTable:
    """Read the first sheet whose headers hold the keys, else the first with rows.

    A formula whose value the file does not hold, since no spreadsheet program ever computed it, stays a formula.
    """
    import openpyxl

    _refuse_unpacked(path)
    with closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
        title, read_as = _choose(book.worksheets, has_keys)
        lines = dict(bounded(_lines(book[title])))
    width = max(map(len, lines.values()))
    lines = {number: [*row, *[""] * (width - len(row))] for number, row in lines.items()}
    if any("" in row for row in lines.values()):
        with closing(openpyxl.load_workbook(path, read_only=True)) as book:
            _put_formulas(lines, _lines(book[title]))
    return as_table(lines.items(), read_as)


def _refuse_unpacked(path: Path) -> None:
    """Refuse a part that unpacks to more than any panel needs; zipfile never unpacks more than a part declares."""
    with zipfile.ZipFile(path) as parts:
        for part in parts.infolist():
            most = next(size for name, size in PARTS.items() if name in part.filename)
            if part.file_size > most and part.filename.endswith((".xml", ".rels")):
                raise LicensedFileError(
                    f"its part {part.filename} unpacks to {part.file_size / 1e6:,.0f} MB; up to {most / 1e6:,.0f} MB"
                    " are read. Copy the panel's values alone into a new workbook, or save them as .csv"
                )


def _choose(sheets: "list[ReadOnlyWorksheet]", has_keys: Callable[[list[str]], bool]) -> tuple[str, str]:
    heads = {sheet.title: [row for _, row in islice(_lines(sheet), 2)] for sheet in sheets}
    full = [title for title, rows in heads.items() if len(rows) == 2]
    if not full:
        names = ", ".join(map(repr, heads))
        raise LicensedFileError(f"it has no rows below its headers in any sheet: {names}")
    fit = [title for title in full if has_keys(heads[title][0])]
    title = (fit or full)[0]
    if len(sheets) == 1:
        return title, f"Excel, sheet {title!r}"
    keyed = f"the first of {len(sheets)} with a year and a city"
    why = keyed if fit else "the first with rows; none has the keys"
    others = "; not read: " + ", ".join(map(repr, fit[1:])) if fit[1:] else ""
    return title, f"Excel, sheet {title!r}, {why}{others}"


def _lines(sheet: "ReadOnlyWorksheet") -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold anything, without the empty cells at their ends; trust no declared size."""
    sheet.reset_dimensions()
    spanned = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        spanned += len(row)
        if number > LAST_ROW or spanned > SPAN:
            raise LicensedFileError(
                f"sheet {sheet.title!r} spans {spanned:,} cells in {number:,} rows, most of them empty. Copy the"
                " panel's values alone into a new workbook, or save them as .csv"
            )
        if row.count(None) < len(row):
            texts = [written(getattr(value, "text", value)) for value in row]
            while texts and not texts[-1]:
                texts.pop()
            if texts:
                yield number, texts


def _put_formulas(lines: dict[int, list[str]], formulas: Iterator[tuple[int, list[str]]]) -> None:
    """Write formulas into cells without a value."""
    for number, texts in formulas:
        for place, text in enumerate(texts[: len(lines.get(number, []))]):
            if lines[number][place] == "" and text.startswith("="):
                lines[number][place] = text
