"""Composite indices: normalisation, weights, and the open proxy of new quality productive forces."""

from nqp.index.proxy import CORE, EXTENDED, CompositeIndex, open_proxy
from nqp.index.weights import composite, entropy_weights, equal_weights, min_max, pca_weights

__all__ = [
    "CORE",
    "EXTENDED",
    "CompositeIndex",
    "composite",
    "entropy_weights",
    "equal_weights",
    "min_max",
    "open_proxy",
    "pca_weights",
]
