"""Tests of a*b against R's printed output, a published constant, and other ways to the same distribution."""

from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
import yaml
from scipy import special

from nqp.mechanisms.sobel import negative_product, sobel_tests
from nqp.panel import PanelError

REFERENCE = yaml.safe_load((Path(__file__).parents[1] / "reference" / "sobel_mtcars_bda.yaml").read_text())


def test_matches_r_bda_to_every_printed_digit():
    y, m, d = (np.array(REFERENCE[k]) for k in ("outcome_mpg", "mediator_hp", "treatment_wt"))
    first = sm.OLS(m, sm.add_constant(d)).fit()
    second = sm.OLS(y, sm.add_constant(np.column_stack([m, d]))).fit()
    row = sobel_tests(first.params[1], first.bse[1], second.params[1], second.bse[1], correlation=0).loc[
        "sobel"
    ]
    printed = REFERENCE["printed"]["sobel"]
    assert f"{row['statistic']:.7f}" == printed["z"]
    assert f"{row['p_value']:.7f}" == printed["p"]


@pytest.mark.parametrize("rho", [-0.9, -0.3, 0.0, 0.6, 0.99])
def test_sign_of_a_product_in_closed_form(rho):
    # Sheppard (1899): with zero means both are negative with probability 1/4 + arcsin(rho) / (2 pi)
    assert negative_product(0, 0, rho) == pytest.approx(0.5 - np.arcsin(rho) / np.pi, abs=1e-10)
    upper = special.ndtr([2.0, -0.7])
    mixed = upper[0] * (1 - upper[1]) + upper[1] * (1 - upper[0])
    assert negative_product(2.0, -0.7, 0) == pytest.approx(mixed, abs=1e-12)


@pytest.mark.parametrize("rho", [0.0, 0.6, -0.3])
def test_sign_of_a_product_against_simulation(rho):
    z = np.random.default_rng(5).normal(size=(2, 1_000_000))
    for za, zb in ((3.0, -1.25), (0.4, 5.0), (-1.0, -2.0)):
        product = (za + z[0]) * (zb + rho * z[0] + np.sqrt(1 - rho**2) * z[1])
        assert negative_product(za, zb, rho) == pytest.approx((product < 0).mean(), abs=0.002)


def test_correlation_adds_its_covariance_term():
    row = sobel_tests(0.3, 0.1, 0.5, 0.2, correlation=0.4).loc["correlated"]
    gradient, cov = np.array([0.5, 0.3]), np.array([[0.01, 0.008], [0.008, 0.04]])
    assert row["std_error"] == pytest.approx(np.sqrt(gradient @ cov @ gradient))


def test_the_product_row_is_twice_the_smaller_tail():
    row = sobel_tests(0.3, 0.1, 0.5, 0.2, correlation=0).loc["product"]
    assert row["p_value"] == pytest.approx(2 * negative_product(3.0, 2.5, 0))
    assert row["estimate"] == pytest.approx(0.15)
    assert np.isnan(row["std_error"])


def test_refusals():
    with pytest.raises(PanelError, match=r"must be positive, not 2.41 and -13.6"):
        sobel_tests(0.07, 2.41, 0.006, -13.6, correlation=0)
    with pytest.raises(PanelError, match=r"correlation of a and b must lie in \(-1, 1\), not 1.5"):
        sobel_tests(0.07, 0.1, 0.006, 0.1, correlation=1.5)
