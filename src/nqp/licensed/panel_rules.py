"""The rules of the panel: years, duplicates, gaps, cities of the sample, treatments, parts of the index."""

from collections.abc import Iterator, Mapping
from math import prod

import numpy as np
import pandas as pd

from nqp.data.provinces import province_panel, same_vintage
from nqp.data.rosters import designated, first_treated
from nqp.licensed.cities import Gazetteer, Places
from nqp.licensed.contract import Column, Contract
from nqp.licensed.report import rows_of
from nqp.papers import Policy, paper


def check_years(
    values: pd.Series, text: pd.Series, contract: Contract
) -> tuple[pd.Series, list[pd.DataFrame]]:
    """Return the year of each line, missing where it cannot be used, and the report's rows."""
    there, whole, inside = values.notna(), values % 1 == 0, values.isin(contract.years)
    covered = (
        f"The paper covers {contract.first_year}-{contract.last_year}: correct the year or delete the row"
    )
    rows = []
    for rule, test, advice in (
        ("year not an integer", ~whole, "Write the calendar year"),
        ("year outside the window", whole & ~inside, covered),
    ):
        lines = values.index[there & test]
        rows.append(rows_of(rule, column="year", value=text[lines], line=lines, advice=advice))
    return values.where(inside).astype("Int64"), rows


def check_duplicates(code: pd.Series, year: pd.Series) -> pd.DataFrame:
    """Report each further row of a city and year, with the line of the first."""
    keys = pd.DataFrame({"code": code, "year": year}).dropna()
    again = keys[keys.duplicated()]
    first = keys.index.to_series().groupby([keys["code"], keys["year"]]).transform("first")
    advice = [f"Line {line} has it already: keep one row" for line in first[again.index]]
    return rows_of("duplicate city-year", line=again.index, advice=advice)


def check_outside(code: pd.Series, towns: Gazetteer) -> pd.DataFrame:
    """Report each city that the paper's sample does not have, once."""
    outside = code.dropna()[lambda c: ~c.isin(towns.sample)]
    counts, first = outside.value_counts(), outside.drop_duplicates()
    advice = [f"Delete its {counts[c]} row(s): the paper leaves it out" for c in first]
    return rows_of("city outside the sample", line=first.index, advice=advice)


def check_gaps(places: Places, year: pd.Series, towns: Gazetteer, contract: Contract) -> pd.DataFrame:
    """Report each city-year without a row, unless a row that is reported anyway may be it.

    Such a row has a name or code that may mean the city in that year, or is the city's with an unusable year. Where
    the sample is known as candidates only, a city without any row is none of the reader's.
    """
    exact = paper(contract.study).sample.exact
    wanted = towns.sample if exact else towns.sample & {*places.code.dropna()}
    there = set(zip(places.code.dropna(), year[places.code.notna()], strict=True))
    there |= {(code, year[line]) for line, codes in places.claims.items() for code in codes}
    unusable = places.code[year.isna()].value_counts()
    missing = []
    for code in sorted(wanted):
        gaps = [y for y in contract.years if (code, y) not in there]
        if len(gaps) <= unusable.get(code, 0):
            continue
        if len(gaps) == len(contract.years):
            missing.append(("missing city", towns.name[code], ""))
        else:
            missing += [("missing city-year", towns.name[code], y) for y in gaps]
    rows = pd.DataFrame(missing, columns=["rule", "city", "year"])
    return rows_of(**rows, advice="Add the row; the panel must be balanced, as the paper's is")


