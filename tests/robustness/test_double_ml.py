"""Double machine learning: DoubleML against its printed example, a cross-fit by hand, and least squares."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from nqp.panel import net_of, one_thread

FOLDS = 5


@pytest.fixture(scope="module")
def net(open_panel):
    """Net of city and year effects: entrepreneurship, designation and two controls of the open panel, 280 cities."""
    rows = open_panel[open_panel["id"].isin(open_panel["id"].unique()[:280])]
    names = ["entreact", "did", "gdp", "fin"]
    values = net_of(rows[names].to_numpy(float), rows["id"], rows["year"])
    return pd.DataFrame(values, columns=names).assign(city=rows["id"].to_numpy())


def doubly(net, learner, by_city):
    import doubleml as dml

    cluster = "city" if by_city else None
    columns = list(net) if by_city else list(net.drop(columns="city"))
    data = dml.DoubleMLData(net[columns], "entreact", "did", ["gdp", "fin"], cluster_cols=cluster)
    np.random.seed(20260219)  # noqa: NPY002 - DoubleML draws its folds from the global stream
    fit = dml.DoubleMLPLR(data, learner, learner, n_folds=FOLDS).fit()
    return fit, [test for _, test in fit.smpls[0]]


def residuals(net, tests):
    """Outcome and treatment less what the other folds predict, by normal equations."""
    design = np.column_stack([np.ones(len(net)), net[["gdp", "fin"]]])
    both = net[["entreact", "did"]].to_numpy()
    left = np.empty_like(both)
    for test in tests:
        train = np.setdiff1d(np.arange(len(net)), test)
        slopes = np.linalg.solve(design[train].T @ design[train], design[train].T @ both[train])
        left[test] = both[test] - design[test] @ slopes
    return left.T


@one_thread
def test_documented_example_of_the_package(reference):
    import doubleml as dml
    from doubleml.plm.datasets import make_plpr_CP2025
    from sklearn.linear_model import LassoCV

    printed = reference["double_ml_panel"]
    np.random.seed(3142)  # noqa: NPY002 - as in the documented example
    drawn = make_plpr_CP2025(num_id=250, num_t=10, dim_x=30, theta=printed["planted"], dgp_type="dgp1")
    data = dml.DoubleMLPanelData(drawn, "y", "d", "time", "id", static_panel=True)
    found = dml.DoubleMLPLPR(data, LassoCV(), LassoCV()).fit().summary.loc["d_diff"]
    for name, column in (("estimate", "coef"), ("std_error", "std err"), ("statistic", "t")):
        assert f"{found[column]:.6f}" == printed[name]
    low, high = printed["interval"]
    assert f"{found['2.5 %']:.6f}" == low
    assert f"{found['97.5 %']:.6f}" == high
    assert float(low) < printed["planted"] < float(high)


@pytest.mark.parametrize("by_city", [True, False])
def test_estimate_and_error_equal_a_cross_fit_by_hand(net, by_city):
    from sklearn.linear_model import LinearRegression

    fit, tests = doubly(net, LinearRegression(), by_city)
    y, d = residuals(net, tests)
    theta = d @ y / (d @ d)
    assert fit.coef[0] == pytest.approx(theta, rel=1e-10)
    score = pd.Series(d * (y - theta * d))
    if by_city:
        score = score.groupby(net["city"].to_numpy()).sum()
    assert fit.se[0] == pytest.approx(np.sqrt((score**2).sum()) / (d @ d), rel=1e-10)


def test_folds_by_city_hold_whole_cities(net):
    from sklearn.linear_model import LinearRegression

    _, tests = doubly(net, LinearRegression(), True)
    held = [set(net["city"].iloc[test]) for test in tests]
    assert sum(map(len, held)) == net["city"].nunique()


def test_linear_learner_is_least_squares_up_to_folds(net):
    """Frisch-Waugh-Lovell: with a linear learner only what folds move is left, far below the standard error."""
    from sklearn.linear_model import LinearRegression

    fit, _ = doubly(net, LinearRegression(), False)
    plain = sm.OLS(net["entreact"], sm.add_constant(net[["did", "gdp", "fin"]])).fit(cov_type="HC0")
    assert abs(fit.coef[0] - plain.params["did"]) < 0.05 * plain.bse["did"]
    assert fit.se[0] == pytest.approx(plain.bse["did"], rel=0.01)
