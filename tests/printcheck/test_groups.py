"""Differences between groups against scipy's two-sample tests."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from printcheck import interval, rounding
from printcheck.groups import (
    difference,
    difference_overlapping,
    difference_z,
    error_from_t,
    p_value,
    widest_z,
)


def test_z_is_the_statistic_of_welch():
    # the summary statistics of scipy's documented example of ttest_ind_from_stats
    m1, s1, n1, m2, s2, n2 = 15.0, np.sqrt(87.5), 13, 12.0, np.sqrt(39.0), 11
    z = difference_z(*map(interval, (m1, m2, s1 / np.sqrt(n1), s2 / np.sqrt(n2))))
    welch = stats.ttest_ind_from_stats(m1, s1, n1, m2, s2, n2, equal_var=False)
    assert z.middle == pytest.approx(welch.statistic, abs=1e-12)
    assert p_value(interval(1.959963984540054)).middle == pytest.approx(0.05, abs=1e-12)


def groups(seed: int):
    rng = np.random.default_rng(seed)
    fits = []
    for slope in (0.5, 0.9):
        x = rng.normal(size=80)
        fits.append(sm.OLS(slope * x + rng.normal(size=80), sm.add_constant(x)).fit())
    return [(f.params[1], f.bse[1], f.tvalues[1]) for f in fits]


@pytest.mark.parametrize("digits", [2, 3, 4])
@pytest.mark.parametrize("seed", range(10))
def test_rounding_is_never_inconsistent(seed, digits):
    (b1, s1, t1), (b2, s2, t2) = groups(seed)
    p = 2 * stats.norm.sf(abs(b1 - b2) / np.hypot(s1, s2))
    show = [rounding(f"{v:.{digits}f}") for v in (b1, b2)]
    ts = [rounding(f"{v:.2f}") for v in (t1, t2)]
    errors = [rounding(f"{v:.{digits}f}") for v in (s1, s2)]
    shown = rounding(f"{p:.{digits}f}")
    behind = [error_from_t(b, t) for b, t in zip(show, ts, strict=True)]
    for given in (errors, behind):
        assert difference(*show, *given, shown).verdict == "consistent"
        assert difference_overlapping(*show, *given, shown).verdict == "consistent"


def test_every_correlation_is_within_the_widest():
    b1, b2, s1, s2 = 0.5, 0.9, 0.1, 0.16
    wide = widest_z(*map(interval, (b1, b2, s1, s2)))
    for rho in np.linspace(-1, 1, 21):
        z = abs(b1 - b2) / np.sqrt(s1**2 + s2**2 - 2 * rho * s1 * s2)
        assert wide.low - 1e-9 <= z <= wide.high + 1e-9
    assert wide.low == pytest.approx(0.4 / 0.26)
    assert wide.high == pytest.approx(0.4 / 0.06)


def test_the_widest_holds_what_any_rounding_gives_and_no_more():
    """Its ends are those of 81 x 81 numbers that round to the printed ones, at a correlation of -1 and of 1."""
    printed = rounding("0.5"), rounding("0.9"), rounding("0.10"), rounding("0.16")
    b1, b2, s1, s2 = (np.linspace(one.low, one.high, 9) for one in printed)
    gaps = np.abs(np.subtract.outer(b1, b2)).ravel()[:, None]
    wide = widest_z(*printed)
    assert wide.low == pytest.approx((gaps / np.add.outer(s1, s2).ravel()).min())
    assert wide.high == pytest.approx((gaps / np.abs(np.subtract.outer(s1, s2)).ravel()).max())
    assert (
        widest_z(*printed[:2], rounding("0.10"), rounding("0.11")).high == np.inf
    )  # the errors may be equal


def with_errors(first: str, second: str, t_first: str, t_second: str, p: str = ""):
    coef = [rounding(first), rounding(second)]
    errors = [error_from_t(b, rounding(t)) for b, t in zip(coef, (t_first, t_second), strict=True)]
    return [*coef, *errors, *([rounding(p)] if p else [])]


def test_p_that_no_test_of_the_two_estimates_gives():
    assert (
        difference_overlapping(*with_errors("0.0059", "0.0045", "8.14", "1.94", "0.0060")).verdict
        == "inconsistent"
    )
    errors = map(rounding, ("0.5", "0.9", "0.10", "0.16", "0.30"))
    assert difference_overlapping(*errors).verdict == "inconsistent"
    assert difference_overlapping(*with_errors("0.5", "0.9", "5.0", "9.0", "0.0001")).verdict == "consistent"


def test_without_a_printed_p_the_level_decides():
    near, far, se = interval(0.5), interval(2.0), interval(0.1)
    assert difference(near, far, se, se).verdict == "consistent"
    assert difference(near, interval(0.51), se, se).verdict == "inconsistent"
    assert difference(*with_errors("0.5", "0.7", "5.0", "7.0")).verdict == "cannot tell"
