"""The contract's rules for single values, and for columns that should vary."""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from nqp.licensed.contract import Column
from nqp.licensed.report import rows_of


def check_values(values: pd.Series, column: Column) -> Iterator[pd.DataFrame]:
    """Yield the report's rows for the numbers of a column; a value breaks at most one rule.

    A unit is suspected when a value lies outside the column's plausible interval and one of the contract's formulas
    brings it inside. Missing numbers are reported elsewhere.
    """
    known = values.dropna()
    if len(values) > 1 and known.unique().size == 1:
        advice = f"{column.label} should differ between cities and years: was it filled in?"
        yield rows_of("constant column", column=column.name, value=f"{known.iloc[0]:g}", advice=advice)
    low, high = column.range
    units = mistaken_units(known, column)
    tests = [
        ("not 0 or 1", (column.kind == "dummy") & ~known.isin([0, 1])),
        *((_unit_rule(unit, column), units[unit]) for unit in units),
        ("negative value", (known < 0) & (low >= 0)),
        ("out of range", (known < low) | (known > high)),
        ("not a count", (column.kind == "count") & (known % 1 != 0)),
    ]
    rules = np.select([test for _, test in tests], [rule for rule, _ in tests], "")
    broken = pd.Series(rules, known.index, dtype=object)[rules != ""]
    fits = units.loc[broken.index].to_numpy(dtype=bool)
    advice = [_advice(rule, units.columns[row], column) for rule, row in zip(broken, fits, strict=True)]
    yield rows_of(broken, column=column.name, line=broken.index, advice=advice)


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


def _advice(rule: str, units: Iterable[str], column: Column) -> str:
    if rule == "not 0 or 1":
        return "Write 0 or 1"
    if meant := " or ".join(units):
        return f"Looks like {meant}; {column.name} is {column.unit}. Convert it"
    low, high = column.range
    return f"{column.name} is {column.unit}, from {low:g} to {high:g}"
