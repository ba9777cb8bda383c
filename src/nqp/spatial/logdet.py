"""The determinant of I - rho W and the two averages of (I - rho W)^-1 on which effects rest."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.polynomial import Chebyshev
from scipy import sparse
from scipy.linalg import eigvals, eigvalsh
from scipy.sparse.linalg import lsqr, splu

from nqp.spatial.weights import SpatialError, Weights

SPARSE_FROM = 500  # units; from here on sparse LU beats eigenvalues
FULL = 0.05  # share of non-zeros from which LU would fill in and eigenvalues are better at any size
NODES = 11  # degree of the Chebyshev polynomial on each piece
UNRESOLVED = 1e-8  # share of the largest coefficient that the last ones may keep

Function = Callable[[np.ndarray | float, int], np.ndarray]


@dataclass(frozen=True)
class Determinant:
    """Functions of rho for one weights matrix, each with its first two derivatives.

    With S = I - rho W and G = W S^-1, `logdet` (rho, order) is log|S| or a derivative: the first is -tr G, the second
    -tr GG. `spread` is the sum of all elements of G over N, 1'G1 / N; 1 / (1 - rho) when rows sum to one. `bounds` is
    the open interval around zero on which S is invertible (LeSage & Pace 2009, ch. 4): an estimate outside it describes
    no stable process, whatever software printed it. Complex eigenvalues bound nothing.
    """

    logdet: Function
    spread: Function
    bounds: tuple[float, float]
    grid: np.ndarray  # points that span the interval
    values: np.ndarray  # log|S| there
    n: int

    def own(self, rho: np.ndarray | float, order: int = 0) -> np.ndarray:
        """Mean diagonal element of G, tr G / N, or its derivative with respect to rho."""
        return -self.logdet(rho, order + 1) / self.n


def determinant(weights: Weights) -> Determinant:
    """Prepare log|I - rho W| for repeated use.

    Up to 500 units, and for matrices that are full or whose rows do not sum to one, every value comes from the
    eigenvalues, computed once (Ord 1975); a matrix similar to a symmetric one, such as row-standardised contiguity, is
    treated as symmetric. Larger sparse matrices are factorised (sparse LU) at Chebyshev nodes on pieces of the interval
    (-1, 1) that halve towards its ends, exact to about 1e-9 of log|S|.
    """
    if weights.n < SPARSE_FROM or not weights.standardised or weights.matrix.nnz > FULL * weights.n**2:
        root = _symmetric_form(weights.matrix)
        omega = eigvalsh(root.toarray()) if root is not None else eigvals(weights.matrix.toarray())
        bounds, logdet = _bounds(omega), _eigen_logdet(omega)
        grid = _stretch(np.linspace(-1, 1, 201)[1:-1], bounds)
        return Determinant(logdet, _spread(weights, bounds), bounds, grid, logdet(grid), weights.n)
    bounds, exact = (-1.0, 1.0), _lu_logdet(weights.matrix)
    marks = 1 - 0.5 ** np.arange(1, 9)
    grid = _stretch(np.r_[-marks[::-1], 0, marks], bounds)
    values = np.array([exact(rho) for rho in grid])
    return Determinant(_pieces(exact, bounds), _spread(weights, bounds), bounds, grid, values, weights.n)


def solve(weights: Weights, rho: float, values: np.ndarray) -> np.ndarray:
    """Return (I - rho W)^-1 times `values`, whose first axis runs over units."""
    factor = splu(_shifted(weights.matrix, rho))
    return factor.solve(np.ascontiguousarray(values.reshape(weights.n, -1))).reshape(values.shape)


def _eigen_logdet(omega: np.ndarray) -> Function:
    def logdet(rho: np.ndarray | float, order: int = 0) -> np.ndarray:
        rest = 1 - np.multiply.outer(np.asarray(rho, float), omega)
        if order == 0:
            return np.log(np.abs(rest)).sum(axis=-1)
        return -((omega / rest) ** order).real.sum(axis=-1)

    return logdet


def _lu_logdet(matrix: sparse.csr_array) -> Callable[[float], float]:
    first = splu(_shifted(matrix, 0.5), permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True})
    order = np.argsort(first.perm_c)
    permuted = sparse.csr_array(matrix[order][:, order])  # the fill-reducing order is found once and reused

    def logdet(rho: float) -> float:
        # inside the bounds I - rho W is an H-matrix or similar to a positive definite one: no pivoting needed
        how = {"permc_spec": "NATURAL", "diag_pivot_thresh": 0, "options": {"SymmetricMode": True}}
        factor = splu(_shifted(permuted, rho), **how)
        return float(np.log(np.abs(factor.U.diagonal())).sum())

    return logdet


def _shifted(matrix: sparse.csr_array, rho: float) -> sparse.csc_array:
    return sparse.csc_array(sparse.eye_array(matrix.shape[0]) - rho * matrix)


def _pieces(exact: Callable[[float], float], bounds: tuple[float, float]) -> Function:
    """Chebyshev interpolation on pieces that halve towards the bounds, each made when first asked for.

    A piece whose last coefficients have not died out, because a complex eigenvalue is near, is cut in two.
    """

    @cache
    def pieces(low: float, high: float) -> list[tuple[float, Chebyshev]]:
        """Return upper ends and polynomials of a piece and, where it is cut, of its parts."""
        series = Chebyshev.interpolate(np.vectorize(exact), NODES, domain=[low, high])
        size = np.abs(series.coef)
        if size[-2:].max() <= UNRESOLVED * size.max() or high - low <= 1e-6 * (bounds[1] - bounds[0]):
            return [(high, series)]
        middle = (low + high) / 2
        return [*pieces(low, middle), *pieces(middle, high)]

    def function(rho: np.ndarray | float, order: int = 0) -> np.ndarray:
        value = np.atleast_1d(np.asarray(rho, float))
        side = (value >= 0).astype(int)
        share = np.clip(value / np.asarray(bounds)[side], 0, 1 - 2.0**-30)
        step = np.floor(-np.log2(1 - share)).astype(int)
        result = np.empty_like(value)
        for which, far in set(zip(side.tolist(), step.tolist(), strict=True)):
            low, high = sorted((1 - 0.5**k) * float(bounds[which]) for k in (far, far + 1))
            tops, polynomials = zip(*pieces(low, high), strict=True)
            part = np.where((side == which) & (step == far), np.searchsorted(tops[:-1], value), -1)
            for k, series in enumerate(polynomials):
                result[part == k] = series.deriv(order)(value[part == k])
        return result if np.ndim(rho) else result[0]

    return function


def _spread(weights: Weights, bounds: tuple[float, float]) -> Function:
    if np.allclose(weights.row_sums, 1, atol=1e-12):
        return lambda rho, order=0: (1 + (order == 2)) / (1 - np.asarray(rho, float)) ** (order + 1)
    received = np.asarray(weights.matrix.sum(axis=0)).ravel()
    return _pieces(lambda rho: float(received @ solve(weights, rho, np.ones(weights.n)) / weights.n), bounds)


def _stretch(share: np.ndarray, bounds: tuple[float, float]) -> np.ndarray:
    return np.where(share < 0, -share * bounds[0], share * bounds[1])


def _bounds(omega: np.ndarray) -> tuple[float, float]:
    """Reciprocals of the extreme real eigenvalues; ten times the other side where there is none."""
    real = omega.real[np.abs(omega.imag) <= 1e-9 * np.abs(omega).max()]
    top, bottom = real.max(), real.min()
    if top <= 1e-12:
        raise SpatialError(
            "the weights matrix has no positive eigenvalue: spatial feedback never returns to a unit, and rho"
            " has no upper bound. Check that the links go both ways."
        )
    return (1 / bottom if bottom < -1e-12 else -10 / top), 1 / top


def _symmetric_form(matrix: sparse.csr_array) -> sparse.csr_array | None:
    """Return the symmetric matrix similar to `matrix` by a diagonal scaling, or None if there is none."""
    transpose = sparse.csr_array(matrix.T)
    if ((matrix != 0) != (transpose != 0)).nnz:
        return None
    n, edges = matrix.shape[0], sparse.coo_array(matrix)
    back = np.asarray(transpose[edges.row, edges.col])
    # a scaling with exp(potential) exists if every edge's asymmetry is a difference of potentials
    asymmetry, rows = 0.5 * np.log(back / edges.data), np.arange(edges.nnz)
    signs = np.repeat([1.0, -1.0], edges.nnz)
    ends = np.r_[rows, rows], np.r_[edges.row, edges.col]
    differences = sparse.csr_array((signs, ends), shape=(edges.nnz, n))
    potential = lsqr(differences, asymmetry, atol=1e-14, btol=1e-14)[0]
    if np.abs(differences @ potential - asymmetry).max(initial=0) > 1e-8:
        return None
    return sparse.csr_array((np.sqrt(edges.data * back), (edges.row, edges.col)), shape=(n, n))
