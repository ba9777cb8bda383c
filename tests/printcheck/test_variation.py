"""Standard errors and the regressor's variation, on a simulated staggered panel."""

import numpy as np
import pytest
import statsmodels.api as sm

from printcheck import interval, rounding
from printcheck.variation import staggered_variation, variation_left

SIZES = {2003: 4, 2005: 3}
UNITS, FIRST, LAST = 20, 2001, 2008


def regression(seed: int):
    rng = np.random.default_rng(seed)
    years = np.arange(FIRST, LAST + 1)
    start = np.repeat([3000, *SIZES], [UNITS - sum(SIZES.values()), *SIZES.values()])
    dummy = (years[None, :] >= start[:, None]).astype(float).ravel()
    unit, year = np.repeat(np.arange(UNITS), len(years)), np.tile(years, UNITS)
    effects = np.column_stack([unit[:, None] == np.arange(UNITS), year[:, None] == years[1:]]).astype(float)
    y = dummy + unit / 5 + rng.normal(size=len(unit))
    return y, dummy, effects, sm.OLS(y, np.column_stack([dummy, effects])).fit()


def test_variation_is_the_residual_sum_of_squares():
    _, dummy, effects, _ = regression(0)
    left = sm.OLS(dummy, effects).fit().ssr
    assert staggered_variation(SIZES, units=UNITS, first=FIRST, last=LAST) == pytest.approx(left, abs=1e-10)


def test_standard_error_implies_it_exactly():
    y, dummy, effects, fit = regression(1)
    left = sm.OLS(dummy, effects).fit().ssr
    exact = [interval(v) for v in (fit.params[0], fit.tvalues[0], fit.rsquared, y.std(ddof=1), len(y))]
    assert variation_left(*exact, df=fit.df_resid, effects_leave=left * (1 + 1e-9)).verdict == "consistent"
    assert variation_left(*exact, df=fit.df_resid, effects_leave=left * (1 - 1e-6)).verdict == "inconsistent"


@pytest.mark.parametrize("digits", [2, 3, 4])
@pytest.mark.parametrize("seed", range(8))
def test_rounding_is_never_inconsistent(seed, digits):
    y, _, _, fit = regression(seed)
    shown = [
        rounding(f"{v:.{digits}f}") for v in (fit.params[0], fit.tvalues[0], fit.rsquared, y.std(ddof=1))
    ]
    left = staggered_variation(SIZES, units=UNITS, first=FIRST, last=LAST)
    result = variation_left(*shown, interval(len(y)), df=fit.df_resid, effects_leave=left)
    assert result.verdict == "consistent"


def test_more_treated_than_units_are_refused():
    with pytest.raises(ValueError, match="hold more than 5 units"):
        staggered_variation(SIZES, units=5, first=FIRST, last=LAST)
