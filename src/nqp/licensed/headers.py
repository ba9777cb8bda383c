"""Which column of a file is which column of the contract."""

import unicodedata
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
    written = list(zip(table.headers, table.labels, strict=True))
    names = [known.get(plain(header)) or known.get(plain(label)) for header, label in written]
    at, state, found = {name: names.index(name) for name in names if name}, {}, []
    for position, (name, header) in enumerate(zip(names, table.headers, strict=True)):
        if name is None:
            near = "".join(known[h] for h in get_close_matches(plain(header), known, n=1, cutoff=0.75))
            state[near] = f"Is it the column {header}? Then rename that. "
            found.append(_unknown(header, position, table, near))
        elif position != at[name]:
            advice = (
                f"Columns {at[name] + 1} ({table.headers[at[name]]}) and {position + 1} both mean {name}: delete one;"
                " the cells of the first are checked here"
            )
            found.append(rows_of("duplicated header", column=name, value=header, advice=advice))
    empty = {name for name, position in at.items() if table.cells[position].eq("").all()}
    state |= dict.fromkeys(empty, "The column is there, but empty. ")
    at = {name: position for name, position in at.items() if name not in empty}
    return Headers(at, [*found, _missing(at, state, contract, sections)])


def _unknown(header: str, position: int, table: RawTable, near: str) -> pd.DataFrame:
    advice = "It is not used." + (f" Did you mean {near}? Then rename it." if near else "")
    if table.cells[position].eq("SYNTHETIC").any():
        advice = "The file says of itself that it is SYNTHETIC: results on it are no evidence on real cities"
    called = header or f"(column {position + 1}, without header)"
    return rows_of("unknown column", column=called, advice=advice)


def _missing(
    at: dict[str, int], state: dict[str, str], contract: Contract, sections: tuple[str, ...]
) -> pd.DataFrame:
    said = {}
    if not {"adcode", contract.place} & set(at):
        said["adcode"] = f"The cities' codes, or their Chinese names ({contract.place})"
    if "year" not in at:
        said["year"] = "The year, also understood as 年份"
    for column in contract.columns:
        users = ", ".join(section for section in column.needed_by if section in sections)
        if users and column.name not in at:
            also = ", ".join(column.zh)
            said[column.name] = f"{column.label}, also understood as {also}; needed by {users}"
    advice = [state.get(name, "") + why for name, why in said.items()]
    return rows_of("missing column", column=said, advice=advice)
