"""What a check found: one row a problem, grouped for the terminal."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from nqp.data.spreadsheet import safe_csv
from nqp.manifest import DataError
from nqp.papers import paper

PROBLEM, WARNING = "problem", "warning"
COLUMNS = ["rule", "level", "city", "year", "column", "value", "line", "advice"]

# rule: (what it says, whether a file that breaks it is refused)
RULES = {
    "duplicated header": ("two columns have the same meaning", PROBLEM),
    "missing column": ("a column that chapters need is absent", PROBLEM),
    "missing dimension": ("a part of the index has no indicator, others have", PROBLEM),
    "unknown column": ("a column that no chapter uses", WARNING),
    "ragged line": ("a line has another number of cells than the headers", PROBLEM),
    "unknown city name": ("no city has this name", PROBLEM),
    "unknown city code": ("no city has this code", PROBLEM),
    "city name and code differ": ("name and code stand for two cities", PROBLEM),
    "city outside the sample": ("the paper's sample does not have this city", PROBLEM),
    "renamed city": ("an old name, understood", WARNING),
    "year not an integer": ("a year is not a whole number", PROBLEM),
    "year outside the window": ("the paper's window does not have this year", PROBLEM),
    "duplicate city-year": ("a city has more than one row in a year", PROBLEM),
    "missing city-year": ("a city lacks a year", PROBLEM),
    "missing city": ("a city of the sample has no row", PROBLEM),
    "full-width digits": ("a number in full-width characters", PROBLEM),
    "thousands separator": ("a number with separators", PROBLEM),
    "formula without a value": ("a formula whose result the file does not hold", PROBLEM),
    "infinite value": ("not a finite number", PROBLEM),
    "not a number": ("text where a number should stand", PROBLEM),
    "missing value": ("an empty cell", PROBLEM),
    "percent for share": ("suspected: a percentage where a share belongs", PROBLEM),
    "log or level": ("suspected: a logarithm where a level belongs, or the reverse", PROBLEM),
    "wrong unit": ("suspected: the magnitude fits another unit", PROBLEM),
    "negative value": ("negative where only positive values make sense", PROBLEM),
    "out of range": ("outside the allowed range", PROBLEM),
    "not 0 or 1": ("a dummy with another value", PROBLEM),
    "not a count": ("a count that is not a whole number", PROBLEM),
    "constant column": ("one value in every row", PROBLEM),
    "treatment reversed": ("treatment ends after it began", PROBLEM),
    "treated before designation": ("a city is in a policy before the year of its designation", PROBLEM),
    "not the product": ("the column is not the product of its parts", PROBLEM),
    "another vintage": ("national accounts of another vintage of GDP than most of that year", PROBLEM),
    "equal differences": ("suspected: a run of interpolated values", WARNING),
    "treatment not as in the roster": ("first treated year differs from the public roster", WARNING),
}


@dataclass(frozen=True)
class Report:
    """Everything a check found in a licensed file: one row a problem, with `COLUMNS`."""

    study: str  # slug
    read_as: str  # format and encoding of the file
    rows: int  # of the file, without its headers
    columns: int
    found: pd.DataFrame  # see `rows_of`; `value` is as written
    panel: pd.DataFrame  # the numbers as read, fit for use only when the report is ok

    @property
    def problems(self) -> pd.DataFrame:
        """The rows for which the file is refused."""
        return self.found[self.found["level"] == PROBLEM]

    @property
    def ok(self) -> bool:
        """Whether the file can be used."""
        return self.problems.empty

    def headline(self) -> str:
        """Return the size of the file and how many problems it has, in one line; a rule broken in a column is one."""
        size = f"{self.rows:,} rows, {self.columns} columns ({self.read_as})"
        warnings = self.found[self.found["level"] == WARNING]
        return f"{size}: {_count(self.problems, PROBLEM)}, {_count(warnings, WARNING)}"

    def counts(self) -> str:
        """Return how often each rule is broken and in which columns; names no city and no value."""
        return "\n".join(self._heading(rule, rows) for rule, rows in self._groups())

    def text(self, most: int = 3) -> str:
        """Return the report for a terminal: by rule, with the first examples and what to do."""
        parts = [self.headline()]
        for rule, rows in self._groups():
            parts.append("\n" + self._heading(rule, rows))
            parts += [self._in_words(_example(row)) for row in rows.head(most).itertuples()]
            if len(rows) > most:
                parts.append(f"    ... and {len(rows) - most:,} more")
        return "\n".join(parts)

    def write(self, path: Path | str, checked: Path | str) -> None:
        """Write all rows as CSV for a spreadsheet program, but never over the checked file."""
        if Path(path).resolve() == Path(checked).resolve():
            raise DataError(f"the report would overwrite {checked}: name another file")
        words = {name: self.found[name].map(self._in_words) for name in ("rule", "advice")}
        safe_csv(self.found.assign(**words).rename(columns={"city": paper(self.study).unit}), path)

    def _groups(self) -> Iterable[tuple[str, pd.DataFrame]]:
        """Problems first, warnings last."""
        return self.found.sort_values("level", kind="stable").groupby("rule", sort=False)

    def _heading(self, rule: str, rows: pd.DataFrame) -> str:
        says, level = RULES[rule]
        named = rows.loc[rows["column"] != "", "column"].value_counts()
        shown = ", ".join(f"{name} {n:,}" if n > 1 else name for name, n in named.head(5).items())
        more = f" and {len(named) - 5} more" if len(named) > 5 else ""
        where = f" in {shown}{more}" if len(named) else ""
        mark = " (warning)" if level == WARNING else ""
        return self._in_words(f"{rule}{mark}: {len(rows):,}{where} - {says}")

    def _in_words(self, text: str) -> str:
        """Call cities what the paper's units are."""
        unit = paper(self.study).unit
        return re.sub(r"\bcit(?:y|(ies))\b", lambda found: unit + "s" * bool(found[1]), text)


def _count(rows: pd.DataFrame, what: str) -> str:
    number = len(rows[["rule", "column"]].drop_duplicates())
    plural = "" if number == 1 else "s"
    return f"{number:,} {what}{plural}" + (f" ({len(rows):,} rows)" if len(rows) > number else "")


def _example(row: object) -> str:
    place = " ".join(str(part) for part in (row.city, row.year, row.column) if part != "")
    value = f" = {row.value!r}" if row.value != "" else ""
    line = f"line {row.line}: " if row.line != "" else ""
    return f"    {line}{place}{value}. {row.advice}"


def rows_of(rule: str | Iterable[str], **fields: object) -> pd.DataFrame:
    """Return rows of a report; rule and fields are scalars or sequences, fields left out are empty.

    A check adds the city and the year of a line, and the value as written.
    """
    given = dict.fromkeys(COLUMNS, "") | {"rule": rule} | fields
    given = {name: each if isinstance(each, str) else list(each) for name, each in given.items()}
    length = max((len(each) for each in given.values() if isinstance(each, list)), default=1)
    rows = pd.DataFrame(given, index=range(length), dtype=object)
    return rows.assign(level=rows["rule"].map({rule: level for rule, (_, level) in RULES.items()}))
