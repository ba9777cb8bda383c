"""One thread for linear algebra."""

from threadpoolctl import threadpool_limits

one_thread = threadpool_limits.wrap(limits=1)
"""Decorates what must give the same bytes however many cores there are: more threads sum in another order."""
