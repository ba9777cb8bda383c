"""Composite indices: normalisation, weights, the open proxy of new quality productive forces, productivity."""

from nqp.index.agglomeration import largest_quotient, location_quotient
from nqp.index.coupling import coupling_coordination
from nqp.index.frontier import stochastic_frontier
from nqp.index.productivity import malmquist
from nqp.index.proxy import CORE, EXTENDED, open_proxy
from nqp.index.weights import composite, entropy_weights, equal_weights, min_max, pca_weights

__all__ = [
    "CORE",
    "EXTENDED",
    "composite",
    "coupling_coordination",
    "entropy_weights",
    "equal_weights",
    "largest_quotient",
    "location_quotient",
    "malmquist",
    "min_max",
    "open_proxy",
    "pca_weights",
    "stochastic_frontier",
]
