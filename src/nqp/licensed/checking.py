"""Check a licensed file: everything in one run, nothing repaired, nothing written."""

from pathlib import Path

import numpy as np
import pandas as pd

from nqp.data.rosters import sample
from nqp.licensed.cells import check_numbers, numbers
from nqp.licensed.cities import gazetteer, locate
from nqp.licensed.contract import load_contract
from nqp.licensed.headers import has_keys, match_headers
from nqp.licensed.panel_rules import PANEL_RULES, Lines
from nqp.licensed.raw import RawTable
from nqp.licensed.reading import read_raw
from nqp.licensed.report import RULES, Report, rows_of
from nqp.licensed.values import check_values
from nqp.papers import SECTIONS


def check(path: Path | str, study: str, sections: tuple[str, ...] = SECTIONS) -> Report:
    """Check a licensed file against a study's contract and report every problem in one run.

    Parameters
    ----------
    path : .csv (UTF-8, UTF-16 or GBK), .xlsx or .dta; English or Chinese headers. A LicensedFileError refuses one that
        cannot be read at all
    study : slug of a study with a contract, or a DataError says which have one
    sections : those whose columns must be there; columns that are there are checked in any case
    """
    contract, towns = load_contract(study), gazetteer(sample(study))
    table = read_raw(Path(path), lambda headers: has_keys(headers, contract))
    headers = match_headers(table, contract, sections)
    text = table.cells[list(headers.at.values())].set_axis(list(headers.at), axis=1)
    text = text.rename(columns={contract.place: "city"})
    columns = [column for column in contract.columns if column.name in text]
    values = {column.name: numbers(text[column.name]) for column in columns}
    year = numbers(text["year"]) if "year" in text else pd.Series(np.nan, text.index)
    places = locate(text, towns)
    keys = pd.DataFrame({"code": places.code, "year": year.where(year.isin(contract.years)).astype("Int64")})
    lines = Lines(contract, towns, text, columns, {"year": year, **values}, places, keys)
    found = [*headers.found, _ragged(table), places.found]
    found += [check_numbers(text[name], read) for name, read in lines.numbers.items() if name in text]
    found += [rows for column in columns for rows in check_values(values[column.name], column)]
    found += [rows for rule in PANEL_RULES for rows in rule(lines)]
    named = {"adcode": places.code, contract.place: places.code.map(towns.name), "year": keys["year"]}
    panel = pd.DataFrame(named | values, text.index)
    return Report(study, table.read_as, *table.cells.shape, _settled(found, lines), panel)


def _ragged(table: RawTable) -> pd.DataFrame:
    width = len(table.headers)
    said = f"cells under {width} headers: is a separator missing or unquoted?"
    advice = [f"{number} {said}" for number in table.ragged.values()]
    return rows_of("ragged line", line=list(table.ragged), advice=advice)


def _settled(found: list[pd.DataFrame], lines: Lines) -> pd.DataFrame:
    """Join the rows, give each line its city, year and value as written, and sort by rule, column and line."""
    rows = pd.concat(found, ignore_index=True)
    on_line = rows["line"] != ""
    place = lines.keys.loc[rows.loc[on_line, "line"]].set_axis(rows.index[on_line])
    rows.loc[on_line, "city"] = place["code"].map(lines.towns.name).fillna("")
    rows.loc[on_line, "year"] = place["year"].astype(object).where(place["year"].notna(), "")
    rows.loc[rows["rule"] == "city outside the sample", "year"] = ""
    cells = rows.loc[on_line & rows["column"].isin(lines.text.columns), ["line", "column"]]
    at = lines.text.index.get_indexer(cells["line"]), lines.text.columns.get_indexer(cells["column"])
    rows.loc[cells.index, "value"] = lines.text.to_numpy()[at]
    columns = [column.name for column in (*lines.contract.keys, *lines.contract.columns)]
    order = rows[["line", "year"]].apply(pd.to_numeric, errors="coerce").fillna(0)
    for place, (name, known) in enumerate((("rule", [*RULES]), ("column", columns))):
        order.insert(place, name, rows[name].map({each: rank for rank, each in enumerate(known)}))
    return rows.loc[order.sort_values(list(order)).index].reset_index(drop=True)
