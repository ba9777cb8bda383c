"""What the libraries lack for two-way fixed effects and event studies."""

from nqp.baseline.averages import average_effect, average_weights
from nqp.baseline.event_study import cohorts, event_dummies, event_term
from nqp.baseline.small_sample import clustered_scale

__all__ = ["average_effect", "average_weights", "clustered_scale", "cohorts", "event_dummies", "event_term"]
