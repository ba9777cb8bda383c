"""The weights matrix with the names of its units, and its fit with a panel."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from nqp.panel import PanelError, some

if TYPE_CHECKING:
    from libpysal.weights import W


class SpatialError(PanelError):
    """Weights or a panel that a spatial model cannot use; the message says which units and what to do."""


@dataclass(frozen=True)
class Weights:
    """A spatial weights matrix with the names of its units."""

    matrix: sparse.csr_array  # (N, N); row i holds the weights that unit i gives: non-negative, zero diagonal
    ids: tuple[Hashable, ...]  # names of units in the order of rows and columns
    standardised: bool  # whether every row that is not empty sums to one
    name: str  # what the weights measure, for tables

    def __post_init__(self) -> None:
        n = len(self.ids)
        if self.matrix.shape != (n, n):
            raise SpatialError(f"weights '{self.name}': the matrix is {self.matrix.shape}, the ids are {n}.")
        require_distinct(pd.Index(self.ids), self.name)
        if not np.isfinite(self.matrix.data).all() or (self.matrix.data < 0).any():
            raise SpatialError(f"weights '{self.name}': every weight must be finite, zero or positive.")
        own = np.flatnonzero(self.matrix.diagonal())
        if own.size:
            raise SpatialError(
                f"weights '{self.name}': these units are their own neighbour:"
                f" {some([self.ids[i] for i in own])}. Set the diagonal to zero."
            )
        sums = self.row_sums[self.row_sums > 0]
        if self.standardised and not np.allclose(sums, 1, atol=1e-9):
            raise SpatialError(
                f"weights '{self.name}' are declared row-standardised, but rows do not sum to one."
            )

    @property
    def n(self) -> int:
        """Number of units."""
        return len(self.ids)

    @property
    def row_sums(self) -> np.ndarray:
        """Sum of the weights that each unit gives, shape (N,)."""
        return np.asarray(self.matrix.sum(axis=1)).ravel()

    @property
    def isolated(self) -> tuple[Hashable, ...]:
        """Units without any neighbour: their spatial lag is zero, whatever happens elsewhere."""
        return tuple(np.asarray(self.ids, dtype=object)[self.row_sums == 0])

    def standardise(self) -> "Weights":
        """Return the same weights with every row divided by its sum; empty rows stay empty."""
        sums = self.row_sums
        scale = np.divide(1.0, sums, out=np.zeros_like(sums), where=sums > 0)
        return Weights(sparse.csr_array(sparse.diags_array(scale) @ self.matrix), self.ids, True, self.name)

    def lag(self, values: np.ndarray) -> np.ndarray:
        """Return W times `values`, whose first axis runs over units in the order of `ids`."""
        flat = self.matrix @ values.reshape(self.n, -1)
        return np.asarray(flat).reshape(values.shape)

    def to_libpysal(self) -> "W":
        """Return the weights as a `libpysal.weights.W` with the same ids, for esda and spreg."""
        from libpysal.weights import WSP

        return WSP(sparse.csr_matrix(self.matrix), id_order=list(self.ids)).to_W(silence_warnings=True)


def align(weights: Weights, ids: Sequence[Hashable]) -> Weights:
    """Return `weights` in the order of `ids`, which must be the same units; a SpatialError names those that are not."""
    have, want = pd.Index(weights.ids), pd.Index(ids)
    lacking, extra = want.difference(have, sort=False), have.difference(want, sort=False)
    if len(lacking) or len(extra):
        raise SpatialError(
            f"weights '{weights.name}' hold {len(have)} units and the panel {len(want)}."
            + (f" Not in the weights: {some(lacking)}." if len(lacking) else "")
            + (f" Only in the weights: {some(extra)}." if len(extra) else "")
            + " Build the weights for exactly these units (and with ids of the same type)."
        )
    if have.equals(want):
        return weights
    order = have.get_indexer(want)
    return replace(weights, matrix=sparse.csr_array(weights.matrix[order][:, order]), ids=tuple(want))


def require_distinct(units: pd.Index, name: str) -> None:
    """Refuse ids of which some appear twice, naming them and the weights."""
    if units.has_duplicates:
        raise SpatialError(f"weights '{name}': ids appear twice: {some(units[units.duplicated()].unique())}.")
