"""An empty file that keeps the contract, to be filled by the reader."""

from pathlib import Path

import pandas as pd

from nqp.data.rosters import sample
from nqp.data.spreadsheet import safe_csv
from nqp.licensed.contract import Column, Contract, load_contract
from nqp.manifest import DataError


def template(study: str, folder: Path | str = ".", *, force: bool = False) -> list[Path]:
    """Write an empty table of a study's cities and years, as CSV and as Excel, and the dictionary of its columns.

    Parameters
    ----------
    folder : where to write ``STUDY_template.csv``, ``STUDY_template.xlsx`` (second sheet: the dictionary) and
        ``STUDY_dictionary.csv``; all in UTF-8 with the mark by which Excel knows it
    force : overwrite; else a DataError refuses files that are there

    Returns
    -------
    list of Path
        The files written.
    """
    contract, folder = load_contract(study), Path(folder)
    paths = [folder / f"{study}_{name}" for name in ("template.csv", "template.xlsx", "dictionary.csv")]
    if not folder.is_dir():
        raise DataError(f"there is no folder {folder}")
    if not force and (there := [path.name for path in paths if path.exists()]):
        raise DataError(f"{', '.join(there)} already there: nothing written. Say --force to overwrite")
    words = pd.DataFrame([_describe(column) for column in (*contract.keys, *contract.columns)])
    table = _empty_table(contract)
    safe_csv(table, paths[0])
    with pd.ExcelWriter(paths[1]) as book:
        table.to_excel(book, sheet_name="data", index=False, freeze_panes=(1, 3))
        words.to_excel(book, sheet_name="dictionary", index=False, freeze_panes=(1, 1))
    safe_csv(words, paths[2])
    return paths


def _empty_table(contract: Contract) -> pd.DataFrame:
    """Return one row a city and year, with codes, names and years, and every variable empty."""
    cities = sample(contract.study)[["adcode", "name_zh"]].rename(columns={"name_zh": contract.place})
    keys = cities.merge(pd.DataFrame({"year": contract.years}), how="cross")
    return keys.reindex(columns=[*keys, *(column.name for column in contract.columns)])


def _describe(column: Column) -> dict[str, object]:
    """Return headers, unit, allowed range, definitions in English and Chinese, who needs it."""
    low, high = ("", "") if column.unit == "" else column.range
    return {
        "column": column.name,
        "label": column.label,
        "Chinese headers understood": ", ".join(column.zh),
        "kind": column.kind if column.unit else "key",
        "unit": column.unit,
        "from": low,
        "to": high,
        "definition": column.definition,
        "definition_zh": column.definition_zh,
        "needed by": ", ".join(column.needed_by) or ("" if column.unit else "all"),
    }
