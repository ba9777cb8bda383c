"""Check a licensed file: everything in one run, nothing repaired, nothing written."""

from pathlib import Path

import pandas as pd

from nqp.data.rosters import sample
from nqp.licensed.cells import numbers
from nqp.licensed.cities import Gazetteer, gazetteer, locate
from nqp.licensed.contract import Contract, load_contract
from nqp.licensed.headers import has_keys, match_headers
from nqp.licensed.panel_rules import (
    check_duplicates,
    check_gaps,
    check_outside,
    check_parts,
    check_runs,
    check_treatment,
    check_vintages,
    check_years,
)
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
    contract = load_contract(study)
    table = read_raw(Path(path), lambda headers: has_keys(headers, contract))
    towns = gazetteer(sample(study))
    headers = match_headers(table, contract, sections)
    text = table.cells[list(headers.at.values())].set_axis(list(headers.at), axis=1)
    text = text.rename(columns={contract.place: "city"})
    places, year = locate(text, towns), pd.Series(pd.NA, text.index, dtype="Int64")
    found = [*headers.found, _ragged(table), places.found, check_outside(places.code, towns)]
    if "year" in text:
        read = numbers("year", text["year"])
        year, said = check_years(read.floats, text["year"], contract)
        found += [read.found, *said]
        if {"adcode", "city"} & set(text):
            found.append(check_gaps(places, year, towns, contract))
    found.append(check_duplicates(places.code, year))
    keys, values = pd.DataFrame({"code": places.code, "year": year}), {}
    for column in contract.columns:
        if column.name in text:
            written = text[column.name]
            read = numbers(column.name, written)
            values[column.name] = read.floats
            found += [read.found, *check_values(read.floats, written, column)]
            if contract.interpolated:
                found.append(check_runs(read.floats, written, keys, column.name))
            if column.absorbing:
                found += check_treatment(read.floats, written, keys, column, towns, study)
    found += [*check_parts(values, text, contract), *check_vintages(values, text, keys, contract)]
    rows = _settled(found, keys, towns, contract)
    columns = {"adcode": places.code, contract.place: places.code.map(towns.name), "year": year, **values}
    panel = pd.DataFrame(columns, text.index)
    return Report(study, table.read_as, len(table.cells), len(table.headers), rows, panel)


def _ragged(table: RawTable) -> pd.DataFrame:
    width = len(table.headers)
    said = f"cells under {width} headers: is a separator missing or unquoted?"
    advice = [f"{number} {said}" for number in table.ragged.values()]
    return rows_of("ragged line", line=list(table.ragged), advice=advice)


def _settled(
    found: list[pd.DataFrame], keys: pd.DataFrame, towns: Gazetteer, contract: Contract
) -> pd.DataFrame:
    """Join the rows, give each line its city and year, and sort by rule, column, city and year."""
    rows = pd.concat(found, ignore_index=True)
    on_line = rows["line"] != ""
    place = keys.loc[rows.loc[on_line, "line"]].set_axis(rows.index[on_line])
    rows.loc[on_line, "city"] = place["code"].map(towns.name).fillna("")
    rows.loc[on_line, "year"] = place["year"].astype(object).where(place["year"].notna(), "")
    rows.loc[rows["rule"] == "city outside the sample", "year"] = ""
    columns = [column.name for column in (*contract.keys, *contract.columns)]
    order = pd.DataFrame(
        {
            "rule": rows["rule"].map(list(RULES).index),
            "column": rows["column"].map({name: n for n, name in enumerate(columns)}),
            "line": pd.to_numeric(rows["line"], errors="coerce").fillna(0),
            "year": pd.to_numeric(rows["year"], errors="coerce").fillna(0),
        }
    )
    return rows.loc[order.sort_values(list(order), kind="stable").index].reset_index(drop=True)
