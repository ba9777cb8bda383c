"""Cohorts and event-time dummies."""

import numpy as np
import pandas as pd
import pyfixest as pf
import pytest
from scipy import stats

from nqp.baseline import cohorts, early_test, event_dummies, event_term


@pytest.fixture
def small():
    """Units 1 (treated from 2003), 2 (never treated) and 3 (treated from 2002), 2001 to 2004."""
    rows = [
        (u, t, int(g is not None and t >= g))
        for u, g in ((1, 2003), (2, None), (3, 2002))
        for t in range(2001, 2005)
    ]
    return pd.DataFrame(rows, columns=["u", "t", "d"])


def test_cohorts(small):
    found = cohorts(small, "d", unit="u", time="t").groupby(small["u"]).unique()
    assert found[1].tolist() == [2003.0]
    assert np.isnan(found[2]).all()
    assert found[3].tolist() == [2002.0]


def test_cohorts_ignore_row_order(small):
    shuffled = small.sample(frac=1, random_state=3)
    pd.testing.assert_series_equal(
        cohorts(shuffled, "d", unit="u", time="t").sort_index(), cohorts(small, "d", unit="u", time="t")
    )


def test_cohorts_refusals(small):
    with pytest.raises(ValueError, match="d must hold 0 and 1 only"):
        cohorts(small.assign(d=2), "d", unit="u", time="t")
    back = small.copy()
    back.loc[(back["u"] == 3) & (back["t"] == 2004), "d"] = 0
    with pytest.raises(ValueError, match="d returns to 0 for u 3"):
        cohorts(back.sample(frac=1, random_state=0), "d", unit="u", time="t")
    with pytest.raises(ValueError, match="more than one row for 1 in 2001"):
        cohorts(pd.concat([small, small.iloc[[0]]], ignore_index=True), "d", unit="u", time="t")


def test_event_dummies_bin_the_ends_and_leave_out_the_reference():
    event_time = pd.Series([-7.0, -2.0, -1.0, 0.0, 1.0, 9.0, np.nan])
    dummies = event_dummies(event_time, window=2)
    assert list(dummies.columns) == ["pre2", "current", "post1", "post2"]
    assert dummies.to_numpy().tolist() == [
        [1, 0, 0, 0],
        [1, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 1],
        [0, 0, 0, 0],
    ]
    assert event_dummies(event_time, window=2, missing_is_infinite=True).iloc[-1].tolist() == [0, 0, 0, 1]
    assert [event_term(k) for k in (-3, 0, 2)] == ["pre3", "current", "post2"]


def test_event_dummies_refusals():
    with pytest.raises(ValueError, match="window is 0: it must hold the year before treatment"):
        event_dummies(pd.Series([1.0]), window=0)
    with pytest.raises(ValueError, match="no unit is ever treated"):
        event_dummies(pd.Series([np.nan, np.nan]))


def test_the_coding_of_never_treated_units_leaves_slopes_alone(panel):
    event_time = panel["year"] - cohorts(panel, "did", unit="id", time="year")
    slopes = []
    for infinite in (False, True):
        dummies = event_dummies(event_time, missing_is_infinite=infinite)
        formula = f"entreact ~ {' + '.join(dummies.columns)} | id + year"
        slopes.append(pf.feols(formula, pd.concat([panel, dummies], axis=1)).coef())
    pd.testing.assert_series_equal(slopes[0], slopes[1], rtol=1e-6)


def test_the_joint_test_before_treatment_is_pyfixest_s_wald_test_over_f(panel):
    cohort = cohorts(panel, "did", unit="id", time="year")
    dummies = event_dummies(panel["year"] - cohort)
    formula = f"entreact ~ gdp + {' + '.join(dummies)} | id + year"
    fit = pf.feols(formula, pd.concat([panel, dummies], axis=1), vcov={"CRV1": "id"})
    names = list(fit.coef().index)
    chosen = np.array([[float(name == one) for name in names] for one in ("pre5", "pre4", "pre3", "pre2")])
    wald = fit.wald_test(chosen, distribution="chi2")
    f, p = early_test(fit)
    assert 4 * f == pytest.approx(wald["statistic"], rel=1e-8)
    assert p == pytest.approx(stats.f.sf(f, 4, panel["id"].nunique() - 1), rel=1e-12)
    with pytest.raises(ValueError, match="no dummy before treatment"):
        early_test(pf.feols("entreact ~ gdp | id + year", panel, vcov={"CRV1": "id"}))
