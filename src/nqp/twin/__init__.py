"""Calibrated synthetic panels: what a paper's methods return if the world is as the paper says. SYNTHETIC data.

A twin stands on real units, neighbours and policy dates; all else is drawn, so that without noise the regressions of
the paper return the printed coefficients. README.md beside this file says what holds exactly.
"""

from nqp.twin.assemble import generate, noise_free
from nqp.twin.declared import ContradictoryTargets
from nqp.twin.export import export
from nqp.twin.quality import moments, monte_carlo, pseudo_true
from nqp.twin.reading import available, read_study

__all__ = [
    "ContradictoryTargets",
    "available",
    "export",
    "generate",
    "moments",
    "monte_carlo",
    "noise_free",
    "pseudo_true",
    "read_study",
]
