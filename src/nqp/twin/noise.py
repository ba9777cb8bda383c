"""Noise: province-by-year shocks and unit series, persistent, correlated in space and across dimensions."""

import numpy as np

from nqp.twin.covariates import ar1
from nqp.twin.declared import Spec
from nqp.twin.scaffold import Scaffold
from nqp.twin.solve import Setting


def draw_noise(setting: Setting, seed: int) -> np.ndarray:
    """Return noise (dimensions, N, T) of one seed.

    Each dimension is a common and an own part; each part is a province-by-year and a unit AR(1), the latter passed
    through (I - rho W)^-1. Its scale grows with unit size and over time. The overall mean alone is taken out.
    """
    declared, scaffold, size = setting.study.declared, setting.scaffold, setting.drawn.size
    spec, rng = declared.noise, np.random.default_rng([declared.covariate_seed, seed])
    spatial = np.linalg.inv(np.eye(len(size)) - spec.rho * scaffold.weights.toarray())
    spatial /= np.sqrt((spatial**2).sum(axis=1).mean())
    common = _component(spec, spec.persistence, scaffold, spatial, rng)
    later = np.linspace(1 - spec.time_tilt, 1 + spec.time_tilt, len(scaffold.years))
    tilt = np.exp(spec.size_tilt * size)[:, None] * later
    tilt = tilt / np.sqrt((tilt**2).mean())
    lowest = scaffold.units["name_zh"].eq(declared.outcome.lowest).to_numpy()
    tilt[lowest] *= spec.calm
    parts = []
    for dimension in declared.outcome.dimensions.values():
        own = dimension.noise
        alone = _component(spec, own.persistence, scaffold, spatial, rng)
        noise = own.sd * tilt * (np.sqrt(own.common) * common + np.sqrt(1 - own.common) * alone)
        parts.append(noise - noise.mean())
    return np.stack(parts)


def _component(
    spec: Spec, persistence: float, scaffold: Scaffold, spatial: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    province, years = scaffold.province, len(scaffold.years)
    regional = ar1((province.max() + 1, years), persistence, rng)[province]
    city = spatial @ ar1(scaffold.shape, persistence, rng)
    return np.sqrt(spec.province_share) * regional + np.sqrt(1 - spec.province_share) * city
