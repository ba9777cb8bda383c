"""The rules of the panel: years, duplicates, gaps, cities of the sample, treatments, parts of the index."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import numpy as np
import pandas as pd

from nqp.data.provinces import province_panel, same_vintage
from nqp.data.rosters import designated, first_treated
from nqp.licensed.cities import Gazetteer, Places
from nqp.licensed.contract import Column, Contract
from nqp.licensed.report import rows_of
from nqp.papers import Policy, paper

Rows = Iterator[pd.DataFrame]  # of the report


@dataclass(frozen=True)
class Lines:
    """What the lines of a file hold."""

    contract: Contract
    towns: Gazetteer
    text: pd.DataFrame  # cells as written, by the contract's names
    columns: list[Column]  # the contract's columns that the file has
    numbers: dict[str, pd.Series]  # by column, missing where a cell holds none
    places: Places
    keys: pd.DataFrame  # ``code`` and ``year``, missing where they cannot be used


def check_years(lines: Lines) -> Rows:
    """Report years that are no whole number or outside the paper's window."""
    year, years = lines.numbers["year"], lines.contract.years
    parts = year.index[year % 1 > 0]
    yield rows_of("year not an integer", column="year", line=parts, advice="Write the calendar year")
    beyond = year.index[(year % 1 == 0) & ~year.isin(years)]
    advice = f"The paper covers {years[0]}-{years[-1]}: correct the year or delete the row"
    yield rows_of("year outside the window", column="year", line=beyond, advice=advice)


def check_duplicates(lines: Lines) -> Rows:
    """Report each further row of a city and year, with the line of the first."""
    keys = lines.keys.dropna()
    again = keys.index[keys.duplicated()]
    first = keys.index.to_series().groupby([keys["code"], keys["year"]]).transform("first")
    advice = [f"Line {line} has it already: keep one row" for line in first[again]]
    yield rows_of("duplicate city-year", line=again, advice=advice)


def check_outside(lines: Lines) -> Rows:
    """Report each city that the paper's sample does not have, once."""
    outside = lines.keys["code"].dropna()[lambda code: ~code.isin(lines.towns.sample)]
    counts, first = outside.value_counts(), outside.drop_duplicates()
    advice = [f"Delete its {counts[code]} row(s): the paper leaves it out" for code in first]
    yield rows_of("city outside the sample", line=first.index, advice=advice)


def check_gaps(lines: Lines) -> Rows:
    """Report each city-year without a row, unless a row that is reported anyway may be it.

    Such a row has a name or code that may mean the city in that year, or is the city's with an unusable year. Where
    the sample is known as candidates only, a city without any row is none of the reader's.
    """
    if "year" not in lines.text or not {"adcode", "city"} & set(lines.text):
        return
    code, year, towns, years = lines.keys["code"], lines.keys["year"], lines.towns, lines.contract.years
    exact = paper(lines.contract.study).sample.exact
    there = set(lines.keys.dropna().itertuples(index=False, name=None))
    there |= {(may_be, year[line]) for line, codes in lines.places.claims.items() for may_be in codes}
    unusable = code[year.isna()].value_counts()
    missing = []
    for city in sorted(towns.sample if exact else towns.sample & {*code.dropna()}):
        gaps = [y for y in years if (city, y) not in there]
        if len(gaps) > unusable.get(city, 0):
            whole = [("missing city", towns.name[city], "")]
            each = [("missing city-year", towns.name[city], y) for y in gaps]
            missing += whole if len(gaps) == len(years) else each
    rows = pd.DataFrame(missing, columns=["rule", "city", "year"])
    yield rows_of(**rows, advice="Add the row; the panel must be balanced, as the paper's is")


def check_treatments(lines: Lines) -> Rows:
    """Report rows in which treatment ends after it began."""
    for column in lines.columns:
        if column.absorbing:
            on = lines.keys.assign(on=lines.numbers[column.name]).dropna()
            on = on[on["on"].isin([0, 1])].sort_values(["code", "year"], kind="stable")
            ended = on.index[on.groupby("code")["on"].diff() == -1]
            advice = f"{column.name} is 1 in every year after the first: correct it"
            yield rows_of("treatment reversed", column=column.name, line=ended, advice=advice)
            if column.roster:
                yield from _against_roster(on, column, lines)


