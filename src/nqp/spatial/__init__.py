"""Weights, spatial autocorrelation, LM tests, and the fixed-effects spatial Durbin panel with its effects."""

from nqp.spatial.autocorrelation import moran_by_period
from nqp.spatial.diagnostics import lm_tests, lr_test, wald_test
from nqp.spatial.effects import spatial_effects
from nqp.spatial.logdet import determinant
from nqp.spatial.neighbours import bridges, contiguity, economic_distance, inverse_distance, toggled
from nqp.spatial.sdm import spatial_panel
from nqp.spatial.weights import SpatialError, Weights

__all__ = [
    "SpatialError",
    "Weights",
    "bridges",
    "contiguity",
    "determinant",
    "economic_distance",
    "inverse_distance",
    "lm_tests",
    "lr_test",
    "moran_by_period",
    "spatial_effects",
    "spatial_panel",
    "toggled",
    "wald_test",
]
