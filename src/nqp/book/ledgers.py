"""Collect the ledgers of all executed chapters in ``book/ledger.csv``."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from nqp.book.chapters import SYNTHESIS, all_chapters
from nqp.book.keys import stored
from nqp.evidence.entries import LEDGER_KEY, Entry
from nqp.paths import book_dir, write_whole
from nqp.reads import note

FILE = "ledger.csv"
COLUMNS = list(Entry.__annotations__)


def gather(notebooks: Iterable[str]) -> pd.DataFrame:
    """Return the ledgers that executed chapters left in their outputs, as strings but for `replicated`."""
    cells = [cell for text in notebooks if LEDGER_KEY in text for cell in json.loads(text)["cells"]]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    rows = [row for output in outputs for row in output.get("metadata", {}).get(LEDGER_KEY, [])]
    return _typed(pd.DataFrame(rows, columns=COLUMNS, dtype=str))


def write_ledger() -> None:
    """Write the ledgers of every executed chapter as one file."""
    write_whole(book_dir() / FILE, collect().to_csv(index=False, lineterminator="\n", float_format="%.10g"))


def collect() -> pd.DataFrame:
    """Return the ledgers of every executed chapter, in the book's order."""
    return gather(_executed())


def _executed() -> list[str]:
    """Return the executed notebooks of papers; one that is altered or damaged is named and left out."""
    executed = [c for c in all_chapters() if c.study != SYNTHESIS and c.executed.is_file()]
    altered = [c for c in executed if stored(c)["altered"]]
    for one in altered:
        said = "is not as it was executed, and its verdicts are left out; `nqp run` makes it anew"
        print(f"book/{one.slug}.ipynb {said}", file=sys.stderr)
    return [one.executed.read_text(encoding="utf-8") for one in executed if one not in altered]


def read_ledger(path: Path | None = None) -> pd.DataFrame:
    """Return a collected ledger with `replicated` as numbers; empty when no chapter has been executed."""
    if path is None:
        note(path := book_dir() / FILE)
    if not path.is_file():
        return pd.DataFrame(columns=COLUMNS)
    return _typed(pd.read_csv(path, dtype=str, keep_default_na=False))


def _typed(ledger: pd.DataFrame) -> pd.DataFrame:
    return ledger.assign(replicated=pd.to_numeric(ledger["replicated"]))
