"""The real part of a twin: units, neighbours, provinces, treatment dates and other policies."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from nqp.data import contiguity as neighbour_pairs
from nqp.data import province_contiguity
from nqp.data.rosters import designated, first_treated, sample
from nqp.papers import Policy
from nqp.spatial import contiguity
from nqp.twin.declared import Spec
from nqp.twin.rules import where
from nqp.twin.study_file import StudyFile


@dataclass(frozen=True)
class Scaffold:
    """Units and years of a study with their real traits, as arrays over N units (sorted by code) and T years.

    Units have ``adcode`` (six digits), ``name_zh, province_zh, region, longitude, latitude``; ``north``.
    One without neighbour inside the sample is linked to the nearest.
    """

    units: pd.DataFrame
    years: np.ndarray
    first_treated: dict[str, np.ndarray]  # (N,), by treatment that is a policy; 0 for units never treated
    policies: dict[str, np.ndarray]  # (N, T), dummies of these treatments and of other policies
    weights: sparse.csr_array  # (N, N), row-standardised contiguity

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of units and years."""
        return len(self.units), len(self.years)

    @property
    def ever_treated(self) -> np.ndarray:
        """Whether any policy reached a unit (N,)."""
        return np.any([np.zeros(len(self.units)), *self.first_treated.values()], axis=0)

    @property
    def province(self) -> np.ndarray:
        """Province of each unit as a number (N,)."""
        return pd.factorize(self.units["province_zh"], sort=True)[0]

    @property
    def columns(self) -> dict[str, np.ndarray]:
        """Columns that rules may name: traits of units (N, 1), and years (1, T)."""
        traits = {name: self.units[name].to_numpy()[:, None] for name in self.units}
        return traits | {"year": self.years[None, :]}


def build_scaffold(study: StudyFile) -> Scaffold:
    """Return the scaffold of a study; nothing in it is drawn but which candidates are in, where print does not say."""
    units = _units(study)
    pairs = province_contiguity() if study.paper.unit == "province" else neighbour_pairs()
    years = np.arange(study.paper.years[0], study.paper.years[1] + 1)
    codes = units["adcode"]
    policies = {name: spec.policy for name, spec in study.declared.treatments.items() if spec.policy}
    starts = {name: _starts(study, policy, codes) for name, policy in policies.items()}
    coordinates = units.rename(columns={"adcode": "id", "longitude": "lon", "latitude": "lat"})
    w = contiguity(pairs, codes.tolist(), islands="nearest", coordinates=coordinates)
    others = {k: _designated(rule, units) for k, rule in study.declared.policies.items() if rule.roster}
    columns = {name: start[:, None] for name, start in (starts | others).items()}
    policies = {name: ((start > 0) & (years >= start)).astype(float) for name, start in columns.items()}
    return Scaffold(units, years, starts, policies, w.matrix)


def _units(study: StudyFile) -> pd.DataFrame:
    kept = ["adcode", "name_zh", "province_zh", "region", "longitude", "latitude"]
    cities = sample(study.slug)
    if study.paper.unit == "province":
        return cities[kept]
    line = cities["north_south"].eq("north") & ~cities["adcode"].isin(study.declared.counted_as_south)
    return _chosen(study, cities.assign(north=line.astype(int)))[[*kept, "north"]]


def _chosen(study: StudyFile, units: pd.DataFrame) -> pd.DataFrame:
    """Return the candidates that a random order prefers among the sets that meet every count."""
    spec, key = study.declared.sample, "sample"
    if spec is None:
        return units
    columns = {name: units[name].to_numpy() for name in units}
    columns |= {name: _starts(study, name, units["adcode"]) for name in study.paper.policies or {}}
    masks = [np.ones(len(units)), *(where(rule, columns, study, key) for rule in spec.counts)]
    wanted = [study.value(rule.units, key) for rule in (spec, *spec.counts)]
    drawn = np.random.default_rng([study.declared.covariate_seed, 4]).random(len(units))
    worth = drawn - 2.0 * units["province_zh"].isin(spec.first_out).to_numpy()
    counted = LinearConstraint(np.array(masks, dtype=float), wanted, wanted)
    found = milp(-worth, constraints=counted, integrality=np.ones(len(units)), bounds=Bounds(0, 1))
    if found.x is None:
        available = ", ".join(f"{w:g} of {m.sum():g}" for m, w in zip(masks, wanted, strict=True))
        said = f"no set of the {len(units)} candidates meets all counts together: {available}"
        raise study.mistake(key, said)
    return units[found.x > 0.5].reset_index(drop=True)


def _starts(study: StudyFile, policy: str, codes: pd.Series) -> np.ndarray:
    return first_treated(study.slug, policy).reindex(codes).fillna(0).to_numpy(dtype=int)


def _designated(rule: Spec, units: pd.DataFrame) -> np.ndarray:
    """Return the first year of a policy by unit: from the roster, plus whole provinces and cities by name."""
    year = designated(Policy(rule.roster, "", {})).reindex(units["adcode"]).fillna(0).to_numpy(dtype=int)
    widely = units["province_zh"].isin(rule.provinces) | units["name_zh"].isin(rule.cities)
    return np.where((year == 0) & widely, rule.year, year)