def _against_roster(on: pd.DataFrame, column: Column, lines: Lines) -> Rows:
    """Report rows before the year of the city's public designation (of verified ones), and cities whose first treated
    year is not the one that the paper's rule makes of it.
    """
    year, treated = on["code"].map(designated(Policy(column.roster, "", {}), sure=True)), on["on"] == 1
    early = year[treated & (on["year"] < year)]
    advice = [f"Designated in {y:.0f}: {column.name} is 0 before" for y in early]
    yield rows_of("treated before designation", column=column.name, line=early.index, advice=advice)
    public = first_treated(lines.contract.study, column.roster)
    here = on[treated].groupby("code")["year"].min()
    cities = sorted(set(on["code"]) & lines.towns.sample)
    pairs = [(c, here.get(c, "never"), public.get(c, "never")) for c in cities]
    differ = [(c, a, b) for c, a, b in pairs if a != b]
    yield rows_of(
        "treatment not as in the roster",
        city=[lines.towns.name[c] for c, _, _ in differ],
        year=[min(y for y in (a, b) if y != "never") for _, a, b in differ],
        column=column.name,
        value=[str(a) for _, a, _ in differ],
        advice=[f"First treated {a} here, {b} in the public roster" for _, a, b in differ],
    )


def check_products(lines: Lines) -> Rows:
    """Report rows in which a column is not the product that the contract makes it."""
    for column in lines.columns:
        parts, name = column.product_of, column.name
        if parts and {*parts} <= set(lines.numbers):
            off = lines.numbers[name] - prod(lines.numbers[part] for part in parts)
            advice = f"{name} is {' x '.join(parts)}: correct one of them"
            yield rows_of("not the product", column=name, line=off.index[off.abs() > 0], advice=advice)


def check_dimensions(lines: Lines) -> Rows:
    """Report dimensions of the index without any indicator, in every row, where others have one."""
    of = {column.name: column.dimension for column in lines.contract.columns if column.dimension}
    there = {column.dimension for column in lines.columns if column.dimension}
    for part in dict.fromkeys(of.values()) if there else ():
        if part not in there:
            advice = f"Add {', '.join(name for name in of if of[name] == part)}, or leave out all indicators"
            yield rows_of("missing dimension", column=part, line=lines.text.index, advice=advice)


def check_runs(lines: Lines) -> Rows:
    """Report rows inside three or more equal yearly differences, each of at least ten units of the last digit."""
    for name in [column.name for column in lines.columns] if lines.contract.interpolated else ():
        digit = 10.0 ** -lines.text[name].str.partition(".")[2].str.len().max()
        rows = lines.keys.assign(x=lines.numbers[name]).dropna().sort_values(["code", "year"])
        step = rows.groupby("code")["x"].diff()
        equal = step.groupby(rows["code"]).diff().abs() <= 1e-9 * rows["x"].abs().max()
        equal = (equal & (step.abs() >= 10 * digit)).groupby(rows["code"])
        run = equal.transform(lambda e: e & (e.shift(fill_value=False) | e.shift(-1, fill_value=False)))
        inside = rows.index[run.groupby(rows["code"]).shift(-1, fill_value=False)]
        advice = "The differences to the years before and after are equal: observed, or interpolated?"
        yield rows_of("equal differences", column=name, line=inside, advice=advice)


def check_vintages(lines: Lines) -> Rows:
    """Report national accounts that are, to 0.05 %, public ones of another vintage than most of their year are."""
    tried = [(c.name, name) for c in lines.columns for name in c.vintages]
    if not tried:
        return
    found, at = [], pd.MultiIndex.from_frame(lines.keys)
    public = province_panel().set_index(["adcode", "year"])
    for column, name in tried:
        same = np.isclose(lines.numbers[column], public[name].reindex(at), rtol=5e-4)
        found.append(lines.keys.assign(column=column, vintage=same_vintage(name))[same])
    fits = pd.concat(found).rename_axis("line").reset_index()
    most = fits["year"].map(fits.groupby("year")["vintage"].agg(lambda each: each.mode()[0]))
    usual = fits["vintage"].eq(most).groupby([fits["line"], fits["column"]]).transform("any")
    wrong = fits.assign(most=most)[~usual].drop_duplicates(["line", "column"])
    advice = [f"As {w.vintage}, most of {w.year} as {w.most}: sums do not match" for w in wrong.itertuples()]
    yield rows_of("another vintage", column=wrong["column"], line=wrong["line"], advice=advice)


PANEL_RULES = (
    check_years, check_duplicates, check_outside, check_gaps, check_treatments, check_products, check_dimensions,
    check_runs, check_vintages,
)  # fmt: skip
