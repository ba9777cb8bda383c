"""The real part of a twin: cities, neighbours, provinces, treatment dates and other policies."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from nqp.data import contiguity as neighbour_pairs
from nqp.data import roster_policies
from nqp.data.rosters import WHOLE_UNITS, first_treated, sample
from nqp.spatial import contiguity
from nqp.twin.study_file import StudyFile


@dataclass(frozen=True)
class Scaffold:
    """Cities and years of a study with their real traits, as arrays over N cities (sorted by code) and T years.

    Attributes
    ----------
    cities : DataFrame
        One row a city: ``adcode, name_zh, province_zh, region, longitude, latitude, north`` (1 or 0).
    years : array (T,)
    first_treated : array (N,)
        First treated year; 0 for cities never treated.
    treated : array (N, T)
        1 from the first treated year on.
    policies : dict of arrays (N, T)
        The other policies that the roster knows.
    weights : sparse array (N, N)
        Row-standardised contiguity; a city without neighbour inside the sample is linked to the nearest.
    """

    cities: pd.DataFrame
    years: np.ndarray
    first_treated: np.ndarray
    treated: np.ndarray
    policies: dict[str, np.ndarray]
    weights: sparse.csr_array

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of cities and years."""
        return len(self.cities), len(self.years)

    @property
    def event_time(self) -> np.ndarray:
        """Years since the first treated year (N, T); -99 for cities never treated."""
        since = self.years - self.first_treated[:, None]
        return np.where(self.first_treated[:, None] > 0, since, -99)

    @property
    def province(self) -> np.ndarray:
        """Province of each city as a number (N,)."""
        return pd.factorize(self.cities["province_zh"], sort=True)[0]


def build_scaffold(study: StudyFile) -> Scaffold:
    """Return the scaffold of a study; nothing in it is drawn at random."""
    cities = sample(study.slug)
    cities["north"] = (
        cities["north_south"].eq("north") & ~cities["adcode"].isin(study.scaffold["counted_as_south"])
    ).astype(int)
    years = np.arange(study.scaffold["first_year"], study.scaffold["last_year"] + 1)
    codes = cities["adcode"]
    start = first_treated(study.slug, study.scaffold["policy"]).reindex(codes).fillna(0).to_numpy(dtype=int)
    coordinates = cities.rename(columns={"adcode": "id", "longitude": "lon", "latitude": "lat"})
    w = contiguity(neighbour_pairs(), codes.tolist(), islands="nearest", coordinates=coordinates)
    policies = {
        name: _dummy(_designated(rule, cities), years)
        for name, rule in study.scaffold["other_policies"].items()
    }
    kept = ["adcode", "name_zh", "province_zh", "region", "longitude", "latitude", "north"]
    return Scaffold(cities[kept], years, start, _dummy(start, years), policies, w.matrix)


def _dummy(start: np.ndarray, years: np.ndarray) -> np.ndarray:
    return ((start[:, None] > 0) & (years >= start[:, None])).astype(float)


def _designated(rule: dict, cities: pd.DataFrame) -> np.ndarray:
    """Return the first year of a policy by city: from the roster, plus whole provinces and cities by name."""
    rows = roster_policies().query("policy == @rule['policy']")
    rows = rows[rows["adcode"].notna() & rows["entity_type"].isin(WHOLE_UNITS)]
    year = rows["year"].groupby(rows["adcode"].astype(int)).min().reindex(cities["adcode"]).fillna(0)
    year = year.to_numpy(dtype=int)
    widely = cities["province_zh"].isin(rule.get("provinces", [])) | cities["name_zh"].isin(
        rule.get("cities", [])
    )
    return np.where((year == 0) & widely, rule.get("year", 0), year)
