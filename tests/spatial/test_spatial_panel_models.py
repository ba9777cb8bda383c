import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from spatial_cases import REFERENCE, ROOT, cells, expected_errors, simulate

from nqp.panel import balanced_panel, net_of
from nqp.spatial import Weights, logdet, spatial_effects, spatial_panel
from nqp.spatial.likelihood import build_design, log_jacobian
from nqp.spatial.logdet import determinant

KEYS = {"unit": "id", "time": "year"}
CITY = ["did", "gdp", "fin", "stru", "wage", "gov", "human", "pubservice"]


def test_columbus_lag_model_is_that_of_r(columbus):
    frame, weights, _ = columbus
    printed = pd.read_csv(REFERENCE / "spatial_columbus_r.csv", comment="#")
    for model, ours in (("lag", "sar"),):
        fit = spatial_panel(frame, "CRIME", ["INC", "HOVAL"], weights, **KEYS, model=ours, effects="none")
        errors = expected_errors(fit, frame, ["INC", "HOVAL"], weights)
        values = pd.concat([fit.params, pd.Series({"loglik": fit.loglik})])
        for row in printed[printed["model"] == model].itertuples():
            assert values[row.term] == pytest.approx(row.estimate, rel=2e-5)
            if np.isfinite(row.std_error):
                assert errors[row.term] == pytest.approx(row.std_error, rel=3e-5)


def test_columbus_durbin_model_is_that_of_spreg(columbus):
    import spreg

    frame, weights, links = columbus
    fit = spatial_panel(frame, "CRIME", ["INC", "HOVAL"], weights, **KEYS, effects="none")
    other = spreg.ML_Lag(frame[["CRIME"]].to_numpy(), frame[["INC", "HOVAL"]].to_numpy(), links, slx_lags=1)
    # spreg stops its search for rho at 1e-7
    np.testing.assert_allclose(fit.params.to_numpy()[:-1], other.betas.ravel(), rtol=1e-6)
    errors = expected_errors(fit, frame, ["INC", "HOVAL"], weights)
    np.testing.assert_allclose(errors[:-1], np.sqrt(np.diag(other.vm)), rtol=1e-5)
    assert fit.loglik == pytest.approx(other.logll, abs=1e-8)


def test_state_panel_with_fixed_effects_is_that_of_r_splm(munnell):
    frame, weights = munnell
    printed = pd.read_csv(REFERENCE / "spatial_munnell_r.csv", comment="#").set_index(["model", "term"])
    regressors = ["log_pcap", "log_pc", "log_emp", "unemp"]
    options = {"unit": "state", "time": "year", "effects": "unit"}
    for label, model in (("fe_lag", "sar"),):
        fit = spatial_panel(frame, "log_gsp", regressors, weights, model=model, **options)
        errors = expected_errors(fit, frame, regressors, weights, unit="state", time="year")
        for term, row in printed.loc[label].iterrows():
            assert fit.params[term] == pytest.approx(row["estimate"], rel=2e-5, abs=6e-8)
            assert errors[term] == pytest.approx(row["std_error"], rel=1e-4)


@pytest.mark.parametrize("model", ["sar", "sdm"])
def test_two_way_panel_is_that_of_spreg_with_time_dummies(model, map36, panel36):
    import spreg

    ordered = panel36.sort_values(["year", "id"])
    x = ordered[["x1", "x2"]].to_numpy()
    if model == "sdm":
        x = np.hstack([x, np.vstack([map36.matrix @ block for block in x.reshape(-1, 36, 2)])])
    dummies = pd.get_dummies(ordered["year"], drop_first=True, dtype=float).to_numpy()
    other = spreg.Panel_FE_Lag(
        ordered[["y"]].to_numpy(), np.hstack([x, dummies]), map36.to_libpysal(), epsilon=1e-12
    )
    fit = spatial_panel(panel36, "y", ["x1", "x2"], map36, **KEYS, model=model)
    k = x.shape[1]
    np.testing.assert_allclose(fit.params.iloc[:k], other.betas.ravel()[:k], rtol=1e-6)
    assert fit.rho == pytest.approx(float(other.betas[-1, 0]), rel=1e-6)
    assert fit.sigma2 == pytest.approx(float(other.sig2[0, 0]), rel=1e-6)
    # spreg leaves out that sigma2 is the sum of squares over NT
    assert fit.loglik == pytest.approx(other.logll + 252 / 2 * np.log(252), abs=1e-6)
    errors = expected_errors(fit, panel36, ["x1", "x2"], map36)
    np.testing.assert_allclose(errors.iloc[: k + 1], np.sqrt(np.diag(other.vm))[[*range(k), -1]], rtol=1e-6)


