"""Farrell's efficiency and the Malmquist index against printed results and linear programmes."""

import numpy as np
import pytest
from scipy.optimize import linprog

from nqp.index import malmquist
from nqp.index.productivity import farrell


def test_coellis_five_firms_as_deap_prints_them():
    """DEAP 2.1, eg1-out.txt (Coelli's guide): input orientation, constant returns, two inputs, one output."""
    output = np.array([1.0, 2, 3, 1, 2])
    inputs = np.array([[2.0, 5], [2, 4], [6, 6], [3, 2], [6, 2]])
    found = farrell(inputs / output[:, None], inputs / output[:, None])
    assert [f"{value:.3f}" for value in found] == ["0.500", "1.000", "0.833", "0.714", "1.000"]


def farrell_by_programme(point: np.ndarray, reference: np.ndarray) -> float:
    """Least share of its inputs with which a mix of the reference makes one unit: the textbook linear programme."""
    m = len(reference)
    fit = linprog(
        np.append(np.zeros(m), 1.0),
        A_ub=np.column_stack([reference.T, -point]),
        b_ub=np.zeros(2),
        A_eq=np.append(np.ones(m), 0.0)[None],
        b_eq=[1.0],
    )
    return fit.fun


def test_efficiency_agrees_with_linear_programmes():
    rng = np.random.default_rng(3)
    reference, points = rng.uniform(1, 3, (40, 2)), rng.uniform(0.6, 3, (25, 2))
    expected = [farrell_by_programme(p, reference) for p in points]
    assert farrell(points, reference) == pytest.approx(expected, abs=1e-9)


def test_malmquist_of_the_julia_package():
    """DataEnvelopmentAnalysis.jl, documentation of `malmquist`: five units, one input, one output, two periods.

    The second input is the first but for a ten-millionth, because a hull needs an area.
    """
    capital = np.array([[2.0, 1], [3, 2], [5, 4], [4, 3], [4, 4]])
    output = np.array([[1.0, 1], [4, 4], [6, 6], [3, 3], [5, 3]])
    labour = capital * (1 + 1e-7 * np.random.default_rng(0).uniform(size=capital.shape))
    technical, efficiency = malmquist({"capital": capital, "labour": labour, "output": output})
    assert technical.ravel() == pytest.approx([1.5] * 5, rel=1e-6)
    assert efficiency.ravel() == pytest.approx([1.33333, 1.0, 0.833333, 0.888889, 0.4], rel=1e-5)
    index = (technical * efficiency).ravel()
    assert index == pytest.approx([2.0, 1.5, 1.25, 1.33333, 0.6], rel=1e-5)


def test_a_unit_that_only_moves_with_the_frontier_does_not_catch_up():
    rng = np.random.default_rng(1)
    capital, labour = rng.uniform(1, 2, (2, 12, 1))
    output = np.ones((12, 1)) * [1.0, 1.25]  # everybody makes a quarter more from the same inputs
    inputs = {"capital": capital * [1, 1], "labour": labour * [1, 1], "output": output}
    technical, efficiency = malmquist(inputs)
    assert technical == pytest.approx(np.full((12, 1), 1.25))
    assert efficiency == pytest.approx(np.ones((12, 1)))
