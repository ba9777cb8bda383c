"""Room: mechanisms - moderation, mediation, and differences between groups, with two-way fixed effects.

Every function takes a long panel and a `TwoWayModel` that names its columns, sorts by the keys itself, and
refuses (`MechanismError`) what it cannot answer.
"""

from nqp.mechanisms.groups import CoefficientDifference, interacted_difference, suest_difference
from nqp.mechanisms.mediation import (
    IndirectBootstrap,
    Mediation,
    bootstrap_indirect,
    mediate,
    stepwise_conclusion,
)
from nqp.mechanisms.moderation import Moderation, marginal_effects, moderate, treated_by_bin
from nqp.mechanisms.panel import MechanismError, TwoWayModel
from nqp.mechanisms.permutation import GroupPermutation, permute_groups
from nqp.mechanisms.sobel import product_cdf, product_quantile, sobel_tests
from nqp.mechanisms.twoway import TwoWayFit

__all__ = [
    "CoefficientDifference",
    "GroupPermutation",
    "IndirectBootstrap",
    "MechanismError",
    "Mediation",
    "Moderation",
    "TwoWayFit",
    "TwoWayModel",
    "bootstrap_indirect",
    "interacted_difference",
    "marginal_effects",
    "mediate",
    "moderate",
    "permute_groups",
    "product_cdf",
    "product_quantile",
    "sobel_tests",
    "stepwise_conclusion",
    "suest_difference",
    "treated_by_bin",
]
