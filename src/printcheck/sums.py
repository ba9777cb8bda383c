"""Totals and their parts: sums of counts, means, effects and weights, their spreads, and an index of components."""

from collections.abc import Sequence

import numpy as np

from printcheck.checks import Result, check, verdict
from printcheck.intervals import Interval, as_printed, interval, span

LINEAR = (
    "Same rows, same regressors and linear estimation in all columns, so that the coefficient of a weighted sum"
    " is the weighted sum of the coefficients."
)


@check(
    "sums",
    formula="sum of weight x part = total, weights 1 if not said otherwise",
    reference="arithmetic; means and least squares are linear",
)
def adds_up(
    parts: Sequence[Interval],
    total: Interval | float,
    *,
    weights: Sequence[float | Interval] | None = None,
    what: str = "parts",
) -> Result:
    """Compare a total with the sum, a difference or a weighted sum of its parts.

    Parameters
    ----------
    parts, total : counts, means, effects or weights; `total` is a plain number where none is printed, as in weights
        that must add up to one
    weights : one a part, such as 1 and -1 for a difference; all 1 when left out
    what : what the parts are, for the sentence
    """
    given = weights or [1.0] * len(parts)
    both = sum((one * weight for one, weight in zip(parts, given, strict=True)), interval(0.0))
    end = f"{as_printed(total)} is printed" if isinstance(total, Interval) else f"they must give {total:g}"
    return Result(
        verdict(both.meets(total)),
        span(both),
        as_printed(interval(total)),
        f"The {len(parts)} {what} add up to {span(both)}; {end}.",
    )


@check(
    "sums",
    formula="largest error (or standard deviation) of a part - the others <= that of the sum <= sum of the parts'",
    reference="variance of a sum, whatever the correlations; for least squares the estimate on a sum of outcomes is the"
    " sum of the estimates",
    assumes="One kind of standard error; estimates of a total and of its parts on the same rows.",
)
def error_of_sum(
    total: Interval, parts: Sequence[Interval], *, weights: Sequence[float] = (), what: str = "errors"
) -> Result:
    """Compare the standard error of a total with those of its parts; of two, give the correlation that it implies.

    `weights` are those of the parts in the total, 1 or -1, all 1 when left out; `what` names the spreads if they are
    standard deviations.
    """
    high = sum(part.high for part in parts)
    low = max(part.low + part.high - high for part in parts)
    allowed = Interval(max(min(low, high), 0.0), high)
    holds = total.meets(allowed)
    told = ""
    if len(parts) == 2 and holds:
        of_sum = _correlation(total, parts) * (weights[0] * weights[1] if weights else 1.0)
        told = f", a correlation of the two of {span(of_sum, 2)}"
    return Result(
        verdict(holds),
        span(allowed),
        as_printed(total),
        f"The parts' standard {what} allow {span(allowed)} for the sum; {as_printed(total)} is printed{told}.",
    )


def _correlation(total: Interval, parts: Sequence[Interval]) -> Interval:
    """Return the correlation of two parts that the spread of their sum implies."""
    own = sum((part.squared() for part in parts), interval(0.0))
    implied = (total.squared() - own) / (2 * abs(parts[0]) * abs(parts[1]))
    return Interval(max(implied.low, -1.0), max(min(implied.high, 1.0), max(implied.low, -1.0)))


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
    "sums",
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
