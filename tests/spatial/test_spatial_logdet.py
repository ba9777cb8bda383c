import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from spatial_cases import cells

from nqp.spatial import SpatialError, Weights, determinant, logdet


def random_weights(seed, n=30, links=4, standardise=True):
    """Directed links with random strengths: eigenvalues are complex."""
    rng = np.random.default_rng(seed)
    matrix = np.zeros((n, n))
    for i in range(n):
        others = np.delete(np.arange(n), i)
        matrix[i, rng.choice(others, links, replace=False)] = rng.uniform(0.1, 3, links)
    weights = Weights(sparse.csr_array(matrix), tuple(range(n)), False, "random")
    return weights.standardise() if standardise else weights


def gain(weights, rho):
    dense = weights.matrix.toarray()
    return dense @ np.linalg.inv(np.eye(weights.n) - rho * dense)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), share=st.floats(-0.9, 0.9), standardise=st.booleans())
def test_eigenvalues_real_or_complex_give_the_determinant_and_its_derivatives(seed, share, standardise):
    weights = random_weights(seed, standardise=standardise)
    det = determinant(weights)
    rho = share * det.bounds[share > 0] * np.sign(share)
    rho = rho if share > 0 else -share * det.bounds[0]
    g = gain(weights, rho)
    sign, value = np.linalg.slogdet(np.eye(weights.n) - rho * weights.matrix.toarray())
    assert sign == 1
    assert det.logdet(rho, 0) == pytest.approx(value, abs=1e-9)
    assert det.logdet(rho, 1) == pytest.approx(-np.trace(g), rel=1e-7, abs=1e-8)
    assert det.logdet(rho, 2) == pytest.approx(-np.trace(g @ g), rel=1e-7, abs=1e-8)
    assert det.spread(rho, 0) == pytest.approx(g.sum() / weights.n, rel=1e-6)


@pytest.mark.parametrize("weights", [cells(7), random_weights(3, n=60)])
def test_sparse_factors_agree_with_eigenvalues(weights, monkeypatch):
    exact = determinant(weights)
    monkeypatch.setattr(logdet, "SPARSE_FROM", 10)
    monkeypatch.setattr(logdet, "FULL", 1.0)
    factored = determinant(weights)
    assert len(factored.grid) < len(exact.grid)  # factors, not eigenvalues
    assert factored.bounds[0] >= exact.bounds[0] - 1e-9
    assert factored.bounds[1] == pytest.approx(exact.bounds[1])
    for rho in np.array([-0.95, -0.4, 0.0, 0.3, 0.75, 0.97]) * exact.bounds[1]:
        for order, scale in ((0, 1e-8), (1, 1e-6), (2, 1e-4)):
            assert factored.logdet(rho, order) == pytest.approx(
                exact.logdet(rho, order), rel=scale, abs=scale
            )


def test_the_interval_ends_where_the_determinant_changes_sign():
    for weights in (cells(5), random_weights(1), random_weights(2, standardise=False)):
        for end in determinant(weights).bounds:
            signs = [
                np.linalg.slogdet(np.eye(weights.n) - r * end * weights.matrix.toarray())[0]
                for r in (0.999, 1.001)
            ]
            assert signs == [1, -1]


def test_a_negative_estimate_printed_far_outside_is_seen_to_be_outside():
    low, high = determinant(cells(8)).bounds
    assert low > -2.1086  # the value that one of the papers prints
    assert high == pytest.approx(1)


def test_a_directed_triangle_has_no_negative_real_eigenvalue_and_still_a_determinant():
    triangle = Weights(
        sparse.csr_array(np.array([[0, 1.0, 0], [0, 0, 1], [1, 0, 0]])), tuple("abc"), True, "triangle"
    )
    det = determinant(triangle)
    assert det.logdet(0.5) == pytest.approx(np.log(1 - 0.5**3))
    assert det.bounds == pytest.approx((-10, 1))


def test_bounds_and_determinant_of_a_ring_are_those_of_its_cosines():
    near = np.arange(600)
    ring = sparse.coo_array(
        (np.full(1200, 0.5), (np.r_[near, near], np.r_[(near + 1) % 600, (near - 1) % 600]))
    )
    det = determinant(Weights(sparse.csr_array(ring), tuple(range(600)), True, "ring"))
    assert len(det.grid) < 20  # factors, not eigenvalues
    assert det.bounds == pytest.approx((-1, 1), abs=1e-6)
    assert det.logdet(0.7) == pytest.approx(np.log(1 - 0.7 * np.cos(2 * np.pi * near / 600)).sum(), abs=1e-6)


def test_links_that_never_return_have_no_bound_and_are_refused():
    chain = Weights(
        sparse.csr_array(np.array([[0, 1.0, 0], [0, 0, 1], [0, 0, 0]])), tuple("abc"), False, "chain"
    )
    with pytest.raises(SpatialError, match="no positive eigenvalue"):
        determinant(chain)
