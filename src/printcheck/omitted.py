"""What regressions with and without some regressors say of each other: coefficients exactly, rows that are dropped."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from printcheck.checks import MEASURED, Result, check, verdict
from printcheck.fit import unexplained
from printcheck.intervals import Interval, as_printed, span


@check(
    "fit",
    formula="coefficient without = coefficient with + sum of b_j d_j; d_j, the coefficient in a regression of the"
    " left-out regressor on the others, is one number for all outcomes",
    reference="omitted-variable formula of least squares (Greene, Econometric Analysis, section 4.3)",
    assumes="Least squares on the same rows with the same controls and effects in all columns.",
)
def omitted_regressors(
    short: Sequence[Interval], long: Sequence[Interval], added: Sequence[Interval], *, names: Sequence[str]
) -> Result:
    """Ask whether one set of d_j turns the longer regressions of several outcomes into the shorter ones.

    Parameters
    ----------
    short, long : a regressor's coefficient without and with the added regressors, one an outcome
    added : coefficients of the added regressors: all of the first outcome, then of the second, ...
    names : the added regressors
    """
    size = len(names)
    gaps = [a - b for a, b in zip(short, long, strict=True)]
    rows = [added[i * size : (i + 1) * size] for i in range(len(short))]
    holds = auxiliary_exist(gaps, rows)
    told = "; ".join(span(gap) for gap in gaps)
    named = " and ".join(names)
    return Result(
        verdict(holds),
        f"{'a' if holds else 'no'} shared set of {size} numbers",
        f"changes {told}",
        f"Without {named} the coefficients are larger by {told} in the {len(gaps)} outcomes."
        f" {'One set of' if holds else 'No set of'} {size} auxiliary coefficients, which least squares shares"
        f" between outcomes, gives {'these' if holds else 'all of these'} differences.",
    )


def auxiliary_exist(gaps: Sequence[Interval], rows: Sequence[Sequence[Interval]]) -> bool:
    """Say whether numbers d exist with ``sum_j b_ij d_j = gap_i`` for some values in the intervals of each row i.

    In each orthant of d the range of the sum is linear in |d|, so linear programming decides exactly.
    """
    from scipy.optimize import linprog

    low = np.array([[b.low for b in row] for row in rows])
    high = np.array([[b.high for b in row] for row in rows])
    ends = np.r_[[g.high for g in gaps], [-g.low for g in gaps]]
    for signs in product((1.0, -1.0), repeat=low.shape[1]):
        sign = np.array(signs)
        least, most = np.minimum(low * sign, high * sign), np.maximum(low * sign, high * sign)
        matrix = np.vstack([least, -most])
        found = linprog(np.zeros(len(sign)), matrix, ends + 1e-12, bounds=(0, None))
        if found.status == 0:
            return True
    return False


@check(
    "fit",
    formula="share of the residual sum of squares in the dropped rows = 1 - (1 - R2 kept) / (1 - R2 all)",
    reference="definition of R2",
    assumes="The dropped rows change the total sum of squares little; the same regressors and one kind of R2.",
)
def dropped_rows(r2_all: Interval, r2_kept: Interval, n_all: Interval, n_kept: Interval) -> Result:
    """Say how much of the residual variation the rows that a sample leaves out must have carried."""
    share = 1 - unexplained(r2_kept) / unexplained(r2_all)
    rows = (n_all - n_kept).middle
    return Result(
        MEASURED,
        f"{100 * share.low:.1f} to {100 * share.high:.1f} %",
        f"{rows:.0f} of {n_all.middle:.0f} rows",
        f"Leaving out {rows:.0f} of {n_all.middle:.0f} rows ({100 * rows / n_all.middle:.2f} %) takes the unexplained"
        f" share from {1 - r2_all.middle:.4g} to {1 - r2_kept.middle:.4g}: were the total variation the same,"
        f" these rows carried {100 * share.low:.1f} to {100 * share.high:.1f} % of the residual sum of squares.",
    )


@check("fit", formula="change = coefficient after / coefficient before - 1", reference="arithmetic")
def relative_change(before: Interval, after: Interval, *, what: str) -> Result:
    """Say by how much a coefficient changes; `what` is entered between the two columns."""
    change = 100 * (after / before - 1)
    return Result(
        MEASURED,
        f"{change.low:+.0f} to {change.high:+.0f} %",
        f"{as_printed(before)} and {as_printed(after)}",
        f"With {what} the coefficient goes from {as_printed(before)} to {as_printed(after)}, a change of"
        f" {change.low:+.1f} to {change.high:+.1f} %.",
    )
