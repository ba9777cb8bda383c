"""Cohorts and event-time dummies."""

import numpy as np
import pandas as pd
import pyfixest as pf
import pytest
from scipy import stats

from nqp.baseline import cohorts, event_dummies, event_path, event_term


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


@pytest.fixture
def staggered():
    """An event study by pyfixest on 40 units, 30 of them treated from 2004 or 2006, in ten years of noise."""
    rng = np.random.default_rng(5)
    frame = pd.DataFrame([(u, t) for u in range(40) for t in range(2000, 2010)], columns=["u", "t"])
    start = frame["u"].map(lambda u: {0: np.nan, 1: 2004.0, 2: 2006.0, 3: 2006.0}[u % 4])
    dummies = event_dummies(frame["t"] - start, window=3)
    frame = frame.join(dummies).assign(y=rng.normal(size=len(frame)) + dummies["post2"])
    return pf.feols(f"y ~ {' + '.join(dummies)} | u + t", frame, vcov={"CRV1": "u"})


def test_event_path_is_the_fit_with_a_base_of_zero(staggered):
    path, _ = event_path(staggered, clusters=40, draws=100, seed=1)
    assert path.index.tolist() == [-3, -2, -1, 0, 1, 2, 3]
    assert (path.loc[-1] == 0).all()
    assert path.loc[2, "estimate"] == staggered.coef()["post2"]
    assert path.loc[-3, "conf_low"] == staggered.confint().loc["pre3", "2.5%"]


@pytest.mark.filterwarnings("ignore:Distribution changed to chi2")
def test_the_joint_statistic_of_early_years_is_pyfixests(staggered):
    _, joint = event_path(staggered, clusters=40, draws=100, seed=1)
    early = np.array(
        [[name == one for name in staggered._coefnames] for one in ("pre3", "pre2")], dtype=float
    )
    statistic = float(staggered.wald_test(R=early)["statistic"])
    assert joint == pytest.approx(stats.f.sf(statistic / 2, 2, 39), rel=1e-9)


def test_the_uniform_band_lies_between_one_interval_and_bonferroni(staggered):
    path, _ = event_path(staggered, clusters=40, draws=50_000, seed=1)
    factor = path["uniform"].drop(-1).to_numpy() / staggered.se().to_numpy()
    assert np.ptp(factor) < 1e-12
    assert stats.norm.ppf(0.975) < factor[0] < stats.norm.ppf(1 - 0.025 / 6)
    again, _ = event_path(staggered, clusters=40, draws=50_000, seed=1)
    pd.testing.assert_frame_equal(path, again, check_exact=True)


def test_a_path_without_early_years_is_refused(small):
    fit = pf.feols("d ~ t", small)
    with pytest.raises(
        ValueError, match="no event-time dummy before the base in Intercept, t: widen the window"
    ):
        event_path(fit, clusters=3, draws=10, seed=1)