def numerical_hessian(function, point, steps):
    """Central second differences."""
    size = len(point)
    hessian = np.empty((size, size))
    for i, j in np.ndindex(size, size):
        corners = []
        for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
            moved = np.array(point, float)
            moved[i] += a * steps[i]
            moved[j] += b * steps[j]
            corners.append(function(moved))
        hessian[i, j] = (corners[0] - corners[1] - corners[2] + corners[3]) / (4 * steps[i] * steps[j])
    return hessian


def full_loglik(design, det, vector):
    slopes, rho, sigma2 = vector[:-2], vector[-2], vector[-1]
    error = design.y - rho * design.wy - design.z @ slopes
    return (
        log_jacobian(design, det, rho)
        - design.dof / 2 * np.log(2 * np.pi * sigma2)
        - error @ error / (2 * sigma2)
    )


@pytest.mark.parametrize("model", ["sdm", "sar"])
@pytest.mark.parametrize("effects", ["two-way", "unit", "time"])
@pytest.mark.parametrize("lee_yu", [False, True])
def test_analytic_hessian_is_the_numerical_one(model, effects, lee_yu, map36, panel36):
    fit = spatial_panel(
        panel36, "y", ["x1", "x2"], map36, **KEYS, model=model, effects=effects, lee_yu=lee_yu
    )
    lagged = ("x1", "x2") if model == "sdm" else ()
    panel = balanced_panel(panel36, ["y", "x1", "x2"], "id", "year")
    design, det = build_design(panel, map36, lagged, effects, lee_yu), determinant(map36)
    point = fit.params.to_numpy()
    assert full_loglik(design, det, point) == pytest.approx(fit.loglik, abs=1e-9)
    hessian = numerical_hessian(lambda v: full_loglik(design, det, v), point, np.full(len(point), 1e-4))
    np.testing.assert_allclose(np.linalg.inv(-hessian), fit.cov.to_numpy(), rtol=2e-4, atol=1e-7)


def test_row_order_and_labels_do_not_matter(map36, panel36):
    fit = spatial_panel(panel36, "y", ["x1", "x2"], map36, **KEYS)
    shuffled = panel36.sample(frac=1, random_state=3)
    again = spatial_panel(shuffled, "y", ["x1", "x2"], map36, **KEYS)
    pd.testing.assert_series_equal(fit.params, again.params, rtol=1e-12)
    names = {old: f"city {97 * old % 36:02d}" for old in map36.ids}
    order = np.random.default_rng(0).permutation(36)
    renamed = Weights(
        sparse.csr_array(map36.matrix[order][:, order]), tuple(names[i] for i in order), True, "renamed"
    )
    third = spatial_panel(panel36.assign(id=panel36["id"].map(names)), "y", ["x1", "x2"], renamed, **KEYS)
    pd.testing.assert_series_equal(fit.params, third.params, rtol=1e-9)
    pd.testing.assert_frame_equal(fit.cov, third.cov, rtol=1e-6)


def test_sparse_path_gives_the_same_model(map36, panel36, monkeypatch):
    exact = spatial_panel(panel36, "y", ["x1", "x2"], map36, **KEYS)
    monkeypatch.setattr(logdet, "SPARSE_FROM", 10)
    monkeypatch.setattr(logdet, "FULL", 1.0)
    sparse_fit = spatial_panel(panel36, "y", ["x1", "x2"], map36, **KEYS)
    assert len(sparse_fit.determinant.grid) < len(exact.determinant.grid)
    pd.testing.assert_series_equal(exact.params, sparse_fit.params, rtol=1e-6)
    pd.testing.assert_series_equal(exact.std_errors, sparse_fit.std_errors, rtol=1e-5)


def test_asymmetric_unstandardised_weights_are_fitted_within_their_interval():
    rng = np.random.default_rng(8)
    matrix = rng.uniform(0.2, 2, (40, 40)) * (rng.uniform(size=(40, 40)) < 0.1)
    np.fill_diagonal(matrix, 0)
    weights = Weights(sparse.csr_array(matrix), tuple(range(40)), False, "trade")
    high = determinant(weights).bounds[1]
    frame = simulate(weights, 12, seed=2, rho=0.5 * high, theta=(0.1, 0.0))
    fit = spatial_panel(frame, "y", ["x1", "x2"], weights, **KEYS)
    assert fit.rho == pytest.approx(0.5 * high, abs=4 * fit.std_errors["rho"])
    assert fit.rho_bounds[1] == pytest.approx(high)


