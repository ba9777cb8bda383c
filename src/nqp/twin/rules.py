"""Subsamples as data: rows of a panel, or units of a sample, by conditions on one column."""

from collections.abc import Mapping

import numpy as np

from nqp.papers import suggest
from nqp.twin.declared import Spec, TwinError

TESTS = {
    "equals": np.equal,
    "among": np.isin,
    "above": np.greater,
    "at_least": np.greater_equal,
    "at_most": np.less_equal,
}


def where(rule: Spec, columns: Mapping[str, np.ndarray], named: Mapping[str, Spec], place: str) -> np.ndarray:
    """Return the rows of a rule as booleans, shaped as its column is: (N, 1) for units, (1, T) for years, or (N, T).

    Parameters
    ----------
    named : the rules that `outside` may name
    place : file and key, for errors

    Raises
    ------
    TwinError
        For a column or rule that does not exist, or a rule without condition.
    """
    wanted, known = (rule.outside, named) if rule.outside else (rule.column, columns)
    if wanted not in known:
        raise TwinError(f"{place}: unknown {wanted!r}{suggest(wanted, known)}; there are {', '.join(known)}")
    if rule.outside:
        return ~where(named[wanted], columns, named, place)
    x = columns[wanted]
    limits = {name: getattr(rule, name) for name in TESTS if getattr(rule, name) is not None}
    if not limits:
        raise TwinError(f"{place}: a rule needs outside, {', '.join(TESTS)}")
    if limits.get("above") == "yearly mean":
        limits["above"] = x.mean(axis=0)
    return np.logical_and.reduce([TESTS[name](x, limit) for name, limit in limits.items()])
