"""The factor on clustered errors, against a second engine and against print."""

import os
import subprocess
import sys

import numpy as np
import pyfixest as pf
import pytest
from linearmodels import PanelOLS

from nqp.evidence import published
from nqp.evidence.verdicts import exact_verdict
from nqp.panel import clustered_scale, tidy
from nqp.panel.small_sample import positive_semidefinite

CONTROLS = "gdp + fin + stru + wage + gov + human + pubservice"


@pytest.fixture
def plain(panel):
    model = PanelOLS.from_formula(
        f"entreact ~ 1 + did + {CONTROLS} + EntityEffects + TimeEffects", panel.set_index(["id", "year"])
    )
    return model.fit(
        cov_type="clustered",
        cluster_entity=True,
        debiased=False,
        auto_df=False,
        count_effects=False,
        group_debias=False,
    )


def test_it_is_the_factor_of_a_second_engine(panel, plain):
    second = tidy(pf.feols(f"entreact ~ did + {CONTROLS} | id + year", panel, vcov={"CRV1": "id"}))
    ours = tidy(plain, df=283, se_scale=clustered_scale(4544, 24, 284)).set_index("term")
    for column in ("std_error", "conf_low", "conf_high"):
        assert ours.loc["did", column] == pytest.approx(second.set_index("term").loc["did", column], rel=1e-8)


def test_it_gives_the_printed_interval_where_no_factor_does_not(plain):
    cells = published("open_benchmark")
    low = cells.loc["t3.c3.gdp.ci_low"]
    scaled = (
        tidy(plain, df=283, se_scale=clustered_scale(4544, 24, 284)).set_index("term").loc["gdp", "conf_low"]
    )
    bare = tidy(plain, df=283).set_index("term").loc["gdp", "conf_low"]
    assert exact_verdict(scaled, low["value"], low["decimals"]) == "match"
    assert exact_verdict(bare, low["value"], low["decimals"]) != "match"


COUNTED = """
import pyfixest as pf
from nqp.data import open_panel
for absorbed in ("id + year", "id+year"):
    print(pf.feols(f"entreact ~ did | {absorbed}", open_panel(), vcov={"CRV1": "id"})._df_k)
"""


def counted(hash_seed):
    """Parameters counted with blanks around the plus, and without."""
    run = subprocess.run(
        [sys.executable, "-c", COUNTED],
        env={**os.environ, "PYTHONHASHSEED": str(hash_seed)},
        capture_output=True,
        text=True,
        check=True,
    )
    return [int(line) for line in run.stdout.split()]


def test_pyfixest_counts_by_hash_seed_without_blanks():
    """The trap the baseline chapter warns of. When this fails, pyfixest has mended it: drop the warning."""
    (with_blanks, without), (with_blanks_again, without_again) = counted(0), counted(2)
    assert with_blanks == with_blanks_again == 1 + 16
    assert without != without_again


def test_refusals():
    with pytest.raises(ValueError, match="at least two clusters, not 1"):
        clustered_scale(100, 3, 1)
    with pytest.raises(
        ValueError, match="10 observations do not leave a degree of freedom for 10 parameters"
    ):
        clustered_scale(10, 10, 5)


def test_a_covariance_that_is_one_stays_and_another_loses_its_negative_directions():
    good = np.array([[2.0, 0.5], [0.5, 1.0]])
    np.testing.assert_allclose(positive_semidefinite(good, np.array([3.0, 0.1])), good, atol=1e-12)
    bad = np.array([[1.0, 1.5], [1.5, 1.0]])  # eigenvalues 2.5 and -0.5
    np.testing.assert_allclose(positive_semidefinite(bad, np.ones(2)), [[1.25, 1.25], [1.25, 1.25]])
    rescaled = positive_semidefinite(bad, np.array([1.0, 2.0]))
    assert np.linalg.eigvalsh(rescaled).min() > -1e-12
    assert abs(rescaled[0, 0] - 1.25) > 0.01  # the repair depends on the units of the regressors
