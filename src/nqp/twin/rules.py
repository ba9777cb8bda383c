"""Subsamples as data: rows of a panel, or units of a sample, by conditions on one column."""

from collections.abc import Mapping

import numpy as np

from nqp.twin.declared import Spec
from nqp.twin.study_file import StudyFile

TESTS = {"equals": np.equal, "among": np.isin, "above": np.greater, "at_least": np.greater_equal}


def where(rule: Spec, columns: Mapping[str, np.ndarray], study: StudyFile, key: str) -> np.ndarray:
    """Return the rows of a rule as booleans, shaped as its column is: (N, 1) for units, (1, T) for years, or (N, T).

    `key` names the rule in errors: a TwinError for an unknown column or rule, or a rule without condition.
    """
    named = study.declared.subsamples
    if rule.outside:
        study.known(key, "rule", [rule.outside], named)
        return ~where(named[rule.outside], columns, study, key)
    study.known(key, "column", [rule.column], columns)
    x = columns[rule.column]
    limits = {name: getattr(rule, name) for name in TESTS if getattr(rule, name) is not None}
    if not limits:
        raise study.mistake(key, f"a rule needs outside, {', '.join(TESTS)}")
    if limits.get("above") == "yearly mean":
        limits["above"] = x.mean(axis=0)
    return np.logical_and.reduce([TESTS[name](x, limit) for name, limit in limits.items()])
