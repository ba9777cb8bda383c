"""Spatial effects against R's spatialreg on Columbus, against least squares, and on rounded numbers."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from printcheck.maps import MAPS, map_weights
from scipy import sparse

from nqp.data.rosters import first_treated, sample
from nqp.spatial import Weights, admissible_interval, spatial_effects, spatial_panel
from printcheck import spatial
from printcheck.intervals import Interval, interval, rounding

REFERENCE = Path(__file__).parents[2] / "reference"
YEARS = np.arange(2011, 2023)


@pytest.fixture(scope="module")
def columbus() -> Weights:
    links = yaml.safe_load((REFERENCE / "spatial_columbus_r_230.yaml").read_text())["neighbours"]
    rows, columns = zip(*[(i - 1, j - 1) for i, near in links.items() for j in near], strict=True)
    binary = sparse.csr_array(sparse.coo_array((np.ones(len(rows)), (rows, columns)), shape=(49, 49)))
    return Weights(binary, tuple(range(1, 50)), False, "contiguity").standardise()


@pytest.fixture(scope="module")
def printed() -> pd.DataFrame:
    frame = pd.read_csv(REFERENCE / "spatial_columbus_impacts_r.csv", comment="#", keep_default_na=False)
    return frame.set_index(["model", "term", "effect"]).apply(pd.to_numeric)


def at(value: float, digits: int) -> Interval:
    return rounding(f"{value:.{digits}f}")


def lag_effects(printed: pd.DataFrame, term: str, model: str, digits: int) -> dict[str, Interval]:
    found = {e: at(printed.loc[(model, term, e), "estimate"], digits) for e in ("direct", "total")}
    rho = printed.loc[(model, "rho", "")]
    return {**found, "rho": at(rho["estimate"], digits), "rho_se": at(rho["delta"], digits)}


@pytest.mark.parametrize("digits", [2, 3, 5])
@pytest.mark.parametrize("term", ["INC", "HOVAL"])
def test_effects_of_a_lag_model_are_known_by_their_ratio(printed, columbus, term, digits) -> None:
    lag = lag_effects(printed, term, "lag", digits)
    assert spatial.without_lagged_regressor(**lag, weights=columbus, model="lag").verdict == "consistent"
    durbin = lag_effects(printed, term, "durbin", digits)
    assert spatial.without_lagged_regressor(**durbin, weights=columbus, model="lag").verdict == "inconsistent"
    assert (
        spatial.without_lagged_regressor(**durbin, weights=columbus, model="durbin").verdict == "cannot tell"
    )


def test_theta_over_beta_is_that_of_r(printed, columbus) -> None:
    durbin = yaml.safe_load((REFERENCE / "spatial_columbus_r_230.yaml").read_text())["durbin"]["coefficients"]
    one = spatial.determinant(columbus)
    for term in ("INC", "HOVAL"):
        direct, total = (printed.loc[("durbin", term, e), "estimate"] for e in ("direct", "total"))
        found = spatial._theta_over_beta(one, direct / total, 0.3825062318)
        assert found == pytest.approx(durbin[f"W*{term}"] / durbin[term], rel=1e-5)
        coefficients = [interval(durbin[name]) for name in (term, f"W*{term}")]
        implied = spatial.durbin_total(*coefficients, at(0.3825062318, 8), at(total, 5))
        assert implied.verdict == "consistent"
        assert (
            spatial.durbin_total(*coefficients, at(0.3825062318, 8), at(total * 1.01, 5)).verdict
            == "inconsistent"
        )


@pytest.mark.parametrize("method", ["delta", "simulated"])
@pytest.mark.parametrize("term", ["INC", "HOVAL"])
def test_errors_of_r_add_up(printed, columbus, term, method) -> None:
    for model in ("lag", "durbin"):
        if model == "durbin" and method == "delta":
            continue
        errors = [at(printed.loc[(model, term, e), method], 4) for e in ("direct", "indirect", "total")]
        assert spatial.total_error(*errors).verdict == "consistent"
        assert spatial.total_error(*errors[:2], errors[0] + errors[1] + 0.01).verdict == "inconsistent"
        effects = [at(printed.loc[(model, term, e), "mean"], 4) for e in ("direct", "indirect", "total")]
        assert spatial.effects_add_up(*effects).verdict == "consistent"
        assert spatial.effects_add_up(*effects[:2], effects[2] + 0.0003).verdict == "inconsistent"


@pytest.mark.parametrize("term", ["INC", "HOVAL"])
def test_the_error_of_the_indirect_effect_is_in_the_bounds_of_the_delta_method(
    printed, columbus, term
) -> None:
    def put(indirect_se: float) -> str:
        direct, indirect = (printed.loc[("lag", term, e)] for e in ("direct", "indirect"))
        values = direct.estimate, direct.delta, indirect.estimate, indirect_se, 0.4038896876, 0.1207131336
        cells = [at(v, 5) for v in values]
        return spatial.indirect_error_without_lagged_regressor(*cells, weights=columbus, model="lag").verdict

    assert put(printed.loc[("lag", term, "indirect"), "delta"]) == "consistent"
    assert put(0.9) == "inconsistent"


@pytest.mark.parametrize("seed", range(40))
def test_rounding_a_lag_model_never_makes_it_inconsistent(columbus, seed) -> None:
    rng = np.random.default_rng(seed)
    rho, beta = rng.uniform(0.05, 0.8), rng.uniform(0.01, 0.1)
    spread = np.diag([rng.uniform(0.1, 0.6) * beta, rng.uniform(0.02, 0.1)])
    cov = spread @ np.array([[1, r := rng.uniform(-1, 1)], [r, 1]]) @ spread
    matrix = columbus.matrix.toarray()

    def effects(b: float, p: float) -> np.ndarray:
        inverse = np.linalg.inv(np.eye(49) - p * matrix)
        direct, total = b * np.trace(inverse) / 49, b * inverse.sum() / 49
        return np.array([direct, total - direct, total])

    step = 1e-6
    slopes = np.column_stack(
        [
            (effects(beta + step, rho) - effects(beta - step, rho)) / (2 * step),
            (effects(beta, rho + step) - effects(beta, rho - step)) / (2 * step),
        ]
    )
    errors = np.sqrt(np.diag(slopes @ cov @ slopes.T))
    for digits in (3, 4, 6):
        d, i, t = (at(v, digits) for v in effects(beta, rho))
        sd, si, st = (at(v, digits) for v in errors)
        p, sp = at(rho, digits), at(spread[1, 1], digits)
        known = {"weights": columbus, "model": "lag"}
        assert spatial.effects_add_up(d, i, t).verdict == "consistent"
        assert spatial.total_error(sd, si, st).verdict == "consistent"
        assert spatial.without_lagged_regressor(d, t, p, sp, **known).verdict == "consistent"
        found = spatial.indirect_error_without_lagged_regressor(d, sd, i, si, p, sp, **known)
        assert found.verdict == "consistent"


def test_ratios_of_errors_are_those_of_least_squares(columbus) -> None:
    """With rho known, y - rho Wy is regressed on x, Wx, unit and period dummies; effects are linear in both."""
    rng = np.random.default_rng(3)
    x, rho, periods = rng.standard_normal((49, 6)).cumsum(1), 0.4, 6
    frame = np.column_stack(
        [
            x.ravel(),
            columbus.lag(x).ravel(),
            np.kron(np.eye(49), np.ones((periods, 1))),
            np.kron(np.ones((49, 1)), np.eye(periods))[:, 1:],
        ]
    )
    cov = np.linalg.inv(frame.T @ frame)[:2, :2]
    inverse = np.linalg.inv(np.eye(49) - rho * columbus.matrix.toarray())
    lagged = inverse @ columbus.matrix.toarray()
    direct = np.array([np.trace(inverse), np.trace(lagged)]) / 49
    indirect = np.array([inverse.sum(), lagged.sum()]) / 49 - direct
    durbin, lag = spatial.error_ratios(columbus, x, rho)
    assert durbin == pytest.approx(np.sqrt(indirect @ cov @ indirect / (direct @ cov @ direct)), rel=1e-8)
    assert lag == pytest.approx(indirect[0] / direct[0], rel=1e-10)
    ratio = np.sqrt(cov[1, 1] / cov[0, 0])
    found = spatial.durbin_coefficient_errors(interval(1.0), interval(ratio), weights=columbus, regressor=x)
    assert found.implied == f"{ratio:.2f}"
    assert found.verdict == "cannot tell"
    within = spatial._within(x)
    assert abs((within * columbus.lag(within)).sum() / (within**2).sum()) <= 1 / ratio


def test_admissible_interval_is_that_of_r(columbus) -> None:
    """R: 1 / range(eigen(W)$values) of Columbus is -1.53384914 and 1; of the binary matrix -0.3351569, 0.1672385."""
    assert spatial.rho_admissible(rounding("-1.53"), weights=columbus).verdict == "consistent"
    assert spatial.rho_admissible(rounding("-1.54"), weights=columbus).verdict == "inconsistent"
    assert spatial.rho_admissible(rounding("1.01"), weights=columbus).verdict == "inconsistent"
    assert admissible_interval(columbus) == pytest.approx((-1.53384914, 1))


@pytest.mark.parametrize("name", MAPS)
def test_maps_hold_the_cities_asked_for(name) -> None:
    cities = sample("cluster_pilot")["adcode"]
    weights = map_weights(name, cities)
    assert weights.ids == tuple(sorted(cities))
    low, high = admissible_interval(weights)
    assert weights.standardised == ("row" in name)
    assert low < 0 < high
    if "binary" in name:
        assert low > -1
        assert high < 1
    if "detached" in name:
        assert low == pytest.approx(-1)


def test_an_unknown_map_is_named() -> None:
    with pytest.raises(ValueError, match="no map is named 'queen'; there are row-standardised contiguity"):
        map_weights("queen")


def test_the_real_treatment_has_a_lag_that_a_durbin_model_must_estimate() -> None:
    cities = sorted(sample("cluster_pilot")["adcode"])
    first = first_treated("cluster_pilot", "innovative_industrial_cluster").reindex(cities).fillna(9999)
    treated = (first.to_numpy()[:, None] <= YEARS).astype(float)
    assert treated.sum() == 362
    weights = map_weights("row-standardised contiguity", cities)
    known = {"rho": rounding("0.36"), "weights": weights, "regressor": treated}
    small = spatial.durbin_error_ratio(rounding("0.0034"), rounding("0.0020"), **known)
    large = spatial.durbin_error_ratio(rounding("0.0034"), rounding("0.0100"), **known)
    assert (small.verdict, large.verdict) == ("cannot tell", "consistent")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("vcov", ["expected", "cluster"])
def test_estimated_models_have_the_ratio_of_errors_that_the_formula_gives(seed, vcov) -> None:
    """A lag panel on the real map with the real treatment, serially correlated errors and a control, by likelihood."""
    cities = sorted(sample("cluster_pilot")["adcode"])
    first = first_treated("cluster_pilot", "innovative_industrial_cluster").reindex(cities).fillna(9999)
    treated = (first.to_numpy()[:, None] <= YEARS).astype(float)
    weights = map_weights("row-standardised contiguity", cities)
    rng = np.random.default_rng(seed)
    error, control = rng.standard_normal((277, 12)), rng.standard_normal((277, 12)).cumsum(1)
    for t in range(1, 12):
        error[:, t] = 0.7 * error[:, t - 1] + np.sqrt(1 - 0.49) * error[:, t]
    right = 0.015 * treated + 0.001 * control + 0.02 * error
    y = np.linalg.solve(np.eye(277) - 0.36 * weights.matrix.toarray(), right)
    keys = {"city": np.repeat(cities, 12), "year": np.tile(YEARS, 277)}
    frame = pd.DataFrame({**keys, "y": y.ravel(), "d": treated.ravel(), "c": control.ravel()})
    formula = dict(zip(("sdm", "sar"), spatial.error_ratios(weights, treated, 0.36), strict=True))
    for model, tolerance in (
        ("sdm", 0.3),
        ("sar", 0.7),
    ):  # the formula takes rho as known, which matters for sar
        fit = spatial_panel(frame, "y", ["d", "c"], weights, unit="city", time="year", model=model, vcov=vcov)
        errors = spatial_effects(fit, method="delta").table.set_index(["term", "effect"])["std_error"]["d"]
        assert errors["indirect"] / errors["direct"] == pytest.approx(formula[model], rel=tolerance)
