"""The open proxy: bounds, orders, and the refusal of gaps."""

import pandas as pd
import pytest

from nqp.index import CORE, EXTENDED, equal_weights, min_max, open_proxy


def test_the_proxy_is_bounded_and_ignores_row_order(panel):
    proxy = open_proxy(panel)
    assert proxy.scores["nqp"].between(0, 1).all()
    assert list(proxy.weights.index) == list(CORE)
    again = open_proxy(panel.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(proxy.scores, again.scores)


def test_more_of_any_indicator_is_a_higher_score(panel):
    before = open_proxy(panel)
    for name in CORE:
        inside = panel[name].between(panel[name].quantile(0.3), panel[name].quantile(0.6)) & (
            panel["year"] == 2015
        )
        row = panel.index[inside][0]
        raised = panel.copy()
        raised.loc[row, name] = panel[name].quantile(0.9)
        after = open_proxy(raised)
        assert after.scores.loc[row, "nqp"] > before.scores.loc[row, "nqp"], name


def test_units_do_not_matter(panel):
    other = panel.assign(human=panel["human"] * 10_000, internet=panel["internet"] / 100)
    pd.testing.assert_frame_equal(open_proxy(other).scores, open_proxy(panel).scores)


def test_equal_weights_are_the_mean_of_scaled_indicators(panel):
    scaled = min_max(panel.sort_values(["id", "year"])[list(CORE)], CORE)
    found = open_proxy(panel, weighting=equal_weights).scores["nqp"]
    assert found.to_numpy() == pytest.approx(scaled.mean(axis=1).to_numpy())


def test_gaps_are_refused_by_name(panel):
    with pytest.raises(ValueError, match=r"values in digital_finance \(568\), venture \(568\) of 4544 rows"):
        open_proxy(panel, indicators=EXTENDED)
    open_proxy(panel[panel["year"].between(2011, 2022)], indicators=EXTENDED)
