import numpy as np
import pandas as pd
import pytest
from spatial_cases import REFERENCE, ROOT, cells, simulate

from nqp.spatial import (
    SpatialError,
    lm_tests,
    lr_test,
    moran_by_period,
    spatial_panel,
    wald_test,
)

KEYS = {"unit": "id", "time": "year"}


def test_lm_tests_on_columbus_are_those_of_r(columbus):
    frame, weights, _ = columbus
    printed = pd.read_csv(REFERENCE / "spatial_columbus_r.csv", comment="#")
    ours = lm_tests(frame, "CRIME", ["INC", "HOVAL"], weights, **KEYS, effects="none").set_index("test")
    for row in printed[printed["model"] == "lm"].itertuples():
        assert ours.loc[row.term, "statistic"] == pytest.approx(row.estimate, rel=2e-5)
        assert ours.loc[row.term, "p_value"] == pytest.approx(row.std_error, rel=2e-3)


@pytest.mark.parametrize("effects", ["unit", "none"])
def test_panel_lm_tests_agree_with_spreg_where_spreg_is_right(effects, map36, panel36):
    from spreg.diagnostics_panel import panel_LMerror, panel_LMlag, panel_rLMerror, panel_rLMlag

    ours = lm_tests(panel36, "y", ["x1", "x2"], map36, **KEYS, effects=effects).set_index("test")["statistic"]
    ordered = panel36.sort_values(["year", "id"])  # spreg needs period-major rows
    columns = ordered[["y", "x1", "x2"]]
    if effects == "unit":
        columns = columns - columns.groupby(ordered["id"]).transform("mean")
    y, x, links = columns[["y"]].to_numpy(), columns[["x1", "x2"]].to_numpy(), map36.to_libpysal()
    shrink = len(y) / (len(y) - 3)  # spreg divides the sum of squares by n - k, the papers by n
    assert ours["LM error"] == pytest.approx(panel_LMerror(y, x, links)[0] * shrink**2, rel=1e-6)
    # its LM lag squares the trace where Anselin, Le Gallo and Jayet (2008) multiply it by T
    identity = ours["LM lag"] + ours["robust LM error"] - ours["LM error"] - ours["robust LM lag"]
    assert identity == pytest.approx(0, abs=1e-8)
    theirs = [test(y, x, links)[0] for test in (panel_LMlag, panel_rLMerror, panel_LMerror, panel_rLMlag)]
    assert abs(theirs[0] + theirs[1] - theirs[2] - theirs[3]) > 1


def test_panel_lm_tests_match_the_formulas_with_dummies(map36, panel36):
    """The same statistics from the N T x N T matrices, with a dummy for every unit and period."""
    ordered = panel36.sort_values(["year", "id"])
    y, x = ordered["y"].to_numpy(), ordered[["x1", "x2"]].to_numpy()
    big = np.kron(np.eye(7), map36.matrix.toarray())
    dummies = np.hstack([pd.get_dummies(ordered[key], dtype=float).to_numpy() for key in ("id", "year")])
    design = np.hstack([x, dummies[:, :-1]])
    project = np.eye(len(y)) - design @ np.linalg.pinv(design)
    error = project @ y
    sigma2 = error @ error / len(y)
    trace = np.trace(big @ big + big.T @ big)
    lag, err = error @ big @ y / sigma2, error @ big @ error / sigma2
    mean = project @ big @ (y - error)
    bend = trace + mean @ mean / sigma2
    ours = lm_tests(panel36, "y", ["x1", "x2"], map36, **KEYS).set_index("test")["statistic"]
    assert ours["LM lag"] == pytest.approx(lag**2 / bend)
    assert ours["LM error"] == pytest.approx(err**2 / trace)
    assert ours["robust LM lag"] == pytest.approx((lag - err) ** 2 / (bend - trace))
    assert ours["robust LM error"] == pytest.approx(
        (err - lag * trace / bend) ** 2 / (trace * (1 - trace / bend))
    )


def test_likelihood_ratio_and_wald_tell_the_durbin_model_from_its_restrictions():
    weights = cells(9)
    durbin = simulate(weights, 9, seed=2)
    lag_only = simulate(weights, 9, seed=2, theta=(0.0, 0.0))
    for frame, true_sar in ((durbin, False), (lag_only, True)):
        fits = {m: spatial_panel(frame, "y", ["x1", "x2"], weights, **KEYS, model=m) for m in ("sdm", "sar")}
        tests = [lr_test(fits["sar"], fits["sdm"]), wald_test(fits["sdm"], "sar")]
        assert [test.df for test in tests] == [2, 2]
        assert all((test.p_value > 0.01) == true_sar for test in tests)
        assert tests[0].statistic == pytest.approx(tests[1].statistic, rel=0.25, abs=0.5)
        assert wald_test(fits["sdm"], "sem").p_value < 0.01


def test_common_factor_restriction_holds_for_spatial_errors():
    """An error model is a Durbin model with theta = -rho beta."""
    weights, inside = cells(8), 0
    for seed in range(40):
        frame = simulate(weights, 6, seed, rho=0.5, beta=(1.0, -0.5), theta=(-0.5, 0.25))
        fit = spatial_panel(frame, "y", ["x1", "x2"], weights, **KEYS, lee_yu=True)
        inside += wald_test(fit, "sem").p_value > 0.05
    assert inside >= 34


def test_tests_refuse_models_that_do_not_compare(map36, panel36):
    sdm = spatial_panel(panel36, "y", ["x1", "x2"], map36, **KEYS)
    sar = spatial_panel(panel36, "y", ["x1", "x2"], map36, **KEYS, model="sar", effects="unit")
    with pytest.raises(SpatialError, match=r"differ in effects \(unit, two-way\)"):
        lr_test(sar, sdm)
    with pytest.raises(SpatialError, match="does not look nested"):
        lr_test(sdm, sdm)
    with pytest.raises(SpatialError, match='start from model="sdm"'):
        wald_test(sar, "sem")
    with pytest.raises(SpatialError, match="against='ols' is not known"):
        wald_test(sdm, "ols")


def test_moran_by_year_is_close_to_the_published_adjacency_column(open_cities):
    from nqp.spatial import contiguity

    panel, _ = open_cities
    pairs = pd.read_csv(ROOT / "data/geography/contiguity.csv")
    weights = contiguity(pairs, sorted(panel["id"].unique()), islands="keep")
    table = moran_by_period(panel, "entreact", weights, **KEYS).set_index("year")
    printed = pd.read_csv(ROOT / "data/papers/open_benchmark/published.csv").set_index("id")["value"]
    gaps = pd.Series(
        {year: table.loc[year, "moran"] - printed[f"t15.c1.year{year}.moran"] for year in table.index}
    )
    assert len(gaps) == 16
    assert (gaps.abs() < 0.0075).sum() >= 15
    assert gaps.abs().max() < 0.025
    ratios = pd.Series(
        {year: table.loc[year, "z_randomisation"] / printed[f"t15.c2.year{year}.z"] for year in table.index}
    )
    assert ratios.between(0.9, 1.1).all()


def test_moran_does_not_depend_on_row_order(map36, panel36):
    first = moran_by_period(panel36, "y", map36, **KEYS)
    again = moran_by_period(panel36.sample(frac=1, random_state=1), "y", map36, **KEYS)
    pd.testing.assert_frame_equal(first, again)
