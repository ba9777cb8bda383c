"""Location quotients: a hand example, the real treatment beside print, the part-whole bound, refusals."""

import numpy as np
import pandas as pd
import pytest

from nqp.data import DataError, province_panel
from nqp.evidence import published
from nqp.index import largest_quotient, location_quotient
from nqp.panel import PanelError

# shares of the part .5, .2, .3 and of the whole .25, .25, .5 in year 1; year 2 is the first one doubled
HAND = pd.DataFrame({
    "unit": ["a", "b", "c"] * 2, "year": [1] * 3 + [2] * 3,
    "part": [5, 2, 3, 10, 4, 6], "whole": [10, 10, 20, 20, 20, 40],
})  # fmt: skip


def quotient(frame: pd.DataFrame, function=location_quotient, **options) -> pd.Series:
    return function(frame["part"], frame["whole"], frame["unit"], frame["year"], **options)


def test_a_hand_example_and_its_bound():
    assert quotient(HAND).tolist() == pytest.approx([2, 0.8, 0.6] * 2)
    # the nation's share of the part is 1/4, so 4; c has half of the whole, so 2
    assert quotient(HAND, largest_quotient).tolist() == pytest.approx([4, 4, 2] * 2)


def test_row_order_and_units_do_not_matter():
    mixed = HAND.sample(frac=1, random_state=1)
    found = quotient(mixed.assign(part=mixed["part"] * 100, whole=mixed["whole"] * 100))
    pd.testing.assert_series_equal(found.sort_index(), quotient(HAND))


def test_a_place_that_has_everything_or_nothing_else_reaches_the_bound():
    full = HAND.assign(part=[10, 2, 3, 20, 4, 6])
    assert quotient(full)[0] == pytest.approx(quotient(full, largest_quotient)[0])
    alone = HAND.assign(part=[0, 0, 3, 0, 0, 6])
    assert quotient(alone)[2] == pytest.approx(quotient(alone, largest_quotient)[2]) == pytest.approx(2)
    drawn = HAND.assign(part=HAND["whole"] * np.random.default_rng(1).random(6))
    assert (quotient(drawn) <= quotient(drawn, largest_quotient)).all()


def test_the_treatment_of_ye_2024_is_public_and_its_moments_are_near_print():
    """310 rows of 2013-2022, winsorised at 1 and 99 per cent as the paper says it did with 403 rows of 2010-2022."""
    rows = province_panel().dropna(subset=["va_industry"])
    raw = location_quotient(rows["va_industry"], rows["gdp_v4"], rows["adcode"], rows["year"])
    weights = rows["gdp_v4"] / rows.groupby("year")["gdp_v4"].transform("sum")
    assert (weights * raw).groupby(rows["year"]).sum().to_numpy() == pytest.approx(1)
    cut = raw.clip(*raw.quantile([0.01, 0.99]))
    assert len(cut) == 310
    assert cut.agg(["mean", "std", "min", "max"]).tolist() == pytest.approx(
        [0.9156, 0.2347, 0.2265, 1.2845], abs=5e-5
    )
    printed = published("industrial_agglomeration")["value"]
    assert abs(cut.mean() - printed["t2.indus.mean"]) < 0.01
    assert abs(cut.std() - printed["t2.indus.sd"]) < 0.001
    with pytest.raises(DataError, match="mix vintages of GDP"):
        location_quotient(rows["va_industry"], rows["gdp"], rows["adcode"], rows["year"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: f.assign(part=f["part"].where(f.index != 1, 11)), "it does not for b in 1"),
        (lambda f: f.assign(part=f["part"].where(f.index != 3, -1)), "it does not for a in 2"),
        (lambda f: f.drop(index=4), "1 of 3 units lack some of the 2 periods: b"),
        (lambda f: f.assign(year=1), "more than one row for a in 1"),
        (lambda f: f.assign(part=f["part"].where(f.index != 1)), r"missing or infinite values in part \(1\)"),
    ],
)
def test_what_has_no_quotient_is_refused(change, said):
    with pytest.raises(PanelError, match=said):
        quotient(change(HAND))


def test_sums_that_are_not_the_nations_are_refused():
    nation = pd.DataFrame({"part": [10, 20], "whole": [40, 80]}, index=[1, 2])
    assert quotient(HAND, nation=nation).equals(quotient(HAND))
    for other in (nation.assign(whole=[40, 84]), nation.drop(index=2)):
        with pytest.raises(PanelError, match="miss the national totals of 2: is it one"):
            quotient(HAND, nation=other)
