"""Read a reader's file as it stands: every cell as text, nothing converted, nothing dropped."""

import csv
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from nqp.licensed.delimited import read_delimited
from nqp.licensed.raw import LARGEST, SUFFIXES, LicensedFileError, RawTable, written
from nqp.licensed.workbook import read_workbook

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


def read_raw(path: Path, has_keys: Callable[[list[str]], bool]) -> RawTable:
    """Read a .csv (UTF-8, UTF-16 or GBK), .xlsx or .dta file.

    `has_keys` tells from headers whether they name a year and a city; the sheet of a workbook is chosen by it. A
    LicensedFileError refuses a file that is missing, empty, of another kind, damaged or larger than any panel.
    """
    if not path.is_file():
        raise LicensedFileError(f"there is no file {path}")
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        kind, known = path.suffix or "without suffix", ", ".join(SUFFIXES)
        raise LicensedFileError(f"{path.name}: files of kind {kind} are not read. Save it as {known}")
    try:
        if (size := path.stat().st_size) > LARGEST:
            raise LicensedFileError(
                f"it has {size / 1e6:,.0f} MB; up to {LARGEST / 1e6:,.0f} MB are read. Save the panel alone in a file"
                " of its own"
            )
        table = read_workbook(path, has_keys) if suffix == ".xlsx" else READERS[suffix](path)
    except LicensedFileError as refusal:
        raise LicensedFileError(f"{path.name} is not read: {refusal}") from refusal
    except DAMAGED as broken:
        why = f"{path.name} cannot be read ({broken or 'damaged'})"
        raise LicensedFileError(f"{why}. {ADVICE[suffix]}") from broken
    if not any(table.headers) or table.cells.empty:
        raise LicensedFileError(f"{path.name} has no rows below its headers")
    return table


def _read_dta(path: Path) -> RawTable:
    with pd.read_stata(path, convert_categoricals=False, convert_dates=False, iterator=True) as reader:
        frame, labels = reader.read(), reader.variable_labels()
    cells = frame.set_axis(range(frame.shape[1]), axis=1).set_axis(range(1, len(frame) + 1))
    return RawTable(
        headers=[_unmangle(str(name)) for name in frame.columns],
        labels=[_unmangle(labels.get(name, "")) for name in frame.columns],
        cells=cells.apply(lambda column: column.map(written).map(_unmangle)),
        ragged={},
        read_as="Stata",
    )


def _unmangle(text: str) -> str:
    """Undo what reading GBK as Latin-1 does: Stata files before version 14 do not say their encoding."""
    if not re.search(r"[\x80-\xff]{2}", text) or re.search(r"[^\x00-\xff]", text):
        return text
    try:
        return text.encode("latin-1").decode("gb18030")
    except UnicodeDecodeError:
        return text


READERS = {".csv": read_delimited, ".dta": _read_dta}
