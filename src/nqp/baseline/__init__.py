"""What the libraries lack for two-way fixed effects and event studies."""

from nqp.baseline.averages import average_effect
from nqp.baseline.event_study import cohorts, event_dummies, event_term

__all__ = ["average_effect", "cohorts", "event_dummies", "event_term"]
