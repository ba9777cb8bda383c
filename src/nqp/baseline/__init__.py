"""Treatment timing, event time, and effects by cohort and period."""

from nqp.baseline.event_study import cohorts, event_dummies, event_path, event_term
from nqp.baseline.group_time import average_weights, group_time_effects

__all__ = ["average_weights", "cohorts", "event_dummies", "event_path", "event_term", "group_time_effects"]
