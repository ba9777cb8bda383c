"""Check a licensed file: everything in one run, nothing repaired, nothing written."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from nqp.data.rosters import sample
from nqp.licensed.cells import Numbers, broken_cells, numbers
from nqp.licensed.cities import Gazetteer, Places, gazetteer, locate
from nqp.licensed.contract import Contract, load_contract
from nqp.licensed.headers import has_keys, match_headers
from nqp.licensed.panel_rules import (
    check_duplicates,
    check_gaps,
    check_outside,
    check_reversal,
    check_roster,
    check_years,
    treatment,
)
from nqp.licensed.raw import RawTable
from nqp.licensed.reading import read_raw
from nqp.licensed.report import RULES, Report, nothing, rows_of
from nqp.licensed.values import check_values
from nqp.papers import SECTIONS


@dataclass(frozen=True)
class Checked:
    """A file's report, and its panel as read; the panel is fit for use only when the report is ok."""

    report: Report
    panel: pd.DataFrame


def check(path: Path | str, study: str = "cluster_pilot", sections: tuple[str, ...] = SECTIONS) -> Report:
    """Check a licensed file against a study's contract and report every problem in one run.

    Parameters
    ----------
    path : .csv (UTF-8, UTF-16 or GBK), .xlsx or .dta; English or Chinese headers
    study : slug of a study with a contract
    sections : those whose columns must be there; columns that are there are checked in any case

    Raises
    ------
    LicensedFileError
        When the file cannot be read at all.
    DataError
        For a study without a contract.
    """
    return examine(path, study, sections).report


def examine(path: Path | str, study: str, sections: tuple[str, ...] = SECTIONS) -> Checked:
    """Read and check a file; raises as `check`."""
    contract = load_contract(study)
    table = read_raw(Path(path), lambda headers: has_keys(headers, contract))
    towns = gazetteer(sample(study))
    headers = match_headers(table, contract, sections)
    text = table.cells[list(headers.at.values())].set_axis(list(headers.at), axis=1)
    places = _places(text, towns)
    read = {name: numbers(text[name]) for name in text if name not in ("adcode", "city")}
    year, said = _years(read, text, contract)
    found = [headers.found, _ragged(table), said]
    if places is not None:
        found += [places.found, check_outside(places.code, towns)]
    values = pd.DataFrame(
        {c.name: read[c.name].floats for c in contract.columns if c.name in read}, text.index
    )
    found.append(_cells(values, text, read, contract))
    if places is not None and "year" in text:
        found += _panel_rules(places, year, values, text, towns, contract)
    code = pd.Series(pd.NA, text.index, dtype="Int64") if places is None else places.code
    report = Report(
        study,
        table.read_as,
        len(table.cells),
        len(table.headers),
        _settled(found, code, year, towns, contract),
    )
    keys = pd.DataFrame({"adcode": code, "city": code.map(towns.name), "year": year})
    return Checked(report, pd.concat([keys, values], axis=1))


def _places(text: pd.DataFrame, towns: Gazetteer) -> Places | None:
    if not {"adcode", "city"} & set(text.columns):
        return None
    return locate(text.get("city"), text.get("adcode"), towns)


def _years(
    read: dict[str, Numbers], text: pd.DataFrame, contract: Contract
) -> tuple[pd.Series, pd.DataFrame]:
    if "year" not in read:
        return pd.Series(pd.NA, text.index, dtype="Int64"), nothing()
    year, said = check_years(read["year"], text["year"], contract)
    return year, pd.concat([broken_cells("year", text["year"], read["year"]), said], ignore_index=True)


def _ragged(table: RawTable) -> pd.DataFrame:
    if not table.ragged:
        return nothing()
    width = len(table.headers)
    advice = [
        f"{n} cells under {width} headers: is a separator missing or unquoted?" for n in table.ragged.values()
    ]
    return rows_of("ragged line", line=list(table.ragged), advice=advice)


def _cells(
    values: pd.DataFrame, text: pd.DataFrame, read: dict[str, Numbers], contract: Contract
) -> pd.DataFrame:
    """Report what is wrong with single cells: their text first, then, by pandera, their values."""
    unread = pd.DataFrame(False, index=values.index, columns=values.columns)
    found = [nothing()]
    for name in values:
        broken = read[name].broken[lambda rule: rule != "missing value"]
        unread.loc[broken.index, name] = True
        found.append(broken_cells(name, text[name], Numbers(read[name].floats, broken)))
    if len(values.columns):
        found.append(check_values(values, text[list(values)], unread, contract))
    return pd.concat(found, ignore_index=True)


def _panel_rules(
    places: Places,
    year: pd.Series,
    values: pd.DataFrame,
    text: pd.DataFrame,
    towns: Gazetteer,
    contract: Contract,
) -> list[pd.DataFrame]:
    rows = [check_duplicates(places.code, year), check_gaps(places, year, towns, contract)]
    for column in contract.columns:
        if column.absorbing and column.name in values:
            treated = treatment(values[column.name], places.code, year)
            rows.append(check_reversal(treated, text[column.name], column))
            if column.roster:
                rows.append(check_roster(treated, column, towns, contract.study))
    return rows


def _settled(
    found: list[pd.DataFrame], code: pd.Series, year: pd.Series, towns: Gazetteer, contract: Contract
) -> pd.DataFrame:
    """Join the rows, give each line its city and year, and sort by rule, column, city and year."""
    rows = pd.concat(found, ignore_index=True)
    on_line = rows["line"].isin(code.index)
    lines = rows.loc[on_line, "line"].astype(int)
    once = rows["rule"] == "city outside the sample"
    rows.loc[on_line, "city"] = lines.map(code).map(towns.name).fillna("")
    rows.loc[on_line, "year"] = lines.map(year).astype(object).where(lines.map(year).notna(), "")
    rows.loc[once, "year"] = ""
    ranks = {rule: n for n, rule in enumerate(RULES)}
    order = {c.name: n for n, c in enumerate((*contract.keys, *contract.columns))}
    keys = pd.DataFrame(
        {
            "rule": rows["rule"].map(ranks),
            "column": rows["column"].map(order).fillna(len(order)),
            "line": pd.to_numeric(rows["line"], errors="coerce").fillna(0),
            "year": pd.to_numeric(rows["year"], errors="coerce").fillna(0),
        }
    )
    return rows.loc[keys.sort_values(list(keys), kind="stable").index].reset_index(drop=True)
