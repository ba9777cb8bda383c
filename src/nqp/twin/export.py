"""Writing a twin to a file that says in its name, its content and its metadata that it is synthetic."""

from pathlib import Path
from typing import Literal, get_args

import pandas as pd
import yaml

from nqp.data import path_of
from nqp.data.spreadsheet import safe_csv
from nqp.evidence.published import symbols
from nqp.twin.assemble import LABEL, Twin, generate
from nqp.twin.declared import TwinError

Format = Literal["csv", "dta", "parquet"]


def export(study: str, seed: int, format: Format, folder: Path | str, *, world: str = "as_printed") -> Path:
    """Generate a twin and write it as one table; return the path.

    The table has the columns of the paper's ``contract.yml``; without one, those of the panel and raw indicators.
    Production data of the year before the panel are only in `Twin.production`.

    The word SYNTHETIC stands in the file's name, in its first column (every row), and in the metadata: variable and
    data labels in ``dta`` (Stata 14 and later), key-value metadata in ``parquet``. Same arguments, same bytes.
    Raises a TwinError for an unknown format, a folder that does not exist, or parquet without pyarrow.
    """
    folder = Path(folder)
    if format not in get_args(Format):
        raise TwinError(f"unknown format {format!r}; use one of {', '.join(get_args(Format))}")
    if not folder.is_dir():
        raise TwinError(f"there is no folder {folder}; make it first")
    twin = generate(study, seed, world=world)
    table = _table(twin)
    table.insert(0, "data_class", LABEL)
    path = folder / f"{study}_{world}_seed{seed}_{LABEL}.{format}"
    if format == "csv":
        safe_csv(table, path, encoding="utf-8")
    elif format == "dta":
        _stata(twin, table, path)
    else:
        _parquet(twin, table, path)
    return path


def _table(twin: Twin) -> pd.DataFrame:
    table, paper = twin.panel, twin.study.paper
    for more in (twin.indicators, twin.production):
        if more is not None:
            table = table.merge(more, on=["adcode", "year"], validate="one_to_one")
    if "contract.yml" not in paper.files:
        return table
    contract = yaml.safe_load(path_of(paper.file("contract.yml")).read_text(encoding="utf-8"))
    table = table.rename(columns={"name_zh": [*contract["keys"]][1]})
    return table[[name for name in (*contract["keys"], *contract["columns"]) if name in table]]


def _stata(twin: Twin, table: pd.DataFrame, path: Path) -> None:
    names = symbols(twin.study.paper)
    labels = {c: f"{LABEL}: {names.get(c, c)}"[:80] for c in table.columns}
    fixed = pd.Timestamp("2025-01-01").to_pydatetime()  # so that the bytes are the same
    kept = {"data_label": twin.label[:80], "variable_labels": labels, "time_stamp": fixed}
    table.to_stata(path, write_index=False, version=118, **kept)


def _parquet(twin: Twin, table: pd.DataFrame, path: Path) -> None:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as missing:
        raise TwinError("parquet needs pyarrow: pip install pyarrow, or export csv or dta") from missing
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    note = {"description": twin.label, "data_class": LABEL}
    pq.write_table(arrow.replace_schema_metadata({**(arrow.schema.metadata or {}), **note}), path)
