import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from spatial_cases import cells, simulate, spreg_direct_income

from nqp.spatial import SpatialError, Weights, logdet, spatial_effects, spatial_panel

KEYS = {"unit": "id", "time": "year"}


def by_inverse(fit, weights, name):
    """LeSage and Pace's averages from the N x N matrix of derivatives itself."""
    dense = weights.matrix.toarray()
    n = weights.n
    full = np.linalg.inv(np.eye(n) - (fit.rho or 0) * dense)
    full = full @ (fit.beta[name] * np.eye(n) + fit.theta.get(name, 0.0) * dense)
    direct, total = np.trace(full) / n, full.sum() / n
    return [direct, total - direct, total]


def unstandardised():
    rng = np.random.default_rng(1)
    matrix = rng.uniform(0.1, 0.6, (36, 36)) * (rng.uniform(size=(36, 36)) < 0.15)
    np.fill_diagonal(matrix, 0)
    return Weights(sparse.csr_array(matrix), tuple(range(36)), False, "random")


@pytest.mark.parametrize("weights", [cells(6), unstandardised()])
@pytest.mark.parametrize(("model", "durbin"), [("sdm", None), ("sdm", ["x2"]), ("sar", None)])
def test_effects_are_averages_of_the_matrix_of_derivatives(weights, model, durbin):
    frame = simulate(weights, 6, seed=4, rho=0.3, theta=(0.2, 0.1))
    fit = spatial_panel(frame, "y", ["x1", "x2"], weights, **KEYS, effects="unit", model=model, durbin=durbin)
    table = spatial_effects(fit, method="delta").set_index(["term", "effect"])["estimate"]
    for name in ("x1", "x2"):
        np.testing.assert_allclose(table[name], by_inverse(fit, weights, name), rtol=1e-7, atol=1e-12)


def test_columbus_effects_keep_the_term_that_spreg_drops(columbus):
    frame, weights, links = columbus
    fit = spatial_panel(frame, "CRIME", ["INC", "HOVAL"], weights, **KEYS, effects="none")
    income = spatial_effects(fit, method="delta")["estimate"].iloc[:3]
    np.testing.assert_allclose(income, by_inverse(fit, weights, "INC"), rtol=1e-9)
    theirs = spreg_direct_income(frame, links)
    assert theirs == pytest.approx(-0.9607, abs=1e-4)
    assert income.iloc[0] == pytest.approx(-1.0250, abs=1e-4)
    # what is missing is theta tr(G) / N; totals agree
    assert income.iloc[0] - theirs == pytest.approx(
        fit.theta["INC"] * float(fit.determinant.own(fit.rho)), rel=1e-5
    )


def test_delta_errors_are_numerical_derivatives_times_covariance(map36, panel36):
    from dataclasses import replace

    fit = spatial_panel(panel36, "y", ["x1", "x2"], map36, **KEYS)
    table = spatial_effects(fit, method="delta")
    jacobian = np.empty((6, len(fit.params)))
    for k, name in enumerate(fit.params.index):
        moved = [fit.params.copy(), fit.params.copy()]
        for sign, params in zip((1, -1), moved, strict=True):
            params[name] += sign * 1e-6
        ends = [spatial_effects(replace(fit, params=p), method="delta")["estimate"].to_numpy() for p in moved]
        jacobian[:, k] = (ends[0] - ends[1]) / 2e-6
    expected = np.sqrt(np.diag(jacobian @ fit.cov.to_numpy() @ jacobian.T))
    np.testing.assert_allclose(table["std_error"], expected, rtol=1e-6)


def test_simulated_and_delta_errors_agree_far_from_the_bound(map36, panel36):
    fit = spatial_panel(panel36, "y", ["x1", "x2"], map36, **KEYS, lee_yu=True)
    delta, simulated = (spatial_effects(fit, method=m, draws=20_000) for m in ("delta", "simulated"))
    np.testing.assert_allclose(simulated["std_error"], delta["std_error"], rtol=0.12)
    np.testing.assert_allclose(
        simulated["draws_mean"], delta["estimate"], atol=0.15 * delta["std_error"].max()
    )


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others(map36, panel36):
    fit = spatial_panel(panel36, "y", ["x1", "x2"], map36, **KEYS)
    first, second, third = (spatial_effects(fit, draws=50, seed=s) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(first, second, check_exact=True)
    assert not np.allclose(first["std_error"], third["std_error"])


def test_near_the_bound_the_mean_of_the_draws_leaves_the_estimate(map36):
    frame = simulate(map36, 4, seed=3, rho=0.95)
    fit = spatial_panel(frame, "y", ["x1", "x2"], map36, **KEYS, lee_yu=True)
    simulated = spatial_effects(fit, draws=4_000)
    row = simulated.set_index(["term", "effect"]).loc[("x1", "indirect")]
    assert row["draws_mean"] > 1.2 * row["estimate"]
    assert row["conf_low"] < row["estimate"] < row["conf_high"]


def test_draws_that_mostly_leave_the_interval_are_refused(map36, panel36):
    from dataclasses import replace

    fit = spatial_panel(panel36, "y", ["x1"], map36, **KEYS)
    params = fit.params.copy()
    params["rho"] = 0.9999
    wide = replace(fit, params=params, cov=fit.cov * 100, rho_bounds=(0.9, 1.0))
    with pytest.raises(SpatialError, match=r'fall outside the admissible interval.*Use method="delta"'):
        spatial_effects(wide)
    with pytest.raises(SpatialError, match="method='exact' is not known"):
        spatial_effects(fit, method="exact")


def test_sparse_path_gives_the_same_effects(map36, panel36, monkeypatch):
    exact = spatial_effects(spatial_panel(panel36, "y", ["x1", "x2"], map36, **KEYS), draws=200)
    monkeypatch.setattr(logdet, "SPARSE_FROM", 10)
    monkeypatch.setattr(logdet, "FULL", 1.0)
    factored = spatial_effects(spatial_panel(panel36, "y", ["x1", "x2"], map36, **KEYS), draws=200)
    pd.testing.assert_frame_equal(exact, factored, rtol=1e-5)


def test_planted_effects_are_recovered_and_covered():
    """200 panels of 100 units and 10 periods; 95 % intervals of rho, slopes and effects."""
    weights, runs = cells(10), 200
    gain = weights.matrix.toarray() @ np.linalg.inv(np.eye(100) - 0.4 * weights.matrix.toarray())
    own, spread = np.trace(gain) / 100, 1 / 0.6
    truth = []
    for beta, theta in ((1.0, 0.5), (-0.5, 0.3)):
        direct, total = beta * (1 + 0.4 * own) + theta * own, (beta + theta) * spread
        truth += [direct, total - direct, total]
    planted, estimates, covered = np.r_[1.0, -0.5, 0.5, 0.3, 0.4, 1.0, truth], [], []
    for seed in range(runs):
        frame = simulate(weights, 10, seed)
        fit = spatial_panel(frame, "y", ["x1", "x2"], weights, **KEYS, lee_yu=True)
        table = pd.concat([fit.table, spatial_effects(fit, method="delta")])
        estimates.append(table["estimate"])
        covered.append((table["conf_low"] < planted) & (planted < table["conf_high"]))
    spread_of_mean = np.std(estimates, axis=0) / np.sqrt(runs)
    assert (np.abs(np.mean(estimates, axis=0) - planted) < 3.5 * spread_of_mean + 0.005).all()
    coverage = np.mean(covered, axis=0)
    # 200 runs leave a standard error of 1.5 points around 95 %
    assert ((coverage > 0.90) & (coverage < 0.99)).all()
    assert 0.92 < coverage.mean() < 0.98
