"""Collect the ledgers of all executed chapters in ``book/ledger.csv``."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from nqp.book.chapters import SYNTHESIS, all_chapters
from nqp.book.keys import stored
from nqp.book.parameters import ChapterError
from nqp.evidence.entries import LEDGER_KEY, Entry
from nqp.paths import book_dir, root, write_whole
from nqp.reads import note

COLUMNS = list(Entry.__annotations__)


def gather(notebooks: Iterable[str]) -> pd.DataFrame:
    """Return the ledgers that executed chapters left in their outputs, as strings but for `replicated`."""
    outputs = [o for one in notebooks for cell in json.loads(one)["cells"] for o in cell.get("outputs", [])]
    rows = [row for output in outputs for row in output.get("metadata", {}).get(LEDGER_KEY, [])]
    return _typed(pd.DataFrame(rows, columns=COLUMNS, dtype=str))


def write_ledger() -> None:
    """Write the ledgers of every executed chapter as one file."""
    write_whole(_path(), _as_text(collect()))


def collect() -> pd.DataFrame:
    """Return the ledgers of every executed chapter, in the book's order; an altered one is named and left out."""
    executed = [c for c in all_chapters() if c.study != SYNTHESIS and c.executed.is_file()]
    altered = [c for c in executed if stored(c)["altered"]]
    for one in altered:
        place = one.executed.relative_to(root()).as_posix()
        said = f"{place} is not as it was executed, and its verdicts are left out; `nqp run {one.slug}` makes it anew"
        print(said, file=sys.stderr)
    return gather(one.executed.read_text(encoding="utf-8") for one in executed if one not in altered)


def is_written(ledger: pd.DataFrame) -> bool:
    """Return whether ``book/ledger.csv``, where there is one, holds this ledger."""
    return not _path().is_file() or _path().read_bytes() == _as_text(ledger).encode()


def _as_text(ledger: pd.DataFrame) -> str:
    return ledger.to_csv(index=False, lineterminator="\n", float_format="%.10g")


def read_ledger(path: Path | None = None) -> pd.DataFrame:
    """Return a collected ledger with `replicated` as numbers; empty when no chapter has been executed.

    A `ChapterError` refuses a file that is no ledger, or that ends within a row.
    """
    if path is None:
        note(path := _path())
    if not path.is_file():
        return pd.DataFrame(columns=COLUMNS)
    try:
        ledger = pd.read_csv(path, dtype=str, keep_default_na=False)[COLUMNS]
        if ledger.isna().any(axis=None):
            raise ValueError("a row lacks cells")
        return _typed(ledger)
    except (ValueError, KeyError) as broken:
        place = path.relative_to(root()).as_posix()
        way = "`nqp run` writes it anew" if path == _path() else f"restore it with `git checkout -- {place}`"
        raise ChapterError(f"{place} is no whole ledger ({' '.join(str(broken).split())}); {way}") from broken


def _typed(ledger: pd.DataFrame) -> pd.DataFrame:
    return ledger.assign(replicated=pd.to_numeric(ledger["replicated"]))


def _path() -> Path:
    return book_dir() / "ledger.csv"
