"""Means taken out and parameters counted, against dummies."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqp.panel import PanelError, net_of, orthonormal, within
from nqp.panel.small_sample import count_parameters


def dummies(*labels):
    return np.hstack([pd.get_dummies(pd.Series(x), dtype=float).to_numpy() for x in labels])


def test_within_equals_residuals_on_dummies():
    values = np.random.default_rng(0).normal(size=(3, 5, 4))  # variables, units, periods
    unit, time = np.repeat(range(5), 4), np.tile(range(4), 5)
    for effects, labels in {"two-way": (unit, time), "unit": (unit,), "time": (time,)}.items():
        d = dummies(*labels)
        y = values.reshape(3, 20).T
        expected = (y - d @ np.linalg.lstsq(d, y, rcond=None)[0]).T.reshape(values.shape)
        np.testing.assert_allclose(within(values, effects), expected, atol=1e-12)
        moved = within(np.moveaxis(values, 0, -1), effects, axes=(0, 1))
        np.testing.assert_allclose(np.moveaxis(moved, -1, 0), expected, atol=1e-12)
    assert within(values, "none") is values


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_net_of_equals_residuals_on_dummies_in_unbalanced_panels(seed):
    rng = np.random.default_rng(seed)
    unit, time = rng.integers(0, 6, 40), rng.integers(0, 5, 40)
    values = rng.normal(size=(40, 2)) * [1.0, 1e6] + [0.0, 1e8]
    d = dummies(unit, time)
    expected = values - d @ np.linalg.lstsq(d, values, rcond=None)[0]
    np.testing.assert_allclose(net_of(values, unit, time) / [1.0, 1e6], expected / [1.0, 1e6], atol=1e-6)
    counted = count_parameters(0, [unit, time])
    assert counted == np.linalg.matrix_rank(d)


def test_net_of_keeps_frames_and_balanced_arrays_agree(panel):
    columns = panel[["entreact", "gdp"]]
    shuffled = columns.sample(frac=1, random_state=1)
    net = net_of(shuffled, panel.loc[shuffled.index, "id"], panel.loc[shuffled.index, "year"])
    assert net.index.equals(shuffled.index)
    ordered = panel.sort_values(["id", "year"])
    cube = within(ordered["gdp"].to_numpy().reshape(284, 16))
    np.testing.assert_allclose(net["gdp"].loc[ordered.index], cube.ravel(), atol=1e-10)
    np.testing.assert_allclose(net_of(columns), columns - columns.mean(), atol=1e-9)


def test_effects_nested_in_a_cluster_are_not_counted():
    unit, time = np.repeat(range(6), 4), np.tile(range(4), 6)
    province = unit // 3
    assert count_parameters(2, [unit, time]) == 2 + 6 + 4 - 1
    assert count_parameters(2, [unit, time], [unit]) == 2 + 1 + 3
    assert count_parameters(2, [unit, time], [province]) == 2 + 1 + 3
    assert count_parameters(2, [unit, time], [time]) == 2 + 1 + 5
    assert count_parameters(2, [unit, time], [unit, time]) == 2 + 1
    # province-years form two unconnected parts with the units: each part has a period to spare
    assert count_parameters(2, [unit, province * 10 + time], [unit]) == 2 + 1 + 8 - 2


def test_orthonormal_names_what_adds_nothing():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(30, 3))
    basis = orthonormal(x, x, ["a", "b", "c"], "the constant")
    np.testing.assert_allclose(basis.T @ basis, np.eye(3), atol=1e-14)
    twin = np.column_stack([x, x[:, 0] - 2 * x[:, 2]])
    with pytest.raises(PanelError, match="d is collinear with a, b, c: leave one out"):
        orthonormal(twin, twin, list("abcd"), "the constant")
    with pytest.raises(PanelError, match="b is absorbed by the constant"):
        orthonormal(x * [1, 0, 1], x, list("abc"), "the constant")
    with pytest.raises(PanelError, match="3 observations cannot carry 3 coefficients: a, b, c"):
        orthonormal(x[:3], x[:3], list("abc"), "the constant")
