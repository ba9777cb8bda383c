"""The book's data files as frames, each read through the manifest."""

from typing import TYPE_CHECKING

import pandas as pd

from nqp.manifest import path_of

if TYPE_CHECKING:
    import geopandas as gpd


def read_table(name: str, **options: object) -> pd.DataFrame:
    """Read a CSV below ``data/`` after checking it against the manifest; `options` go to `pandas.read_csv`."""
    return pd.read_csv(path_of(name), **options)


def open_panel() -> pd.DataFrame:
    """Return the open panel: 284 cities x 2009-2024, one row a city-year, sorted by ``id`` and ``year``.

    Column meanings, units and known conflicts: ``open/codebook.csv``. Source: Li, Chen, She, Chen & Xu (2026),
    CC BY 4.0; selected columns, digits cut after nine significant ones.
    """
    return read_table("open/panel.csv").sort_values(["id", "year"], ignore_index=True)


def open_coordinates() -> pd.DataFrame:
    """Return ``id, lon, lat`` (degrees) of the 284 cities of the open panel, as its authors used them."""
    return read_table("open/coordinates.csv").sort_values("id", ignore_index=True)


def roster_cities() -> pd.DataFrame:
    """Return the 338 prefecture-level units: six-digit ``adcode``, names, region, coordinates (degrees)."""
    return read_table("rosters/cities.csv")


def roster_policies() -> pd.DataFrame:
    """Return who was designated when, one row a policy and entity, with its source and how sure it is."""
    return read_table("rosters/policies.csv")


def contiguity() -> pd.DataFrame:
    """Return queen neighbours, each pair once and in no order: ``adcode_i, adcode_j, kind``."""
    return read_table("geography/contiguity.csv")


def city_outlines() -> "gpd.GeoDataFrame":
    """Return simplified outlines of the 338 prefecture-level units (WGS 84). For pictures only."""
    import geopandas as gpd

    return gpd.read_file(path_of("geography/prefectures.geojson"))
