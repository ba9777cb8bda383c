"""Subsamples as data: rows of a panel, or units of a sample, by a condition on one column."""

from collections.abc import Mapping

import numpy as np

from nqp.papers import suggest
from nqp.twin.declared import Rule
from nqp.twin.study_file import TwinError


def where(rule: Rule, columns: Mapping[str, np.ndarray], named: Mapping[str, Rule], place: str) -> np.ndarray:
    """Return the rows of a rule as booleans, shaped as its column is.

    Parameters
    ----------
    columns : arrays that broadcast to (N, T): units (N, 1), years (1, T) or both
    named : the rules that `outside` may name
    place : file and key, for errors

    Raises
    ------
    TwinError
        For a column or rule that does not exist, or a rule without condition.
    """
    if rule.outside:
        if rule.outside not in named:
            raise TwinError(f"{place}: no rule {rule.outside!r}{suggest(rule.outside, named)}")
        return ~where(named[rule.outside], columns, named, place)
    if rule.column not in columns:
        raise TwinError(
            f"{place}: no column {rule.column!r}{suggest(rule.column, columns)}; there are {', '.join(columns)}"
        )
    x = columns[rule.column]
    if rule.above == "yearly mean":
        return x > x.mean(axis=0)
    tests = {
        "equals": lambda limit: x == limit,
        "among": lambda limit: np.isin(x, limit),
        "above": lambda limit: x > limit,
        "at_least": lambda limit: x >= limit,
        "at_most": lambda limit: x <= limit,
    }
    given = [test(getattr(rule, name)) for name, test in tests.items() if getattr(rule, name) is not None]
    if not given:
        raise TwinError(f"{place}: a rule needs one of outside, {', '.join(tests)}")
    return np.logical_and.reduce(given)
