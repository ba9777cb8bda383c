"""From dimensions back to raw indicators, so that the chapter's own entropy computation returns the dimensions.

Each row's indicators are moved along a logistic curve until their weighted mean is the dimension; how unevenly each is
spread is set until entropy gives the weights that were used.
"""

import numpy as np
import pandas as pd
from scipy.optimize import root
from scipy.special import expit, logit

from nqp.data import read_table
from nqp.index.weights import unevenness
from nqp.twin.covariates import Values, ar1
from nqp.twin.declared import Spec, TwinError
from nqp.twin.scaffold import Scaffold
from nqp.twin.solve import Setting
from nqp.twin.study_file import StudyFile

# factors on how far declared typical values lie from one half: where a seed leaves an indicator too uneven whatever
# its spread, levels that lie farther apart make it more even
FACTORS = (1.0, 1.2, 1.5, 2.0)


def read_indicators(study: StudyFile) -> list[Spec]:
    """Return the declared indicators, each with its `name` and the `direction` (+1 or -1) of the paper's own table."""
    directions = read_table(f"papers/{study.slug}/indicators.csv").set_index("level3")["direction"]
    listed = []
    for name, spec in study.declared.indicators.items():
        study.known(f"indicators: {name}", "row of indicators.csv", [spec.printed_as], directions.index)
        listed.append(Spec(**vars(spec), name=name, direction=int(directions[spec.printed_as])))
    return listed


def disaggregate(setting: Setting, dimensions: Values, given: Values, seed: int) -> pd.DataFrame:
    """Return raw indicators (N T, indicators), unit-major, from which entropy weights return every dimension.

    `given` are raw values of indicators of kind ``given``. A TwinError names the dimension for which no indicators in
    [0, 1] have its weight and its mean.
    """
    declared, listed, raw = setting.study.declared, read_indicators(setting.study), {}
    rng = np.random.default_rng([declared.covariate_seed, seed, 3])
    for name, weight in zip(dimensions, setting.weights, strict=True):
        own = [k for k in listed if k.dimension == name]
        latent, total = _latents(own, setting.scaffold, rng), weight * declared.entropy_total
        known = {k.name: given[k.name].ravel() for k in own if k.kind == "given"}
        fixed = {k: (x - x.min()) / np.ptp(x) for k, x in known.items()}
        scaled = _solve(own, dimensions[name].ravel(), latent, fixed, total)
        counts = [k for k in own if k.kind == "count"]
        if counts:  # whole numbers are fixed, and the others solved once more around them
            fixed |= {k.name: np.round(scaled[k.name] * (k.high - k.low)) / (k.high - k.low) for k in counts}
            scaled = _solve(own, dimensions[name].ravel(), latent, fixed, total)
        raw |= {k.name: _raw(k, scaled[k.name]) for k in own} | known
    return pd.DataFrame({k.name: raw[k.name] for k in listed})


def _latents(own: list[Spec], scaffold: Scaffold, rng: np.random.Generator) -> np.ndarray:
    """Draw what moves each indicator apart from its dimension (N T, indicators)."""
    drawn = []
    for _ in own:
        steady = np.sqrt(0.7) * rng.standard_normal(len(scaffold.units))[:, None]
        drawn.append((steady + np.sqrt(0.3) * ar1(scaffold.shape, 0.6, rng)).ravel())
    return np.stack(drawn, axis=1)


def _raw(indicator: Spec, scaled: np.ndarray) -> np.ndarray:
    share = scaled if indicator.direction == 1 else 1 - scaled
    raw = indicator.low + (indicator.high - indicator.low) * share
    return np.round(raw) if indicator.kind == "count" else raw


def _solve(own: list[Spec], dimension: np.ndarray, latent: np.ndarray, fixed: Values, total: float) -> Values:
    """Return scaled indicators whose weighted mean is the dimension and whose unevenness gives the weights."""
    name, free = own[0].dimension, np.array([k.name not in fixed for k in own])
    x = np.stack([fixed.get(k.name, np.full(len(dimension), np.nan)) for k in own], axis=1)
    share = np.array([k.share for k in own])
    share[~free] = unevenness(x[:, ~free]) / total if (~free).any() else 0.0
    share[free] *= (1 - share[~free].sum()) / share[free].sum()
    if (share <= 0).any():
        raise TwinError(f"{name}: indicators that are given leave no weight for the others")
    x = _pin_ends(x, free, latent, dimension, share)
    base = logit(np.array([k.typical for k in own]))[free]

    def build(spread: np.ndarray, factor: float) -> np.ndarray:
        return _fill_rows(name, x, free, factor * base + np.exp(spread) * latent[:, free], share, dimension)

    def gap(spread: np.ndarray, factor: float) -> np.ndarray:
        return unevenness(build(spread, factor)[:, free]) / total / share[free] - 1

    for factor in FACTORS:
        found = root(gap, np.full(free.sum(), -0.5), (factor,), tol=1e-13).x
        left = gap(found, factor)
        if np.abs(left).max() <= 1e-9:
            return dict(zip([k.name for k in own], build(found, factor).T, strict=True))
    short = {k.name: round(float(g), 3) for k, g in zip(np.array(own)[free], left, strict=True)}
    raise TwinError(f"{name}: entropy does not give the wanted weights; relative gaps {short}")


def _pin_ends(
    x: np.ndarray, free: np.ndarray, latent: np.ndarray, dimension: np.ndarray, share: np.ndarray
) -> np.ndarray:
    """Give every free indicator one cell at 0 and one at 1, in rows of their own whose dimension allows it."""
    x, used = x.copy(), np.zeros(len(x), dtype=bool)
    given = np.nansum(x * share, axis=1)
    left = (dimension - given) / (1 - share[~free].sum())
    for j in np.flatnonzero(free):
        for end, order in ((1.0, -1), (0.0, 1)):
            room = left - share[j] / share[free].sum() * end
            fits = ~used & (room > 0.05) & (room < 0.95 - share[j] / share[free].sum() * (1 - end))
            candidates = np.flatnonzero(fits)
            if not len(candidates):
                raise TwinError(f"no city-year can hold {end:g}, an end of an indicator")
            likely = latent[candidates, j] + 4 * logit(np.clip(left, 0.01, 0.99))[candidates]
            row = candidates[np.argmin(order * likely)]
            x[row, j], used[row] = end, True
    return x


@np.errstate(divide="ignore", over="ignore")  # a row without slope takes the longest step
def _fill_rows(
    name: str, x: np.ndarray, free: np.ndarray, z: np.ndarray, share: np.ndarray, dimension: np.ndarray
) -> np.ndarray:
    """Fill the free cells with expit(z + row shift), the shift solved so that the weighted mean is the dimension."""
    full = np.zeros_like(x)
    full[:, free] = z
    open_ = np.isnan(x)
    weight = np.where(open_, share, 0.0)
    wanted = dimension - (np.where(open_, 0.0, x) * share).sum(axis=1)
    inside = wanted / weight.sum(axis=1)
    if full_rows := int(((inside <= 0) | (inside >= 1)).sum()):
        raise TwinError(f"{name}: given indicators leave {full_rows} rows without room")
    shift = logit(inside) - (weight * full).sum(axis=1) / weight.sum(axis=1)
    for _ in range(60):  # Newton's method, which settles in far fewer steps
        p = expit(full + shift[:, None])
        miss = (weight * p).sum(axis=1) - wanted
        if np.abs(miss).max() < 1e-15:
            break
        slope = (weight * p * (1 - p)).sum(axis=1)
        shift = shift - np.clip(miss / slope, -1.0, 1.0)
    return np.where(open_, expit(full + shift[:, None]), x)
