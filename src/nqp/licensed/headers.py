"""Which column of a file is which column of the contract."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

import pandas as pd

from nqp.licensed.contract import Contract
from nqp.licensed.raw import RawTable
from nqp.licensed.report import rows_of


@dataclass(frozen=True)
class Headers:
    """Position of each understood column in a file, and what is wrong with its headers."""

    at: dict[str, int]
    found: list[pd.DataFrame]


def plain(header: str) -> str:
    """Return a header without case, blanks, underscores and full-width forms, which make no difference."""
    folded = unicodedata.normalize("NFKC", header).casefold()
    return "".join(c for c in folded if not c.isspace() and c not in "_\ufeff")


def has_keys(headers: list[str], contract: Contract) -> bool:
    """Tell whether headers name a year and a city."""
    there = {plain(header) for header in headers}
    known = {key.name: not there.isdisjoint(map(plain, key.headers)) for key in contract.keys}
    return known["year"] and (known["adcode"] or known[contract.place])


def match_headers(table: RawTable, contract: Contract, sections: tuple[str, ...]) -> Headers:
    """Match headers with the contract; columns that `sections` need must be there.

    Of two columns with one meaning the first counts; an empty column is absent.
    """
    known = {plain(h): c.name for c in (*contract.keys, *contract.columns) for h in c.headers}
    at: dict[str, int] = {}
    found: list[pd.DataFrame] = []
    meant: dict[str, str] = {}
    for position, (header, label) in enumerate(zip(table.headers, table.labels, strict=True)):
        name = known.get(plain(header)) or known.get(plain(label))
        if name is None:
            near = [known[h] for h in get_close_matches(plain(header), known, n=1, cutoff=0.75)]
            meant |= dict.fromkeys(near, header)
            found.append(_unknown(header, position, table, near))
        elif name in at:
            advice = (
                f"Columns {at[name] + 1} ({table.headers[at[name]]}) and {position + 1} both mean {name}: delete one;"
                " the cells of the first are checked here"
            )
            found.append(rows_of("duplicated header", column=name, value=header, advice=advice))
        else:
            at[name] = position
    empty = {name for name, position in at.items() if table.cells[position].eq("").all()}
    at = {name: position for name, position in at.items() if name not in empty}
    state = {name: f"Is it the column {header}? Then rename that. " for name, header in meant.items()}
    state |= dict.fromkeys(empty, "The column is there, but empty. ")
    return Headers(at, [*found, *_missing(at, state, contract, sections)])


def _unknown(header: str, position: int, table: RawTable, near: list[str]) -> pd.DataFrame:
    advice = "It is not used." + (f" Did you mean {near[0]}? Then rename it." if near else "")
    if table.cells[position].eq("SYNTHETIC").any():
        advice = "The file says of itself that it is SYNTHETIC: results on it are no evidence on real cities"
    called = header or f"(column {position + 1}, without header)"
    return rows_of("unknown column", column=called, advice=advice)


def _missing(
    at: dict[str, int], state: dict[str, str], contract: Contract, sections: tuple[str, ...]
) -> Iterator[pd.DataFrame]:
    if not {"adcode", contract.place} & set(at):
        said = state.get("adcode", "") + f"The cities' codes, or their Chinese names ({contract.place})"
        yield rows_of("missing column", column="adcode", advice=said)
    if "year" not in at:
        said = state.get("year", "") + "The year, also understood as 年份"
        yield rows_of("missing column", column="year", advice=said)
    for column in contract.columns:
        users = [section for section in column.needed_by if section in sections]
        if users and column.name not in at:
            said = f"{column.label}, also understood as {', '.join(column.zh)}; needed by {', '.join(users)}"
            yield rows_of("missing column", column=column.name, advice=state.get(column.name, "") + said)
