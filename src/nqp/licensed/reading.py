"""Read a reader's file as it stands: every cell as text, nothing converted, nothing dropped."""

import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from nqp.data.manifest import DataError

SUFFIXES = (".csv", ".xlsx", ".dta")
# what pandas and openpyxl raise, besides OSError, for files that are damaged or of another kind
DAMAGED = (
    OSError, EOFError, MemoryError, OverflowError, RuntimeError, ValueError, LookupError, AttributeError,
    StopIteration, SyntaxError, csv.Error, struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
ADVICE = {
    ".csv": "Save it again as CSV UTF-8",
    ".xlsx": "Is it an older .xls that was renamed, or protected by a password? Save it again as .xlsx or .csv",
    ".dta": "Save it again with Stata's `save`, or `export delimited` it as .csv",
}


class LicensedFileError(DataError):
    """A licensed file cannot be read, or has problems; the message says what to do."""


@dataclass(frozen=True)
class RawTable:
    """A file as text.

    Attributes
    ----------
    headers : one a column, as written
    labels : a longer name for a column where the file has one (Stata), else empty
    cells : one row a line of the file, columns numbered from 0, index the line as an editor counts it
    ragged : lines with another number of cells than headers, and that number
    read_as : format and encoding
    """

    headers: list[str]
    labels: list[str]
    cells: pd.DataFrame
    ragged: dict[int, int]
    read_as: str


def read_raw(path: Path) -> RawTable:
    """Read a .csv (UTF-8, UTF-16 or GBK), .xlsx (first sheet) or .dta file.

    Raises
    ------
    LicensedFileError
        When the file is missing, empty, of another kind or damaged.
    """
    path = Path(path)
    if not path.is_file():
        raise LicensedFileError(f"there is no file {path}")
    reader = {".csv": _read_csv, ".xlsx": _read_xlsx, ".dta": _read_dta}.get(path.suffix.lower())
    if reader is None:
        raise LicensedFileError(
            f"{path.name}: files of kind {path.suffix or 'without suffix'} are not read. Save it as"
            f" {', '.join(SUFFIXES)}"
        )
    try:
        table = reader(path)
    except DAMAGED as broken:
        advice = ADVICE[path.suffix.lower()]
        raise LicensedFileError(f"{path.name} cannot be read ({broken or 'damaged'}). {advice}") from broken
    if not any(table.headers) or table.cells.empty:
        raise LicensedFileError(f"{path.name} has no rows below its headers")
    return table


def _read_csv(path: Path) -> RawTable:
    text, encoding = _decode(path)
    first = text.partition("\n")[0]
    comma = max(",\t;", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=comma)
    lines, start = [], 1
    for row in reader:
        lines.append((start, row))
        start = reader.line_num + 1
    named = {",": "", "\t": ", tabs", ";": ", semicolons"}[comma]
    return _table(lines, f"CSV, {encoding}{named}")


def _decode(path: Path) -> tuple[str, str]:
    """Return the text and its encoding; GB18030 is tried last since it can read almost anything."""
    raw = path.read_bytes()
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        tries = [("utf-16", "UTF-16")]
    else:
        tries = [("utf-8-sig", "UTF-8"), ("gb18030", "GBK")]
    for codec, name in tries:
        try:
            return raw.decode(codec), name
        except UnicodeDecodeError as wrong:
            line = raw[: wrong.start].count(b"\n") + 1
    raise LicensedFileError(
        f"{path.name} is text neither in UTF-8 nor in GBK; the first byte that does not fit is in line {line}."
        " Save it as CSV UTF-8"
    )


def _read_xlsx(path: Path) -> RawTable:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    with closing(book):
        sheet = book.worksheets[0]
        lines = [(n, [_text(v) for v in row]) for n, row in enumerate(sheet.iter_rows(values_only=True), 1)]
    width = max((n for _, row in lines for n, cell in enumerate(row, 1) if cell), default=0)
    lines = [(n, [*row[:width], *[""] * (width - len(row))]) for n, row in lines]
    return _table(lines, f"Excel, sheet {sheet.title!r}")


def _read_dta(path: Path) -> RawTable:
    with pd.read_stata(path, convert_categoricals=False, convert_dates=False, iterator=True) as reader:
        frame, labels = reader.read(), reader.variable_labels()
    cells = frame.set_axis(range(frame.shape[1]), axis=1).set_axis(range(1, len(frame) + 1))
    return RawTable(
        headers=[_unmangle(str(name)) for name in frame.columns],
        labels=[_unmangle(labels.get(name, "")) for name in frame.columns],
        cells=cells.apply(lambda column: column.map(_text).map(_unmangle)),
        ragged={},
        read_as="Stata",
    )


def _text(value: object) -> str:
    """Write a cell as text that reads back as the same number; single precision becomes the double it equals."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) or hasattr(value, "dtype"):
        value = float(value)
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).strip()


def _unmangle(text: str) -> str:
    """Undo what reading GBK as Latin-1 does: Stata files before version 14 do not say their encoding."""
    if not re.search(r"[\x80-\xff]{2}", text) or re.search(r"[^\x00-\xff]", text):
        return text
    try:
        return text.encode("latin-1").decode("gb18030")
    except UnicodeDecodeError:
        return text


def _table(lines: Iterable[tuple[int, list[str]]], read_as: str) -> RawTable:
    """Take the first line as headers; lines without any text hold nothing and are passed over."""
    full = [(number, [c.strip() for c in row]) for number, row in lines if any(c.strip() for c in row)]
    headers = full[0][1] if full else []
    width = len(headers)
    ragged = {number: len(row) for number, row in full[1:] if len(row) != width}
    rows = [[*row[:width], *[""] * (width - len(row))] for _, row in full[1:]]
    cells = pd.DataFrame(rows, index=[number for number, _ in full[1:]], columns=range(width), dtype=object)
    return RawTable(headers, [""] * width, cells, ragged, read_as)