def test_lee_yu_changes_only_sigma2_with_unit_effects(map36, panel36):
    plain, corrected = (
        spatial_panel(panel36, "y", ["x1", "x2"], map36, **KEYS, effects="unit", lee_yu=flag)
        for flag in (False, True)
    )
    assert corrected.rho == pytest.approx(plain.rho, abs=1e-9)
    assert corrected.sigma2 == pytest.approx(plain.sigma2 * 7 / 6)


def test_lags_come_before_means(map36, panel36):
    """Means first is the same model without time effects, and another one with them."""
    values, effects = panel36[["y", "x1", "x2"]], (panel36["id"], panel36["year"])
    for kind, taken, apart in (("unit", effects[:1], 0.0), ("two-way", effects, 1e-4)):
        first = panel36.assign(**net_of(values, *taken))
        demeaned = spatial_panel(first, "y", ["x1", "x2"], map36, **KEYS, effects="none").rho
        rho = spatial_panel(panel36, "y", ["x1", "x2"], map36, **KEYS, effects=kind).rho
        assert (abs(rho - demeaned) < 1e-9) if apart == 0 else (abs(rho - demeaned) > apart)


def test_clustered_errors_cover_under_serial_correlation_where_the_hessian_does_not():
    weights, runs = cells(9), 120
    inside = {"observed": np.zeros(2), "cluster": np.zeros(2)}
    for seed in range(runs):
        frame = simulate(weights, 8, seed, serial=0.8, theta=(0.0, 0.0), persistent=True)
        for kind in inside:
            table = spatial_panel(
                frame, "y", ["x1", "x2"], weights, **KEYS, model="sar", lee_yu=True, vcov=kind
            ).table.set_index("term")
            for k, (term, truth) in enumerate({"x1": 1.0, "rho": 0.4}.items()):
                inside[kind][k] += table.loc[term, "conf_low"] < truth < table.loc[term, "conf_high"]
    slope, rho = inside["cluster"] / runs
    assert 0.89 < slope < 0.99
    assert 0.89 < rho < 0.99
    assert inside["observed"][0] / runs < slope - 0.05


def test_clustered_and_hessian_errors_of_rho_meet_when_errors_are_independent():
    """Regressors barely matter here, so that rho is known from pairs of neighbours' errors alone."""
    weights = cells(16)
    ratios = []
    for seed in range(10):
        frame = simulate(weights, 6, seed, rho=0.6, beta=(0.1, 0.1), theta=(0.0, 0.0))
        hessian, cluster = (
            spatial_panel(
                frame, "y", ["x1", "x2"], weights, **KEYS, model="sar", lee_yu=True, vcov=kind
            ).std_errors
            for kind in ("observed", "cluster")
        )
        pair = ["x1", "rho"]
        ratios.append(cluster[pair] / hessian[pair])
    np.testing.assert_allclose(np.mean(ratios, axis=0), 1, atol=0.06)


def test_open_panel_comes_close_to_the_published_durbin_model(open_cities):
    """Their neighbour list differs from ours in a few links, so digits need not match."""
    panel, weights = open_cities
    cells_printed = pd.read_csv(ROOT / "data/papers/open_benchmark/published.csv").set_index("id")["value"]
    fit = spatial_panel(panel, "entreact", CITY, weights, **KEYS)
    effects = spatial_effects(fit, draws=2_000).set_index(["term", "effect"]).loc["did"]
    assert fit.beta["did"] == pytest.approx(cells_printed["t16.c1.did.main.coef"], abs=0.002)
    half_width = (cells_printed["t16.c1.did.main.ci_high"] - cells_printed["t16.c1.did.main.ci_low"]) / 2
    assert 1.96 * fit.std_errors["did"] == pytest.approx(half_width, abs=0.001)
    for kind, tolerance in (("direct", 0.002), ("indirect", 0.04), ("total", 0.04)):
        printed = cells_printed[f"t16.c1.did.{kind}.coef"]
        assert effects.loc[kind, "draws_mean"] == pytest.approx(printed, abs=tolerance)
        assert effects.loc[kind, "conf_low"] < printed < effects.loc[kind, "conf_high"]
    assert fit.n == cells_printed["t16.c1.model.n"]
    assert fit.r2["overall"] == pytest.approx(cells_printed["t16.c1.model.r2"], abs=0.01)
