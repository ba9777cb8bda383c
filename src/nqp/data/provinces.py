"""The 31 provinces: their statistics, their neighbours, and which vintage of GDP a column belongs to."""

import pandas as pd

from nqp.data.tables import contiguity, read_table, roster_cities
from nqp.manifest import DataError

CODEBOOK = "open/provinces_codebook.csv"


def province_panel() -> pd.DataFrame:
    """Return public statistics of 31 provinces x 2010-2023, one row a province and year, sorted by both.

    ``adcode`` has six digits. Column meanings, units, vintages and sources: ``open/provinces_codebook.csv``. Nothing is
    interpolated; no ratio may mix the vintages of GDP, see `same_vintage`.
    """
    return read_table("open/provinces.csv").sort_values(["adcode", "year"], ignore_index=True)


def same_vintage(*columns: object) -> str:
    """Return the vintage of GDP of columns of `province_panel`, empty where none has one; a DataError refuses two."""
    listed = read_table(CODEBOOK).dropna(subset="vintage").set_index("column")["vintage"]
    found = {name: listed[name] for name in columns if name in listed.index}
    if len(set(found.values())) > 1:
        said = ", ".join(f"{name} ({vintage})" for name, vintage in found.items())
        raise DataError(
            f"no ratio may mix vintages of GDP: {said}; column `vintage` of data/{CODEBOOK} has all"
        )
    return next(iter(found.values()), "")


def roster_provinces() -> pd.DataFrame:
    """Return the 31 provinces: six-digit ``adcode``, Chinese name, region, and the mean place of their cities."""
    cities = roster_cities()
    by_code = cities.groupby(cities["adcode"] // 10_000 * 10_000)
    units = by_code[["province_zh", "region"]].first().join(by_code[["longitude", "latitude"]].mean())
    return units.reset_index().assign(name_zh=units["province_zh"].to_numpy())


def province_contiguity() -> pd.DataFrame:
    """Return neighbouring provinces, those with neighbouring cities, each pair once: ``adcode_i < adcode_j, kind``.

    Hainan's one neighbour is Guangdong, by the ferry across the Qiongzhou Strait, as `kind` says; all others share a
    boundary.
    """
    pairs = contiguity().sort_values("kind", ascending=False)
    codes = pairs[["adcode_i", "adcode_j"]] // 10_000 * 10_000
    ends = pd.DataFrame({"adcode_i": codes.min(axis=1), "adcode_j": codes.max(axis=1), "kind": pairs["kind"]})
    between = ends.query("adcode_i != adcode_j").drop_duplicates(["adcode_i", "adcode_j"])
    return between.sort_values(["adcode_i", "adcode_j"], ignore_index=True)
