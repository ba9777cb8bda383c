"""The Lee-Yu transformation: against its definition, against R's correction of the direct estimate, by simulation."""

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.linalg import helmert
from scipy.optimize import minimize_scalar
from spatial_cases import REFERENCE, cells, simulate

from nqp.panel import balanced_panel, within
from nqp.spatial import contiguity, spatial_panel

KEYS = {"unit": "id", "time": "year"}
STATES = {"unit": "state", "time": "year"}


def by_definition(frame, weights, effects):
    """Lee & Yu's (2010) likelihood of data times F with FF' = I - 11'/n, maximised as it stands in their paper."""
    cube = balanced_panel(frame, ["y", "x1", "x2"], "id", "year").cube
    n, t = cube.shape[:2]
    years = helmert(t) if effects != "time" else np.eye(t)
    units = helmert(n) if effects != "unit" else np.eye(n)
    lagged = np.concatenate([cube, weights.lag(cube)], axis=2)
    y, x1, x2, wy, wx1, wx2 = np.einsum("ji,st,itk->kjs", units, years, lagged)
    star = units @ weights.matrix.toarray() @ units.T
    np.testing.assert_allclose(star @ y, wy, atol=1e-12)  # rows of W sum to one: F'W = (F'WF) F'
    z = np.column_stack([v.ravel() for v in (x1, x2, wx1, wx2)])

    def fit(rho):
        slopes = np.linalg.lstsq(z, (y - rho * star @ y).ravel())[0]
        error = (y - rho * star @ y).ravel() - z @ slopes
        sigma2 = error @ error / y.size
        jacobian = len(years) * np.linalg.slogdet(np.eye(len(units)) - rho * star)[1]
        return jacobian - y.size / 2 * (np.log(2 * np.pi * sigma2) + 1), [*slopes, rho, sigma2]

    best = minimize_scalar(lambda rho: -fit(rho)[0], bounds=(-0.9, 0.99), options={"xatol": 1e-10}).x
    return fit(best)


@pytest.mark.parametrize("effects", ["two-way", "unit", "time"])
def test_the_transformed_likelihood_is_that_of_its_definition(effects, map36, panel36):
    loglik, params = by_definition(panel36, map36, effects)
    fit = spatial_panel(panel36, "y", ["x1", "x2"], map36, **KEYS, effects=effects, lee_yu=True)
    assert fit.loglik == pytest.approx(loglik, abs=1e-8)
    np.testing.assert_allclose(fit.params, params, rtol=1e-6)


@pytest.fixture(scope="module")
def cigar():
    """Cigarette demand of 46 states, and their borders: those of the 48 states, and of the District of Columbia."""
    table = pd.read_csv(REFERENCE / "cigar.csv", comment="#")
    logs = {
        "logc": np.log(table["sales"]),
        "logp": np.log(table["price"] / table["cpi"]),
        "logy": np.log(table["ndi"] / table["cpi"]),
    }
    listed = pd.read_csv(REFERENCE / "us_states_neighbours.csv", comment="#")
    pairs = listed.assign(adcode_i=listed["state"], adcode_j=listed["neighbours"].str.split()).explode(
        "adcode_j"
    )
    capital = pd.DataFrame({"adcode_i": "DC", "adcode_j": ["MD", "VA"]})
    weights = contiguity(pd.concat([pairs, capital]), sorted(table["state"].unique()))
    return table[["state", "year"]].assign(**logs), weights


