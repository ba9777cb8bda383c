"""What a standard error says of the regressor's variation, and of the kind of errors."""

from collections.abc import Mapping

import numpy as np

from printcheck.checks import Result, check, verdict
from printcheck.intervals import Interval, span


def staggered_variation(sizes: Mapping[int, int], *, units: int, first: int, last: int) -> float:
    """Return the sum of squares of a staggered treatment dummy after unit and period means are taken out.

    `sizes`, `units`, `first` and `last` as in `printcheck.cohorts.bacon_weights`.
    """
    years = np.arange(first, last + 1)
    dummy = np.array([years >= year for year in sizes] + [np.zeros(len(years))], dtype=float)
    count = np.array([*sizes.values(), units - sum(sizes.values())], dtype=float)
    if count.min() < 0:
        raise ValueError(f"cohorts {dict(sizes)} hold more than {units} units")
    period = count @ dummy / units
    left = dummy - dummy.mean(axis=1, keepdims=True) - period + period.mean()
    return float(count @ (left**2).sum(axis=1))


@check(
    "fit",
    formula="se^2 = (1 - R2)(n - 1) sd(y)^2 / (df S), S = sum of squares of the regressor left by effects and"
    " controls; S is at most what the effects alone leave",
    reference="variance of a least-squares coefficient (Greene, Econometric Analysis, section 4.4)",
    assumes="Classical standard errors and overall R2 (about the outcome's mean). The cohort sizes are those of the"
    " sample.",
)
def variation_left(
    coef: Interval,
    t: Interval,
    r2: Interval,
    sd: Interval,
    n: Interval,
    *,
    df: float,
    effects_leave: float,
) -> Result:
    """Compare the variation of a treatment dummy that its standard error implies with what its cohorts allow.

    Parameters
    ----------
    coef, t, r2 : treatment coefficient, its t value and R2 of the column
    sd, n : standard deviation of the outcome and observations
    df : residual degrees of freedom
    effects_leave : sum of squares of the dummy after unit and period means, see `staggered_variation`
    """
    error = abs(coef) / abs(t)
    total = (n - 1) * sd.squared()
    implied = (1 - r2) * total / (df * error.squared())
    holds = implied.low <= effects_leave
    explained = 1 - implied / effects_leave
    percent = f"{100 * max(explained.low, 0):.0f} to {100 * explained.high:.0f} %"
    tail = f": the controls then explain {percent} of what the effects leave" if holds else ""
    return Result(
        verdict(holds),
        f"S of {span(implied)}",
        f"at most {effects_leave:.4g}",
        f"As a classical error, the standard error implies a variation of {span(implied)} of the dummy; its cohorts"
        f" leave {effects_leave:.4g} after unit and period effects{tail}.",
    )
