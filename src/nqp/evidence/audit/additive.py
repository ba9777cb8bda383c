"""Coefficients on an index and on its components: least squares adds them up."""

from collections.abc import Sequence

import numpy as np

from nqp.evidence.audit.checks import Result, check, verdict
from nqp.evidence.audit.intervals import Interval, interval, span

LINEAR = (
    "Same rows, same regressors and linear estimation in all columns, so that the coefficient of a weighted sum"
    " is the weighted sum of the coefficients."
)


@check(
    "fit",
    formula="coefficient of the sum = sum of the coefficients of its parts",
    reference="linearity of least squares in the outcome",
    assumes=LINEAR,
)
def parts_sum(total: Interval, parts: Sequence[Interval]) -> Result:
    """Coefficients over components add up to the one of their plain sum."""
    return weighted_sum(total, parts, weights=[1.0] * len(parts))


@check(
    "fit",
    formula="coefficient of the index = sum of weight x coefficient of the component",
    reference="linearity of least squares in the outcome",
    assumes=LINEAR,
)
def weighted_sum(
    total: Interval, parts: Sequence[Interval], *, weights: Sequence[float | Interval]
) -> Result:
    """Coefficients over components, weighted as the index is, add up to the one of the index."""
    implied = sum((interval(w) * part for w, part in zip(weights, parts, strict=True)), interval(0.0))
    return Result(
        verdict(implied.meets(total)),
        span(implied),
        span(total),
        f"The components' coefficients add up to {span(implied)}; the index has {span(total)}.",
    )


def weight_ranges(
    totals: Sequence[Interval], parts: Sequence[Sequence[Interval]], total_weight: float | None
) -> list[Interval] | None:
    """Return the range of each non-negative weight with which every total is the weighted sum of its parts.

    Parameters
    ----------
    totals : one coefficient on the index for each regressor (or column), as intervals
    parts : for each of them the coefficients on the components, in one order
    total_weight : what the weights sum to; None leaves it open

    Returns
    -------
    list of Interval or None
        None when no weights exist. A weighted sum of intervals with non-negative weights is the interval of the
        weighted ends, so linear programming decides exactly.
    """
    from scipy.optimize import linprog

    low = np.array([[p.low for p in row] for row in parts])
    high = np.array([[p.high for p in row] for row in parts])
    bound = np.r_[[t.high for t in totals], [-t.low for t in totals]]
    matrix = np.vstack([low, -high])
    scale = np.abs(matrix).max(axis=1, keepdims=True)
    scale[scale == 0] = 1.0
    count = low.shape[1]
    equal = {} if total_weight is None else {"A_eq": np.ones((1, count)), "b_eq": [total_weight]}
    ranges = []
    for k in range(count):
        ends = []
        for sign in (1.0, -1.0):
            goal = sign * np.eye(count)[k]
            found = linprog(goal, matrix / scale, bound / scale.ravel() + 1e-9, bounds=(0, None), **equal)
            if found.status == 2:
                return None
            ends.append(sign * found.fun if found.status == 0 else np.inf)
        ranges.append(Interval(max(min(ends), 0.0), max(ends)))
    return ranges


@check(
    "fit",
    formula="coefficient of the index = sum of w x coefficient of the component, w >= 0 the same for all regressors",
    reference="linearity of least squares in the outcome; feasibility by linear programming",
    assumes=LINEAR + " Weights are fixed and not negative.",
)
def fixed_weights(
    totals: Sequence[Interval],
    parts: Sequence[Interval],
    *,
    components: Sequence[str],
    total_weight: float | None = 1.0,
) -> Result:
    """Find fixed non-negative weights with which the components' coefficients add up to the index's.

    Parameters
    ----------
    totals : coefficients on the index, one for each regressor (or column)
    parts : coefficients on the components: for the first regressor all components, then for the second, ...
    components : names of the components, for the sentence
    total_weight : what the weights sum to; None leaves the scale open
    """
    size = len(components)
    if len(parts) != size * len(totals):
        raise ValueError(
            f"{len(totals)} totals and {size} components need {size * len(totals)} parts, not {len(parts)}"
        )
    rows = [list(parts[i * size : (i + 1) * size]) for i in range(len(totals))]
    found = weight_ranges(totals, rows, total_weight)
    summing = "of any sum" if total_weight is None else f"that sum to {total_weight:g}"
    count = f"{len(totals)} coefficient{'s' * (len(totals) > 1)}"
    if found is None:
        return Result(
            verdict(False),
            "no weights",
            count,
            f"No non-negative weights {summing} give the index's {count}.",
        )
    listed = ", ".join(f"{name} {span(w, 2)}" for name, w in zip(components, found, strict=True))
    return Result(
        verdict(True),
        listed,
        count,
        f"Non-negative weights {summing} give the index's {count}; each alone can lie in: {listed}.",
    )
