"""Spatial effects against R's spatialreg on Columbus, against least squares, and on rounded numbers."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy import sparse

from nqp.data import contiguity as neighbour_pairs
from nqp.data import roster_cities
from nqp.data.rosters import first_treated, sample
from nqp.spatial import Weights, contiguity, spatial_effects, spatial_panel
from nqp.spatial.logdet import determinant
from printcheck import spatial
from printcheck.intervals import Interval, interval, rounding
from printcheck.spatial import Matrix
from printcheck.sums import adds_up, error_of_sum

REFERENCE = Path(__file__).parents[1] / "reference"
YEARS = np.arange(2011, 2023)


@pytest.fixture(scope="module")
def columbus() -> Weights:
    links = yaml.safe_load((REFERENCE / "spatial_columbus_r_230.yaml").read_text())["neighbours"]
    rows, columns = zip(*[(i - 1, j - 1) for i, near in links.items() for j in near], strict=True)
    binary = sparse.csr_array(sparse.coo_array((np.ones(len(rows)), (rows, columns)), shape=(49, 49)))
    return Weights(binary, tuple(range(1, 50)), False, "contiguity").standardise()


@pytest.fixture(scope="module")
def matrix(columbus) -> Matrix:
    return Matrix.of(columbus, determinant(columbus))


def of_cities(cities: list[int]) -> Weights:
    places = roster_cities().rename(columns={"adcode": "id", "longitude": "lon", "latitude": "lat"})
    return contiguity(neighbour_pairs(), cities, islands="nearest", coordinates=places, name="contiguity")


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
def test_effects_of_a_lag_model_are_known_by_their_ratio(printed, matrix, term, digits) -> None:
    lag = lag_effects(printed, term, "lag", digits)
    assert spatial.without_lagged_regressor(**lag, weights=matrix, model="lag").verdict == "consistent"
    durbin = lag_effects(printed, term, "durbin", digits)
    assert spatial.without_lagged_regressor(**durbin, weights=matrix, model="lag").verdict == "inconsistent"
    assert spatial.without_lagged_regressor(**durbin, weights=matrix, model="durbin").verdict == "cannot tell"


def test_theta_over_beta_is_that_of_r(printed, matrix) -> None:
    durbin = yaml.safe_load((REFERENCE / "spatial_columbus_r_230.yaml").read_text())["durbin"]["coefficients"]
    for term in ("INC", "HOVAL"):
        direct, total = (printed.loc[("durbin", term, e), "estimate"] for e in ("direct", "total"))
        found = spatial._theta_over_beta(matrix, direct / total, 0.3825062318)
        assert found == pytest.approx(durbin[f"W*{term}"] / durbin[term], rel=1e-5)
        coefficients = [interval(durbin[name]) for name in (term, f"W*{term}")]
        implied = spatial.durbin_total(*coefficients, interval(0.3825062318))
        assert implied.verdict == "measured"
        assert float(implied.implied) == pytest.approx(total, rel=1e-3)


@pytest.mark.parametrize("method", ["delta", "simulated"])
@pytest.mark.parametrize("term", ["INC", "HOVAL"])
def test_errors_of_r_add_up(printed, columbus, term, method) -> None:
    for model in ("lag", "durbin"):
        if model == "durbin" and method == "delta":
            continue
        errors = [at(printed.loc[(model, term, e), method], 4) for e in ("direct", "indirect", "total")]
        assert error_of_sum(errors[2], errors[:2]).verdict == "consistent"
        assert error_of_sum(errors[0] + errors[1] + 0.01, errors[:2]).verdict == "inconsistent"
        effects = [at(printed.loc[(model, term, e), "mean"], 4) for e in ("direct", "indirect", "total")]
        assert adds_up(effects[:2], effects[2]).verdict == "consistent"
        assert adds_up(effects[:2], effects[2] + 0.0003).verdict == "inconsistent"


@pytest.mark.parametrize("seed", range(40))
def test_rounding_a_lag_model_never_makes_it_inconsistent(matrix, columbus, seed) -> None:
    rng = np.random.default_rng(seed)
    rho, beta = rng.uniform(0.05, 0.8), rng.uniform(0.01, 0.1)
    spread = np.diag([rng.uniform(0.1, 0.6) * beta, rng.uniform(0.02, 0.1)])
    cov = spread @ np.array([[1, r := rng.uniform(-1, 1)], [r, 1]]) @ spread
    full = columbus.matrix.toarray()

    def effects(b: float, p: float) -> np.ndarray:
        inverse = np.linalg.inv(np.eye(49) - p * full)
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
        assert adds_up([d, i], t).verdict == "consistent"
        assert error_of_sum(st, [sd, si]).verdict == "consistent"
        found = spatial.without_lagged_regressor(d, t, p, sp, weights=matrix, model="lag")
        assert found.verdict == "consistent"


def test_ratios_of_errors_are_those_of_least_squares(matrix, columbus) -> None:
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
    durbin, lag = spatial.error_ratios(matrix, x, rho)
    assert durbin == pytest.approx(np.sqrt(indirect @ cov @ indirect / (direct @ cov @ direct)), rel=1e-8)
    assert lag == pytest.approx(indirect[0] / direct[0], rel=1e-10)
    errors = rounding("0.10"), rounding("0.25")
    found = spatial.durbin_coefficient_errors(*errors, weights=matrix)
    assert found.verdict == "measured"
    noise = rng.standard_normal(
        (49, 4000)
    )  # without spatial pattern |Wx| / |x| is the root of the mean squares
    assert float(found.implied) == pytest.approx(
        np.linalg.norm(noise) / np.linalg.norm(columbus.lag(noise)), rel=0.02
    )


def test_admissible_interval_is_that_of_r(matrix) -> None:
    """R: 1 / range(eigen(W)$values) of Columbus is -1.53384914 and 1."""
    assert spatial.rho_admissible(rounding("-1.53"), weights=matrix).verdict == "consistent"
    assert spatial.rho_admissible(rounding("-1.54"), weights=matrix).verdict == "inconsistent"
    assert spatial.rho_admissible(rounding("1.01"), weights=matrix).verdict == "inconsistent"
    assert matrix.bounds == pytest.approx((-1.53384914, 1))


def test_the_real_treatment_has_a_lag_that_a_durbin_model_must_estimate() -> None:
    cities = sorted(sample("cluster_pilot")["adcode"])
    first = first_treated("cluster_pilot", "innovative_industrial_cluster").reindex(cities).fillna(9999)
    treated = (first.to_numpy()[:, None] <= YEARS).astype(float)
    assert treated.sum() == 362
    links = of_cities(cities)
    weights = Matrix.of(links, determinant(links))
    known = {"rho": rounding("0.36"), "weights": weights, "regressor": treated}
    small = spatial.durbin_error_ratio(rounding("0.0034"), rounding("0.0020"), **known)
    large = spatial.durbin_error_ratio(rounding("0.0034"), rounding("0.0100"), **known)
    assert (small.verdict, large.verdict) == ("cannot tell", "consistent")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("vcov", ["observed", "cluster"])
def test_estimated_models_have_the_ratio_of_errors_that_the_formula_gives(seed, vcov) -> None:
    """A lag panel on the real map with the real treatment, serially correlated errors and a control, by likelihood."""
    cities = sorted(sample("cluster_pilot")["adcode"])
    first = first_treated("cluster_pilot", "innovative_industrial_cluster").reindex(cities).fillna(9999)
    treated = (first.to_numpy()[:, None] <= YEARS).astype(float)
    weights = of_cities(cities)
    rng = np.random.default_rng(seed)
    error, control = rng.standard_normal((277, 12)), rng.standard_normal((277, 12)).cumsum(1)
    for t in range(1, 12):
        error[:, t] = 0.7 * error[:, t - 1] + np.sqrt(1 - 0.49) * error[:, t]
    right = 0.015 * treated + 0.001 * control + 0.02 * error
    y = np.linalg.solve(np.eye(277) - 0.36 * weights.matrix.toarray(), right)
    keys = {"city": np.repeat(cities, 12), "year": np.tile(YEARS, 277)}
    frame = pd.DataFrame({**keys, "y": y.ravel(), "d": treated.ravel(), "c": control.ravel()})
    formula = dict(
        zip(
            ("sdm", "sar"),
            spatial.error_ratios(Matrix.of(weights, determinant(weights)), treated, 0.36),
            strict=True,
        )
    )
    for model, tolerance in (
        ("sdm", 0.3),
        ("sar", 0.7),
    ):  # the formula takes rho as known, which matters for sar
        fit = spatial_panel(frame, "y", ["d", "c"], weights, unit="city", time="year", model=model, vcov=vcov)
        errors = spatial_effects(fit, method="delta").set_index(["term", "effect"])["std_error"]["d"]
        assert errors["indirect"] / errors["direct"] == pytest.approx(formula[model], rel=tolerance)
