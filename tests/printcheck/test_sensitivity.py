"""Checks on Frank's sensitivity numbers, against what konfound prints in R and in Stata."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from printcheck import CONSISTENT, INCONSISTENT, Interval, interval, rounding
from printcheck.sensitivity import (
    conventions,
    critical_t,
    impact,
    impact_is_product,
    which_convention,
)


@pytest.fixture(scope="module")
def konfound():
    path = Path(__file__).parents[1] / "reference" / "robustness.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))["konfound"]


def r_convention(n, covariates):
    return [one for one in conventions(n, covariates + 1) if one.name.startswith("R konfound")]


def share_to_replace(t, one):
    """Percent of cases to replace: 1 - critical t / t (Frank et al. 2013)."""
    return 100 * (1 - critical_t(one.test) / t)


def test_documented_example_of_r(konfound):
    case = konfound["documented_example"]
    one = r_convention(case["n"], case["covariates"])[0]
    share = share_to_replace(case["estimate"] / case["std_error"], one)
    assert f"{share:.3f}" == f"{case['share']:.3f}"
    assert round(case["n"] * share / 100) == case["cases"]


def test_konfounds_own_tests(konfound):
    for case in konfound["tests"]:
        if case["estimate"] < 0:
            continue
        given = r_convention(case["n"], case["covariates"])
        b, s = interval(case["estimate"]), interval(case["std_error"])
        printed = (Interval(x - 6e-4, x + 6e-4) for x in (case["impact"], case["correlation"]))
        share = Interval(case["share"] - 0.05, case["share"] + 0.05)
        assert which_convention(b, s, share, *printed, conventions=given).verdict == CONSISTENT


def test_stata_output_on_griliches_wages():
    """Output of SSC's konfound after regress of lw on iq s expr tenure rns smsa and six year dummies, 758 men.

    It prints 25.34 percent (192 cases), correlation 0.161 and impact 0.0260 for iq. After regress the program uses
    n - m, n - m - 2 and n - m - 2, which is SSC pkonfound's rule.
    """
    given = [one for one in conventions(758, 12) if one.name.startswith("SSC pkonfound")]
    printed = rounding("25.34%"), rounding("0.0260"), rounding("0.161")
    t = rounding("2.63"), interval(1.0)
    assert which_convention(*t, *printed, conventions=given).verdict == CONSISTENT
    planted = printed[0], rounding("0.0270"), printed[2]
    assert which_convention(*t, *planted, conventions=given).verdict == INCONSISTENT


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("digits", [2, 3, 4])
def test_every_convention_finds_itself_after_rounding(seed, digits):
    rng = np.random.default_rng(seed)
    coef, se = rng.uniform(0.5, 1.0), rng.uniform(0.05, 0.15)
    given = conventions(2800, 16, effects=279, groups=280)
    b, s = rounding(f"{coef:.{digits}f}"), rounding(f"{se:.{digits}f}")
    for one in given:
        share, level = share_to_replace(coef / se, one), impact(coef / se, one)
        texts = f"{share:.{digits}f}%", f"{level:.{digits}f}", f"{np.sqrt(level):.{digits}f}"
        found = which_convention(b, s, *map(rounding, texts), conventions=given)
        assert found.verdict == CONSISTENT
        assert one.name in found.sentence
        assert impact_is_product(*map(rounding, (texts[1], texts[2], texts[2]))).verdict == CONSISTENT


def test_conventions_by_their_programs():
    """n = 100, 4 regressors, 10 units: degrees of freedom as the programs' code computes them."""
    found = {one.name: (one.test, one.critical, one.observed) for one in conventions(100, 4, groups=10)}
    assert found["SSC pkonfound (2017)"] == (100 - 3 - 1, 100 - 3 - 3, 100 - 3 - 3)
    assert found["SSC konfound (2017) after a panel command"] == (
        100 - 4 - 10 + 1,
        100 - 4 - 10 - 2,
        100 - 4 - 2,
    )
    assert found["R konfound, n - K - 2"] == (95, 95, 95)


def test_product_that_does_not_follow():
    found = impact_is_product(rounding("0.20"), rounding("0.41"), rounding("0.41"))
    assert found.verdict == INCONSISTENT
