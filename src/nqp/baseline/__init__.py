"""Treatment timing, event time, effects by cohort and period, and the shape of a quadratic."""

from nqp.baseline.event_study import cohorts, event_dummies, event_path, event_term
from nqp.baseline.group_time import average_weights, group_time_effects
from nqp.baseline.u_shape import u_test

__all__ = [
    "average_weights",
    "cohorts",
    "event_dummies",
    "event_path",
    "event_term",
    "group_time_effects",
    "u_test",
]
