"""Assignments from chapters, for nbgrader to release, grade and lay out; each submission is graded closed off."""
