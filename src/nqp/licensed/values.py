"""The rules of single values, as a pandera schema built from the contract."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nqp.licensed.contract import Column, Contract
from nqp.licensed.report import nothing, rows_of

if TYPE_CHECKING:
    import pandera.pandas as pa

MISSING, CONSTANT = "missing value", "constant column"


def _pandera(column: Column) -> "pa.Column":
    import pandera.pandas as pa

    checks = [pa.Check(_keeps(rule, column), error=rule) for rule in _rules(column)]
    checks.append(pa.Check(_varies, error=CONSTANT))
    return pa.Column(float, checks, nullable=False)


def _rules(column: Column) -> list[str]:
    """Return the rules that a value of the column can break."""
    if column.kind == "dummy":
        return ["not 0 or 1"]
    units = dict.fromkeys(_unit_rule(unit, column) for unit in column.mistaken)
    counts = ["not a count"] if column.kind == "count" else []
    negative = ["negative value"] if column.range[0] >= 0 else []
    return [*units, *negative, "out of range", *counts]


def _varies(values: pd.Series) -> bool:
    return len(values) < 2 or values.dropna().unique().size != 1


def _keeps(rule: str, column: Column) -> Callable[[pd.Series], pd.Series]:
    return lambda values: broken_rule(values, column) != rule


def broken_rule(values: pd.Series, column: Column) -> pd.Series:
    """Return the rule that each value breaks, empty where it breaks none; a value breaks at most one.

    A unit is suspected when a value lies outside the column's plausible interval and one of the contract's formulas
    brings it inside.
    """
    low, high = column.range
    fits = mistaken_units(values, column)
    units = [(_unit_rule(unit, column), fits[unit]) for unit in fits]
    tests = [
        ("not 0 or 1", (column.kind == "dummy") & ~values.isin([0, 1])),
        *units,
        ("negative value", (values < 0) & (low >= 0)),
        ("out of range", (values < low) | (values > high)),
        ("not a count", (column.kind == "count") & (values % 1 != 0)),
    ]
    rules = np.select([test & values.notna() for _, test in tests], [rule for rule, _ in tests], "")
    return pd.Series(rules, index=values.index, dtype=object)


def mistaken_units(values: pd.Series, column: Column) -> pd.DataFrame:
    """Return, by the contract's other units, whether a value would make sense had it been written in that unit."""
    low, high = column.plausible
    outside = (values < low) | (values > high)
    fits = {}
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for unit, formula in column.mistaken.items():
            ours = values.to_frame("x").eval(formula, engine="python")
            fits[unit] = outside & ours.between(low, high)
    return pd.DataFrame(fits, index=values.index, dtype=bool)


def _unit_rule(unit: str, column: Column) -> str:
    if unit == "percent":
        return "percent for share"
    formula = column.mistaken[unit]
    return "log or level" if "log(" in formula or "exp(" in formula else "wrong unit"


def check_values(
    frame: pd.DataFrame, text: pd.DataFrame, unread: pd.DataFrame, contract: Contract
) -> pd.DataFrame:
    """Validate the variables with pandera, all at once, and return the report's rows.

    Parameters
    ----------
    frame : numbers by line; columns are names of the contract
    text : the cells as written, same shape
    unread : True where a cell's text was already reported, same shape
    """
    import pandera.pandas as pa

    columns = [contract[name] for name in frame.columns]
    rules = pa.DataFrameSchema({column.name: _pandera(column) for column in columns})
    try:
        rules.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as broken:
        cases = broken.failure_cases
    else:
        return nothing()
    parts = [nothing()]
    for (name, check), group in cases.groupby(["column", "check"], sort=False):
        rule = MISSING if check == "not_nullable" else str(check)
        if rule == CONSTANT:
            parts.append(_constant(frame[name], contract[name]))
            continue
        lines = pd.Index(group["index"].astype(int))
        lines = lines[~unread.loc[lines, name].to_numpy()]
        if len(lines):
            advice = _advice(rule, frame.loc[lines, name], contract[name])
            parts.append(rows_of(rule, column=name, value=text.loc[lines, name], line=lines, advice=advice))
    return pd.concat(parts, ignore_index=True)


def _constant(values: pd.Series, column: Column) -> pd.DataFrame:
    only = f"{values.dropna().iloc[0]:g}"
    advice = f"{column.label} should differ between cities and years: was it filled in?"
    return rows_of(CONSTANT, column=column.name, value=only, advice=advice)


def _advice(rule: str, values: pd.Series, column: Column) -> list[str]:
    low, high = column.range
    if rule == MISSING:
        said = (
            "Fill it, or leave the variable out with the sections that need it; nothing is interpolated here"
        )
    elif rule in ("percent for share", "log or level", "wrong unit"):
        fits = mistaken_units(values, column)
        units = [" or ".join(fits.columns[row]) for row in fits.to_numpy()]
        return [f"Looks like {unit}; {column.name} is {column.unit}. Convert it" for unit in units]
    elif rule == "not 0 or 1":
        said = "Write 0 or 1"
    else:
        said = f"{column.name} is {column.unit}, from {low:g} to {high:g}"
    return [said] * len(values)
