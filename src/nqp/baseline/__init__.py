"""Treatment timing and event time."""

from nqp.baseline.event_study import cohorts, event_dummies, event_path, event_term

__all__ = ["cohorts", "event_dummies", "event_path", "event_term"]
