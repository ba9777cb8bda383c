"""The test of Lind and Mehlum against logs of Stata's utest, whose slopes and t values give coefficients and errors."""

from pathlib import Path

import numpy as np
import pytest
import yaml
from scipy import optimize, stats

from nqp.baseline import u_test
from nqp.panel import PanelError

LOGS = yaml.safe_load((Path(__file__).parents[1] / "reference/u_test.yaml").read_text("utf-8"))


def rebuilt(log, df, correlation=0.0):
    """Run the test on coefficients and errors that a log implies; it does not print how both slopes correlate."""
    low, high = log["ends"]
    square = (log["slopes"][1] - log["slopes"][0]) / (2 * (high - low))
    errors = np.divide(log["slopes"], log["t"])
    of_slopes = np.outer(errors, errors) * [[1, correlation], [correlation, 1]]
    back = np.linalg.inv([[1, 2 * low], [1, 2 * high]])
    linear = log["slopes"][0] - 2 * square * low
    return u_test(linear, square, back @ of_slopes @ back.T, low=low, high=high, df=df)


def test_a_log_without_a_u():
    log = LOGS["no_u"]
    df = optimize.brentq(lambda df: stats.t.sf(-log["t"][0], df) - log["p_value"][0], 100, 1e5)
    found = rebuilt(log, df)
    assert found.shape == "U"
    assert found.turning_point == pytest.approx(log["turning_point"], abs=3e-5)  # both ends have seven digits
    assert found.ends["slope"].tolist() == pytest.approx(log["slopes"], rel=1e-9)
    assert found.ends["t"].tolist() == pytest.approx(log["t"], rel=1e-9)
    assert found.ends["p_value"].tolist() == pytest.approx(log["p_value"], abs=2e-7)
    assert f"{found.p_value:.2f}" == log["overall_p"]
    assert found.interval == (-np.inf, np.inf)


def test_a_log_with_an_inverse_u_and_its_fieller_interval():
    log = LOGS["inverse_u"]
    low = log["interval"][0]  # settles the correlation, and the upper end must follow
    correlation = optimize.brentq(lambda r: rebuilt(log, 9990, r).interval[0] - low, -0.99, 0.99)
    found = rebuilt(log, 9990, correlation)
    assert found.shape == "inverse U"
    assert found.turning_point == pytest.approx(log["turning_point"], abs=2e-6)
    assert found.interval[1] == pytest.approx(log["interval"][1], abs=3e-6)
    assert found.p_value < 1e-300


def test_at_the_ends_of_fiellers_interval_the_slope_is_just_not_significant():
    cov = np.array([[0.04, -0.01], [-0.01, 0.003]])
    edges = u_test(-3.0, 1.2, cov, low=0, high=5, df=30).interval
    at_edges = u_test(-3.0, 1.2, cov, low=edges[0], high=edges[1], df=30)
    assert np.abs(at_edges.ends["t"]).tolist() == pytest.approx([stats.t.ppf(0.975, 30)] * 2)


def test_a_turning_point_outside_the_data_is_no_u():
    found = u_test(1.0, 0.5, np.diag([0.01, 0.0001]), low=0.1, high=2, df=30)
    assert found.turning_point == -1
    assert found.p_value > 0.5


def test_what_carries_no_shape_is_refused():
    cov = np.diag([1.0, 1.0])
    with pytest.raises(PanelError, match="no shape to test: the square is 0"):
        u_test(1, 0, cov, low=0, high=1, df=30)
    with pytest.raises(PanelError, match=r"interval \[1, 1\]"):
        u_test(1, 1, cov, low=1, high=1, df=30)
    with pytest.raises(PanelError, match="no positive variance"):
        u_test(1, 1, -cov, low=0, high=1, df=30)
