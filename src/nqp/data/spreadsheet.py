"""Tables for people who open them in a spreadsheet program, which runs a cell that looks like a formula."""

import re
from pathlib import Path
from typing import TextIO

import pandas as pd

NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
# at the start of a cell, or behind what another country's spreadsheet takes for the end of a cell
FORMULA = re.compile(r"(^|[;\t\r\n])(?=[=+\-@\t\r＝＋－＠])")


def safe_csv(frame: pd.DataFrame, target: Path | str | TextIO, *, encoding: str = "utf-8-sig") -> None:
    """Write a table as CSV in which no text runs as a formula; without the frame's index.

    Text that starts with ``=``, ``+``, ``-``, ``@``, their full-width forms, a tab or a carriage return, also behind a
    semicolon, a tab or a line end, gets an apostrophe before it, by which spreadsheet programs know text. Line ends
    become line feeds. Numbers stay, also where they are text such as ``-0.5``. Headers are treated like cells. The
    default encoding is UTF-8 with the mark by which Excel knows it.
    """
    safe = frame.copy()
    for name in safe.select_dtypes(exclude=["number", "bool"]):
        safe[name] = safe[name].map(_defused)
    safe.rename(columns=_defused).to_csv(target, index=False, encoding=encoding, lineterminator="\n")


def _defused(value: object) -> object:
    if not isinstance(value, str) or NUMBER.fullmatch(value):
        return value
    return re.sub(r"\r\n?", "\n", FORMULA.sub(r"\1'", value))  # csv leaves a lone \r unquoted
