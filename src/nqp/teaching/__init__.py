"""Assignments from chapters, for nbgrader to release, grade and lay out; each submission is graded closed off."""

from nqp.teaching.numbers import hand_in, seed

__all__ = ["hand_in", "seed"]
