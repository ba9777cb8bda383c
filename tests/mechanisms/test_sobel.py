"""Tests of a*b against R's printed output, a published constant, and other ways to the same distribution."""

from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
import yaml
from scipy import integrate, special

from nqp.mechanisms import sobel_tests
from nqp.mechanisms.sobel import product_cdf
from nqp.panel import PanelError

REFERENCE = yaml.safe_load((Path(__file__).parents[1] / "reference" / "sobel_mtcars_bda.yaml").read_text())


def test_matches_r_bda_to_every_printed_digit():
    y, m, d = (np.array(REFERENCE[k]) for k in ("outcome_mpg", "mediator_hp", "treatment_wt"))
    first = sm.OLS(m, sm.add_constant(d)).fit()
    second = sm.OLS(y, sm.add_constant(np.column_stack([m, d]))).fit()
    row = sobel_tests(first.params[1], first.bse[1], second.params[1], second.bse[1]).loc["sobel"]
    printed = REFERENCE["printed"]["sobel"]
    assert f"{row['statistic']:.7f}" == printed["z"]
    assert f"{row['p_value']:.7f}" == printed["p"]


def test_product_of_standard_normals():
    # MacKinnon, Lockwood, Hoffman, West & Sheets (2002): |z_a z_b| > 2.18 has probability .05
    assert product_cdf(2.175, 0, 1, 0, 1) < 0.975 < product_cdf(2.185, 0, 1, 0, 1)
    # Craig (1936): the density is K0(|x|) / pi
    tail = integrate.quad(lambda x: special.k0(x) / np.pi, 1.3, np.inf)[0]
    assert product_cdf(1.3, 0, 1, 0, 1) == pytest.approx(1 - tail, abs=1e-9)


@pytest.mark.parametrize("rho", [0.0, 0.6, -0.3])
def test_exact_product_against_simulation(rho):
    a, se_a, b, se_b = 0.3, 0.1, -0.5, 0.4
    z = np.random.default_rng(5).normal(size=(2, 1_000_000))
    product = (a + se_a * z[0]) * (b + se_b * (rho * z[0] + np.sqrt(1 - rho**2) * z[1]))
    for q in np.quantile(product, [0.025, 0.3, 0.975]):
        assert product_cdf(q, a, se_a, b, se_b, rho) == pytest.approx((product <= q).mean(), abs=0.002)


def test_correlation_adds_its_covariance_term():
    row = sobel_tests(0.3, 0.1, 0.5, 0.2, correlation=0.4).loc["correlated"]
    gradient, cov = np.array([0.5, 0.3]), np.array([[0.01, 0.008], [0.008, 0.04]])
    assert row["std_error"] == pytest.approx(np.sqrt(gradient @ cov @ gradient))
    assert "correlated" not in sobel_tests(0.3, 0.1, 0.5, 0.2).index


def test_the_product_row_is_twice_the_smaller_tail():
    row = sobel_tests(0.3, 0.1, 0.5, 0.2).loc["product"]
    assert row["p_value"] == 2 * product_cdf(0.0, 0.3, 0.1, 0.5, 0.2)
    assert row["estimate"] == pytest.approx(0.15)
    assert np.isnan(row["std_error"])


def test_refusals():
    with pytest.raises(PanelError, match=r"must be positive, not 2.41 and -13.6"):
        sobel_tests(0.07, 2.41, 0.006, -13.6)
    with pytest.raises(PanelError, match=r"correlation of a and b must lie in \(-1, 1\), not 1.5"):
        sobel_tests(0.07, 0.1, 0.006, 0.1, correlation=1.5)