def check_treatment(
    values: pd.Series, text: pd.Series, keys: pd.DataFrame, column: Column, towns: Gazetteer, study: str
) -> Iterator[pd.DataFrame]:
    """Report rows in which treatment ends after it began or comes before the year of the city's public designation, and
    cities whose first year is not the one that the paper's rule makes of it.
    """
    treated = keys.assign(on=values).dropna()
    treated = treated[treated["on"].isin([0, 1])].sort_values(["code", "year"], kind="stable")
    before = treated.groupby("code")["on"].shift()
    lines = treated.index[(before == 1) & (treated["on"] == 0)]
    advice = f"{column.name} is 1 in every year after the first: correct it"
    yield rows_of("treatment reversed", column=column.name, value=text[lines], line=lines, advice=advice)
    if not column.roster:
        return
    year = treated["code"].map(designated(Policy(column.roster, "", {})))
    early = year[(treated["on"] == 1) & (treated["year"] < year)]
    advice = [f"Designated in {y:.0f}: {column.name} is 0 before" for y in early]
    said = {"column": column.name, "value": text[early.index], "line": early.index, "advice": advice}
    yield rows_of("treated before designation", **said)
    public = first_treated(study, column.roster)
    here = treated[treated["on"] == 1].groupby("code")["year"].min()
    cities = sorted(set(treated["code"]) & towns.sample)
    pairs = [(c, here.get(c, "never"), public.get(c, "never")) for c in cities]
    differ = [(c, a, b) for c, a, b in pairs if a != b]
    yield rows_of(
        "treatment not as in the roster",
        city=[towns.name[c] for c, _, _ in differ],
        year=[min(y for y in (a, b) if y != "never") for _, a, b in differ],
        column=column.name,
        value=[str(a) for _, a, _ in differ],
        advice=[f"First treated {a} here, {b} in the public roster" for _, a, b in differ],
    )


def check_parts(
    values: Mapping[str, pd.Series], text: pd.DataFrame, contract: Contract
) -> Iterator[pd.DataFrame]:
    """Report rows in which a column is not the product that the contract makes it, and dimensions of the index without
    any indicator, in every row, where others have one.
    """
    for column in contract.columns:
        parts, name = column.product_of, column.name
        if parts and {name, *parts} <= set(values):
            made = prod(values[part] for part in parts)
            lines = made.index[(values[name] != made) & values[name].notna() & made.notna()]
            advice = f"{name} is {' x '.join(parts)}: correct one of them"
            yield rows_of("not the product", column=name, value=text[name][lines], line=lines, advice=advice)
    of = {column.name: column.dimension for column in contract.columns if column.dimension}
    there = {of[name] for name in of if name in values}
    for part in dict.fromkeys(of.values()) if there else ():
        if part not in there:
            advice = f"Add {', '.join(name for name in of if of[name] == part)}, or leave out all indicators"
            yield rows_of("missing dimension", column=part, line=text.index, advice=advice)


def check_runs(values: pd.Series, text: pd.Series, keys: pd.DataFrame, name: str) -> pd.DataFrame:
    """Report rows inside three or more equal yearly differences, each of at least ten units of the last digit."""
    digit = 10.0 ** -text.str.partition(".")[2].str.len().max()
    rows = keys.assign(x=values).dropna().sort_values(["code", "year"])
    step = rows.groupby("code")["x"].diff()
    equal = step.groupby(rows["code"]).diff().abs() <= 1e-9 * rows["x"].abs().max()
    equal = (equal & (step.abs() >= 10 * digit)).groupby(rows["code"])
    run = equal.transform(lambda e: e & (e.shift(fill_value=False) | e.shift(-1, fill_value=False)))
    lines = rows.index[run.groupby(rows["code"]).shift(-1, fill_value=False)]
    advice = "The differences to the years before and after are equal: observed, or interpolated?"
    return rows_of("equal differences", column=name, value=text[lines], line=lines, advice=advice)


def check_vintages(
    values: Mapping[str, pd.Series], text: pd.DataFrame, keys: pd.DataFrame, contract: Contract
) -> Iterator[pd.DataFrame]:
    """Report national accounts that are, to 0.05 %, public ones of another vintage than most of their year are."""
    tried = [(c.name, name) for c in contract.columns for name in c.vintages if c.name in values]
    if not tried:
        return
    public, at, found = province_panel().set_index(["adcode", "year"]), pd.MultiIndex.from_frame(keys), []
    for column, name in tried:
        same = np.isclose(values[column], public[name].reindex(at), rtol=5e-4)
        found.append(keys.assign(column=column, vintage=same_vintage(name))[same])
    fits = pd.concat(found).rename_axis("line").reset_index()
    most = fits["year"].map(fits.groupby("year")["vintage"].agg(lambda each: each.mode()[0]))
    usual = fits["vintage"].eq(most).groupby([fits["line"], fits["column"]]).transform("any")
    wrong = fits.assign(most=most)[~usual].drop_duplicates(["line", "column"])
    advice = [f"As {w.vintage}, most of {w.year} as {w.most}: sums do not match" for w in wrong.itertuples()]
    value = [text.at[w.line, w.column] for w in wrong.itertuples()]
    yield rows_of("another vintage", column=wrong["column"], value=value, line=wrong["line"], advice=advice)
