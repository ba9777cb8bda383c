"""Assignments from chapters: a student's and a teacher's edition, answer keys, marking.

nbgrader makes the student's edition and lays out the feedback; what marks an answer is here.
"""

from nqp.teaching.numbers import seed

__all__ = ["seed"]
