"""Identities of columns that share a design, on simulated panels."""

import numpy as np
import pandas as pd
import pytest

from printcheck import CANNOT_TELL, CONSISTENT, INCONSISTENT, interval, rounding
from printcheck.shared_design import error_ratio_shared
from printcheck.sums import error_of_sum


def columns(seed, cov):
    """Two-way fixed effects of three outcomes, the third the sum of the others, in linearmodels."""
    from linearmodels import PanelOLS

    rng = np.random.default_rng(seed)
    units, periods = 31, 13
    frame = pd.DataFrame(
        rng.normal(size=(units * periods, 4)),
        columns=["x", "c", "a", "b"],
        index=pd.MultiIndex.from_product([range(units), range(periods)]),
    )
    shock = np.repeat(rng.normal(size=units), periods) * frame["x"]
    frame["a"] += 0.3 * frame["x"] + shock
    frame["b"] += np.exp(frame["c"])
    frame["y"] = frame["a"] + frame["b"]
    fits = []
    for outcome in ("a", "b", "y"):
        model = PanelOLS(frame[outcome], frame[["x", "c"]], entity_effects=True, time_effects=True)
        fits.append(model.fit(**cov))
    return fits


CLASSICAL = {"cov_type": "unadjusted"}
CLUSTERED = {"cov_type": "clustered", "cluster_entity": True}


@pytest.mark.parametrize("seed", range(5))
def test_conventional_errors_share_their_ratio(seed):
    fits = columns(seed, CLASSICAL)
    ratios = [float(one.std_errors["x"] / one.std_errors["c"]) for one in fits]
    assert max(ratios) - min(ratios) < 1e-10
    for digits in (2, 3, 5):
        first, second = ([rounding(f"{float(f.std_errors[v]):.{digits}f}") for f in fits] for v in ("x", "c"))
        assert error_ratio_shared(first, second).verdict == CONSISTENT


@pytest.mark.parametrize("seed", range(5))
def test_clustered_errors_do_not(seed):
    fits = columns(seed, CLUSTERED)
    first, second = ([rounding(f"{float(f.std_errors[v]):.4f}") for f in fits] for v in ("x", "c"))
    found = error_ratio_shared(first, second)
    assert found.verdict == INCONSISTENT
    assert "no one ratio fits all" in found.sentence


@pytest.mark.parametrize(("cov", "decided"), [(CLASSICAL, CANNOT_TELL), (CLUSTERED, CONSISTENT)])
def test_errors_said_to_be_robust(cov, decided):
    fits = columns(2, cov)
    first, second = ([rounding(f"{float(f.std_errors[v]):.4f}") for f in fits] for v in ("x", "c"))
    assert error_ratio_shared(first, second, robust=True).verdict == decided


@pytest.mark.parametrize("cov", [CLASSICAL, CLUSTERED])
@pytest.mark.parametrize("digits", [2, 3, 5])
def test_error_of_a_sum(cov, digits):
    a, b, y = (rounding(f"{float(f.std_errors['x']):.{digits}f}") for f in columns(1, cov))
    assert error_of_sum(y, [a, b]).verdict == CONSISTENT
    assert error_of_sum(a + b + 0.1, [a, b]).verdict == INCONSISTENT


def test_error_of_a_sum_from_below():
    assert error_of_sum(interval(0.5), [interval(3.0), interval(1.0), interval(1.0)]).verdict == INCONSISTENT
    assert error_of_sum(interval(1.0), [interval(3.0), interval(1.0), interval(1.0)]).verdict == CONSISTENT
