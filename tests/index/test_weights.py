"""Weights against hand computation, pymcdm, and what must hold for any data."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pymcdm.weights import entropy_weights as pymcdm_entropy

from nqp.index import composite, entropy_weights, min_max, pca_weights

matrices = arrays(float, (7, 3), elements=st.floats(0.01, 1.0)).filter(
    lambda x: np.ptp(x, axis=0).min() > 1e-3
)


def frame(x):
    return pd.DataFrame(x, columns=["a", "b", "c"])


@settings(deadline=None)
@given(matrices)
def test_entropy_agrees_with_pymcdm(x):
    np.testing.assert_allclose(entropy_weights(frame(x)), pymcdm_entropy(x), atol=1e-9)


def test_entropy_by_hand_with_a_zero():
    x = frame([[0.0, 1.0, 1.0], [1.0, 1.0, 2.0], [1.0, 2.0, 1.0]])
    e_a = np.log(2) / np.log(3)  # p = 0, 1/2, 1/2, and 0 ln 0 = 0
    p = np.array([0.25, 0.25, 0.5])
    e_bc = -(p * np.log(p)).sum() / np.log(3)
    spread = np.array([1 - e_a, 1 - e_bc, 1 - e_bc])
    np.testing.assert_allclose(entropy_weights(x), spread / spread.sum(), rtol=1e-12)


def test_the_shift_is_the_papers_other_rule():
    x = frame(np.random.default_rng(0).uniform(size=(20, 3)))
    np.testing.assert_allclose(entropy_weights(x, shift=1e-4), pymcdm_entropy(x.to_numpy() + 1e-4), atol=1e-9)
    assert (entropy_weights(x, shift=1.0) - entropy_weights(x)).abs().max() > 1e-3


@settings(deadline=None)
@given(matrices, st.randoms())
def test_entropy_weights_sum_to_one_and_ignore_order_and_scale(x, random):
    rows = list(range(len(x)))
    random.shuffle(rows)
    weights = entropy_weights(frame(x))
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()
    pd.testing.assert_series_equal(entropy_weights(frame(x).iloc[rows]), weights, atol=1e-6)
    pd.testing.assert_series_equal(
        entropy_weights(frame(x)[["c", "a", "b"]])[weights.index], weights, atol=1e-6
    )
    pd.testing.assert_series_equal(entropy_weights(frame(x) * 50), weights, atol=1e-6)


def test_pca_weights_ignore_order_and_units():
    x = pd.DataFrame(
        np.random.default_rng(4).normal(size=(40, 3)) @ np.triu(np.ones((3, 3))), columns=list("abc")
    )
    weights = pca_weights(x)
    assert weights.sum() == pytest.approx(1)
    pd.testing.assert_series_equal(pca_weights(x.iloc[::-1]), weights)
    pd.testing.assert_series_equal(pca_weights(x[["c", "a", "b"]])[weights.index], weights)
    pd.testing.assert_series_equal(pca_weights(x * [1, 100, 0.1] + 7), weights)


def test_pca_weights_of_two_indicators_are_equal():
    x = pd.DataFrame(np.random.default_rng(1).normal(size=(50, 4)), columns=list("abcd"))
    np.testing.assert_allclose(pca_weights(x[["a", "b"]]), 0.5)


def test_pca_weights_against_the_correlation_matrix():
    x = pd.DataFrame(
        np.random.default_rng(2).normal(size=(60, 3)) @ np.triu(np.ones((3, 3))), columns=list("abc")
    )
    vectors = np.linalg.eigh(np.corrcoef(x.T))[1]
    np.testing.assert_allclose(pca_weights(x), vectors[:, -1] ** 2, atol=1e-10)


def test_min_max_scales_and_turns():
    x = pd.DataFrame({"good": [2.0, 4.0, 3.0], "bad": [2.0, 4.0, 3.0]})
    scaled = min_max(x, {"good": 1, "bad": -1})
    assert scaled["good"].tolist() == [0.0, 1.0, 0.5]
    assert scaled["bad"].tolist() == [1.0, 0.0, 0.5]


def test_min_max_within_labels():
    x = pd.DataFrame({"a": [1.0, 2.0, 10.0, 30.0]})
    assert min_max(x, {"a": 1}, within=pd.Series([1, 1, 2, 2]))["a"].tolist() == [0.0, 1.0, 0.0, 1.0]


def test_refusals():
    x = frame(np.random.default_rng(3).uniform(size=(5, 3)))
    with pytest.raises(ValueError, match=r"missing or infinite values in b \(1\) of 5 rows"):
        min_max(x.assign(b=[np.nan, 1, 2, 3, 4]), dict.fromkeys("abc", 1))
    with pytest.raises(ValueError, match=r"directions must give \+1 or -1 for c"):
        min_max(x, {"a": 1, "b": 1, "c": 2})
    with pytest.raises(ValueError, match="b does not vary; leave it out"):
        min_max(x.assign(b=1.0), dict.fromkeys("abc", 1))
    with pytest.raises(ValueError, match="a does not vary within a label"):
        min_max(x[["a"]], {"a": 1}, within=pd.Series([0, 0, 0, 0, 1]))
    with pytest.raises(ValueError, match="numbers from 0 up"):
        entropy_weights(x - 1)
    with pytest.raises(ValueError, match="no column of zeros"):
        entropy_weights(x.assign(a=0.0))
    with pytest.raises(ValueError, match="entropy gives no weights"):
        entropy_weights(frame(np.ones((4, 3))))
    with pytest.raises(ValueError, match="they differ in c, d"):
        composite(x, pd.Series({"a": 0.5, "b": 0.2, "d": 0.3}))
    with pytest.raises(ValueError, match=r"sum to 0\.900000"):
        composite(x, pd.Series({"a": 0.5, "b": 0.2, "c": 0.2}))
