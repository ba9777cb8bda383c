"""Room: mechanisms - moderation, mediation, and differences between groups, with two-way fixed effects."""

from nqp.mechanisms.bins import tercile_effects
from nqp.mechanisms.groups import interacted_difference, suest_difference
from nqp.mechanisms.mediation import bootstrap_indirect, mediate
from nqp.mechanisms.moderation import johnson_neyman, marginal_effects, moderate
from nqp.mechanisms.panel import TwoWayModel
from nqp.mechanisms.permutation import permute_groups
from nqp.mechanisms.planted import path_and_product

__all__ = [
    "TwoWayModel",
    "bootstrap_indirect",
    "interacted_difference",
    "johnson_neyman",
    "marginal_effects",
    "mediate",
    "moderate",
    "path_and_product",
    "permute_groups",
    "suest_difference",
    "tercile_effects",
]