def direct_given(rho, frame, weights, *, means_first):
    """Direct estimate at a rho, its errors, and Lee & Yu's (2010) correction of it, as R's SDPDmod codes them."""
    cube = balanced_panel(frame, ["logc", "logp", "logy"], "state", "year").cube
    n, t = cube.shape[:2]
    net = within(np.concatenate([cube, weights.lag(cube)], axis=2), "two-way", axes=(0, 1))
    y, z = net[..., 0].ravel(), net[..., [1, 2, 4, 5]].reshape(n * t, 4)
    wy = (weights.lag(net[..., 0]) if means_first else net[..., 3]).ravel()
    slopes = np.linalg.lstsq(z, y - rho * wy)[0]
    sigma2 = np.sum((y - rho * wy - z @ slopes) ** 2) / (n * t)
    dense = weights.matrix.toarray()
    gain = dense @ np.linalg.inv(np.eye(n) - rho * dense)
    mean = (gain @ (z @ slopes).reshape(n, t)).ravel()
    matrix = np.zeros((6, 6))
    matrix[:4, :4], matrix[:4, 4] = z.T @ z / sigma2, z.T @ mean / sigma2
    matrix[4, :4], matrix[4, 5] = matrix[:4, 4], t * np.trace(gain) / sigma2
    matrix[4, 4] = mean @ mean / sigma2 + t * np.trace(gain @ gain + gain.T @ gain)
    matrix[5, 4], matrix[5, 5] = matrix[4, 5], n * t / (2 * sigma2**2)
    inverse, first = np.linalg.inv(matrix), np.r_[slopes, rho]
    bias = -t * inverse @ np.r_[np.zeros(4), 1 / (1 - rho), 1 / (2 * sigma2)]
    return first, np.sqrt(np.diag(inverse))[:5], first - bias[:5]


def test_cigarette_demand_corrected_by_r_is_close_to_the_transformation(cigar):
    frame, weights = cigar
    printed = yaml.safe_load((REFERENCE / "lee_yu_cigar_r.yaml").read_text())
    numbers = {name: np.array([float(v) for v in printed[name].values()]) for name in list(printed)[2:]}
    theirs = direct_given(numbers["direct"][-1], frame, weights, means_first=True)
    for ours, name in zip(theirs, ("direct", "direct_se", "corrected"), strict=True):
        np.testing.assert_allclose(ours, numbers[name], atol=1.5e-6)

    plain, transformed = (
        spatial_panel(frame, "logc", ["logp", "logy"], weights, **STATES, lee_yu=flag)
        for flag in (False, True)
    )
    first, errors, corrected = direct_given(plain.rho, frame, weights, means_first=False)
    np.testing.assert_allclose(plain.params.iloc[:5], first, rtol=1e-6)
    # two estimators whose difference vanishes: 0.2688 by R's formula, 0.2712 by transformation, from 0.2292
    np.testing.assert_allclose(transformed.params.iloc[:5], corrected, atol=0.12 * errors.max())
    assert abs(transformed.rho - corrected[-1]) < 0.1 * errors[-1] < transformed.rho - plain.rho


def test_lee_yu_repairs_rho_in_a_panel_of_provinces():
    """31 units and 13 periods, rho = 0.4: about 0.28 without, by a bias that theory foresees, and 0.38 with it."""
    weights = cells(4, 8)
    ragged = pd.DataFrame(
        np.argwhere(weights.matrix.toarray()[:31, :31] > 0), columns=["adcode_i", "adcode_j"]
    )
    weights = contiguity(ragged, range(31))
    fits = [
        [spatial_panel(frame, "y", ["x1", "x2"], weights, **KEYS, lee_yu=flag) for flag in (False, True)]
        for frame in (simulate(weights, 13, seed) for seed in range(60))
    ]
    plain, corrected = np.mean([[one.rho for one in pair] for pair in fits], axis=0)
    score = 13 * np.array(
        [1 / (1 - 0.4), 1 / 2]
    )  # of the part of log|S| and of sigma2 that the effects take, at the truth
    bias = np.mean([-direct.cov.loc["rho", ["rho", "sigma2"]] @ score for direct, _ in fits])
    assert plain < 0.34
    assert plain - 0.4 == pytest.approx(bias, abs=0.03)  # the formula is of first order in 1 / N
    assert corrected == pytest.approx(0.4, abs=0.035)
