"""The rules of the panel: years, duplicates, gaps, cities of the sample, treatment that stays."""

import pandas as pd

from nqp.data.rosters import first_treated
from nqp.licensed.cells import Numbers
from nqp.licensed.cities import Gazetteer, Places
from nqp.licensed.contract import Column, Contract
from nqp.licensed.report import nothing, rows_of


def check_years(read: Numbers, text: pd.Series, contract: Contract) -> tuple[pd.Series, pd.DataFrame]:
    """Return the year of each line, missing where it cannot be used, and the report's rows."""
    values = read.floats
    broken = (values % 1 != 0) & values.notna()
    outside = ~broken & values.notna() & ~values.isin(contract.years)
    window = f"{contract.first_year}-{contract.last_year}"
    rows = [nothing()]
    for rule, test, advice in (
        ("year not an integer", broken, "Write the calendar year"),
        (
            "year outside the window",
            outside,
            f"The paper covers {window}: correct the year or delete the row",
        ),
    ):
        lines = values.index[test]
        if len(lines):
            rows.append(rows_of(rule, column="year", value=text[lines], line=lines, advice=advice))
    years = values.mask(broken | outside).astype("Int64")
    return years, pd.concat(rows, ignore_index=True)


def check_duplicates(code: pd.Series, year: pd.Series) -> pd.DataFrame:
    """Report each further row of a city and year, with the line of the first."""
    keys = pd.DataFrame({"code": code, "year": year}).dropna()
    again = keys[keys.duplicated()]
    if again.empty:
        return nothing()
    first = keys.drop_duplicates().reset_index(names="line").set_index(["code", "year"])["line"]
    advice = [
        f"Line {first[key]} has it already: keep one row" for key in zip(again.code, again.year, strict=True)
    ]
    return rows_of("duplicate city-year", line=again.index, advice=advice)


def check_outside(code: pd.Series, towns: Gazetteer) -> pd.DataFrame:
    """Report each city that the paper's sample does not have, once."""
    outside = code.dropna()[lambda c: ~c.isin(towns.sample)]
    if outside.empty:
        return nothing()
    counts = outside.value_counts()
    first = outside.drop_duplicates()
    advice = [f"Delete its {counts[c]} row(s): the paper leaves it out" for c in first]
    return rows_of("city outside the sample", line=first.index, year=[""] * len(first), advice=advice)


def check_gaps(places: Places, year: pd.Series, towns: Gazetteer, contract: Contract) -> pd.DataFrame:
    """Report each city-year without a row, unless a row that is reported anyway may be it.

    Such a row has a name or code that may mean the city in that year, or is the city's with an unusable year.
    """
    have = set(zip(places.code.dropna(), year[places.code.notna()], strict=True))
    claimed = {(code, year[line]) for line, codes in places.claims.items() for code in codes}
    unusable = places.code[year.isna()].value_counts()
    cities, years, rules = [], [], []
    for code in sorted(towns.sample):
        gaps = [y for y in contract.years if (code, y) not in have and (code, y) not in claimed]
        if 0 < len(gaps) <= unusable.get(code, 0):
            continue
        if len(gaps) == len(contract.years):
            gaps, rule = [""], "missing city"
        else:
            rule = "missing city-year"
        cities += [towns.name[code]] * len(gaps)
        years += gaps
        rules += [rule] * len(gaps)
    if not cities:
        return nothing()
    advice = "Add the row; the panel must be balanced, as the paper's is"
    rows = rows_of("missing city-year", city=cities, year=years, advice=advice)
    return rows.assign(rule=rules)


def treatment(values: pd.Series, code: pd.Series, year: pd.Series) -> pd.DataFrame:
    """Return the rows that say whether a city is treated, by line: ``code, year, on``, sorted by city and year."""
    frame = pd.DataFrame({"code": code, "year": year, "on": values}).dropna()
    return frame[frame["on"].isin([0, 1])].sort_values(["code", "year"], kind="stable")


def check_reversal(treated: pd.DataFrame, text: pd.Series, column: Column) -> pd.DataFrame:
    """Report the rows in which treatment ends after it began."""
    before = treated.groupby("code")["on"].shift()
    lines = treated.index[(before == 1) & (treated["on"] == 0)]
    if lines.empty:
        return nothing()
    advice = f"{column.name} is 1 in every year after the first: correct it"
    return rows_of("treatment reversed", column=column.name, value=text[lines], line=lines, advice=advice)


def check_roster(treated: pd.DataFrame, column: Column, towns: Gazetteer, study: str) -> pd.DataFrame:
    """Report the cities whose first treated year differs from the public roster's."""
    public = first_treated(study, column.roster)
    here = treated[treated["on"] == 1].groupby("code")["year"].min()
    seen = sorted(set(treated["code"]) & towns.sample)
    pairs = [(c, here.get(c, "never"), public.get(c, "never")) for c in seen]
    differ = [(c, a, b) for c, a, b in pairs if a != b]
    if not differ:
        return nothing()
    return rows_of(
        "treatment not as in the roster",
        city=[towns.name[c] for c, _, _ in differ],
        year=[min(y for y in (a, b) if y != "never") for _, a, b in differ],
        column=column.name,
        value=[str(a) for _, a, _ in differ],
        advice=[f"First treated {a} here, {b} in the public roster" for _, a, b in differ],
    )
