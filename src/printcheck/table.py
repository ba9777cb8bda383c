"""Reading a CSV of printed numbers: one row a number, every problem of the file in one report."""

import csv
import re
from pathlib import Path

import pandas as pd

from printcheck.intervals import interval, rounding

NEEDED = ("column", "term", "stat", "printed")
OPTIONAL = ("id", "table", "stars", "kind", "part_of", "same_as", "doubt", "note")
KINDS_OF_VARIABLE = ("", "dummy", "whole")
WHOLE = ("n", "k", "units", "periods")
CHECKED = ("coef", "se", "t", "p", "r2", "r2_adj", "mean", "sd", "min", "max", *WHOLE)
NEVER_NEGATIVE = ("se", "sd", *WHOLE)
# a comma only between thousands: 0,25 is refused and not read as 25
NUMBER = re.compile(r"[-+\u2212]?(?=\.?\d)([1-9]\d{0,2}(,\d{3})+|\d*)(\.\d*)?([eE][-+\u2212]?\d+)?%?")


class TableError(ValueError):
    """A CSV that cannot be checked; the message names every row and column at fault."""


def read_table(path: str | Path) -> pd.DataFrame:
    """Read a CSV of printed numbers.

    Parameters
    ----------
    path : UTF-8 text with a line of column names: ``column``, ``term``, ``stat``, ``printed`` and, as needed, ``id``
        (made of table, column, term and stat when left out), ``table``, ``stars``, ``kind`` (``dummy`` or ``whole`` for
        variables of 0/1 or whole numbers), ``part_of`` (id of a total, or several with ``;`` between; ``-id`` where the
        number is taken off), ``same_as`` (id of the same number elsewhere), ``doubt`` (``digit`` where you may have
        misread one), ``note``

    Returns
    -------
    DataFrame
        Strings, indexed by id. Parentheses around a number are taken off, stars behind it are counted into `stars`.

    Raises
    ------
    TableError
        With all problems of the file at once: columns that are missing or unknown, rows of another length, numbers
        that are none, ids that stand twice or that nothing has. Rows are counted as in the file, names in row 1.
    """
    head, rows = _parse(Path(path))
    problems = [
        f"row {place}: {len(row)} fields, but row 1 names {len(head)}"
        for place, row in rows
        if len(row) != len(head)
    ]
    places = [place for place, row in rows if len(row) == len(head)]
    frame = pd.DataFrame([row for _, row in rows if len(row) == len(head)], columns=head, dtype=str)
    frame = frame.apply(lambda column: column.str.strip())
    frame = _stars(frame.assign(**{name: "" for name in OPTIONAL if name not in frame}))
    frame.index = pd.Index(places, name="row")
    made = frame[["table", "column", "term", "stat"]].apply(lambda row: ".".join(filter(None, row)), axis=1)
    frame["id"] = frame["id"].where(frame["id"] != "", made)
    problems += _rows_at_fault(frame)
    if problems:
        raise _refusal(path, sorted(problems, key=lambda said: int(re.search(r"\d+", said)[0])))
    return frame.set_index("id")


def _refusal(path: str | Path, problems: list[str]) -> TableError:
    count = f"{len(problems)} problem{'s' * (len(problems) > 1)}"
    return TableError("\n".join([f"{path} cannot be checked, {count}:", *(f"  {one}" for one in problems)]))


def _parse(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the column names and the rows with their places in the file; blank lines are left out."""
    if not path.is_file():
        raise _refusal(path, ["there is no such file"])
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.reader(opened)
            lines = [(reader.line_num, row) for row in reader if any(field.strip() for field in row)]
    except UnicodeDecodeError as wrong:
        raise _refusal(path, [f"it is no UTF-8 text (byte {wrong.start}); save it as CSV UTF-8"]) from wrong
    except csv.Error as wrong:
        raise _refusal(path, [f"it is no CSV: {wrong}"]) from wrong
    if not lines:
        raise _refusal(path, [f"it is empty; it needs the columns {', '.join(NEEDED)}"])
    head = [name.strip() for name in lines[0][1]]
    problems = [
        f"column {name!r} is missing; it needs {', '.join(NEEDED)}" for name in NEEDED if name not in head
    ]
    problems += [
        f"column {name!r} is unknown; there may also be {', '.join(OPTIONAL)}"
        for name in dict.fromkeys(head)
        if name not in (*NEEDED, *OPTIONAL)
    ]
    problems += [f"column {name!r} stands twice" for name in dict.fromkeys(head) if head.count(name) > 1]
    problems += ["it has column names and no numbers"] if len(lines) == 1 else []
    if problems:
        raise _refusal(path, problems)
    return head, lines[1:]


def _stars(frame: pd.DataFrame) -> pd.DataFrame:
    """Take parentheses off `printed`; count stars behind it, or written as stars in their own column."""
    shown = frame["printed"].str.extract(r"^(?P<number>.*?)\s*(?P<marks>\**)$")
    number = shown["number"].str.replace(r"^[(\[](.*)[)\]]$", r"\1", regex=True).str.strip()
    stars = frame["stars"].where(frame["stars"] != "", shown["marks"])
    counted = stars.map(lambda mark: str(len(mark)) if mark and set(mark) == {"*"} else mark)
    return frame.assign(printed=number, stars=counted)


def _rows_at_fault(frame: pd.DataFrame) -> list[str]:
    """Say what is at fault in each row, `row` being its place in the file."""
    first = {one: place for place, one in reversed(list(frame["id"].items()))}
    cells = frame[["table", "column", "term", "stat"]]
    twice = cells.duplicated() & ~frame["id"].duplicated() & frame["stat"].isin(CHECKED)
    problems = []
    for row in frame.itertuples():
        said = _number_at_fault(row)
        if first[row.id] != row.Index:
            said.append(f"id {row.id!r} stands in row {first[row.id]} too")
        if twice[row.Index]:
            said.append(f"another row has this table, column, term and stat ({row.stat}) too")
        others = [("same_as", row.same_as), *(("part_of", one) for one in row.part_of.split(";"))]
        for name, other in ((name, one.strip().removeprefix("-")) for name, one in others):
            if other and (other not in first or other == row.id):
                said.append(f"{name} names {other!r}, which is {'itself' if other == row.id else 'no id'}")
        problems += [f"row {row.Index}: {one}" for one in said]
    return problems


def _number_at_fault(row: tuple) -> list[str]:
    said = []
    if not NUMBER.fullmatch(row.printed):
        said.append(f"printed {row.printed!r} is no number")
    elif row.stat in WHOLE and (value := rounding(row.printed)) != interval(round(value.middle)):
        said.append(f"printed {row.printed!r} is no whole number, but stat is {row.stat}")
    elif row.stat in NEVER_NEGATIVE and rounding(row.printed).middle < 0:
        said.append(f"printed {row.printed!r} is negative, but stat is {row.stat}")
    if row.stars and not row.stars.isdecimal():
        said.append(f"stars {row.stars!r} is no number of stars")
    if row.kind not in KINDS_OF_VARIABLE:
        said.append(f"kind {row.kind!r} is none of {', '.join(filter(None, KINDS_OF_VARIABLE))}")
    if not row.stat:
        said.append("stat is empty")
    return said
