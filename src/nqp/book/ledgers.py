"""Collect the ledgers of all executed chapters in ``book/ledger.csv``."""

from pathlib import Path

import nbformat
import pandas as pd

from nqp.book.chapters import SYNTHESIS, all_chapters
from nqp.book.execute import ledger_rows
from nqp.evidence.entries import Entry
from nqp.paths import book_dir, write_whole
from nqp.reads import note

COLUMNS = list(Entry.__annotations__)


def collect() -> pd.DataFrame:
    """Return the rows of every executed chapter's ledger, as strings, in the book's order."""
    rows = []
    for chapter in all_chapters():
        if chapter.study != SYNTHESIS and chapter.executed.is_file():
            rows += ledger_rows(nbformat.read(chapter.executed, as_version=4))
    return pd.DataFrame(rows, columns=COLUMNS, dtype=str)


def write_ledger() -> None:
    """Write the collected ledger."""
    write_whole(_path(), collect().to_csv(index=False, lineterminator="\n"))


def read_ledger(path: Path | None = None) -> pd.DataFrame:
    """Return a collected ledger with `replicated` as numbers; empty when no chapter has been executed."""
    if path is None:
        note(path := _path())
    if not path.is_file():
        return pd.DataFrame(columns=COLUMNS)
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    return frame.assign(replicated=pd.to_numeric(frame["replicated"]))


def _path() -> Path:
    return book_dir() / "ledger.csv"
