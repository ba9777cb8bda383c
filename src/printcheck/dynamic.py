"""Dynamic panels estimated by GMM: persistence, long-run effect, number of instruments."""

from printcheck.checks import CANNOT_TELL, CONSISTENT, INCONSISTENT, MEASURED, Result, check
from printcheck.intervals import Interval, as_printed, span


@check(
    "dynamic",
    formula="|lag coefficient| < 1",
    reference="Blundell & Bond (1998), Journal of Econometrics 87, section 4: the level moments of system GMM need "
    "initial deviations from a stationary mean, which exists for |lag| < 1 only",
    assumes="The interval is the estimate +- 1.96 standard errors.",
)
def lag_inside_unit_interval(lag: Interval, se: Interval, *, critical: float = 1.96) -> Result:
    """Compare the coefficient of the lagged outcome with the interval in which the process is stationary.

    ``inconsistent`` only when the whole 95 % interval lies outside for every rounding; ``cannot tell`` when the
    estimate may lie outside but its interval reaches inside.

    Parameters
    ----------
    lag, se : coefficient of the first lag and its standard error
    critical : half-width of the interval in standard errors
    """
    size, half = abs(lag), critical * se
    lower, upper = size - half, size + half
    meaning = ""
    if size.high < 1:
        decided, words = CONSISTENT, "is below one in size"
    else:
        decided = INCONSISTENT if lower.low > 1 else CANNOT_TELL
        words = f"is {span((size - 1) / abs(se), 3)} standard errors above one in size"
        meaning = " The process has a long-run level only if it is below one."
    return Result(
        decided,
        f"95 % interval from {span(lower)} to {span(upper)}",
        as_printed(lag),
        f"The lag coefficient of {as_printed(lag)} {words}; the 95 % interval of its size begins at {span(lower)} and "
        f"ends at {span(upper)}.{meaning}",
    )


@check(
    "dynamic",
    formula="long-run effect = b / (1 - lag coefficient)",
    reference="Bond (2002), Portuguese Economic Journal 1; any dynamic regression with one lag",
    assumes="One lag of the outcome and no lag of the regressor.",
)
def long_run_effect(effect: Interval, lag: Interval) -> Result:
    """Compute the long-run effect that coefficients of a regressor and of the lagged outcome imply."""
    left = 1 - lag
    implied, ratio = effect / left, 1 / left
    words = f"of the same sign and {span(ratio, 3)} times as large"
    if left.high < 0:
        words = "of the opposite sign; the path of the effect itself has no limit"
    return Result(
        MEASURED,
        f"long-run effect {span(implied, 3)}",
        f"short-run effect {as_printed(effect)}",
        f"With a lag coefficient of {as_printed(lag)} the formula gives a long-run effect of {span(implied, 3)}, "
        f"{words}.",
    )


@check(
    "dynamic",
    formula="(T - 1)(T - 2)/2 difference and T - 2 level instruments from the lagged outcome; p near one warns",
    reference="Roodman (2009), Oxford Bulletin of Economics and Statistics 71: instrument proliferation weakens the "
    "Hansen test, p values near one are its sign; as a rule instruments should not outnumber groups",
)
def hansen_near_one(p: Interval, *, groups: int, periods: int, near: float = 0.9) -> Result:
    """Tell whether a Hansen p is near one where groups are few.

    Parameters
    ----------
    p : printed p of the Hansen test
    groups, periods : units, and years of the panel before the lag is taken
    near : p from which on the warning is given
    """
    count = lagged_outcome_instruments(periods)
    close = p.high >= near
    few = count > groups
    words = "near one, as it is when instruments are many" if close else f"below {near:g}"
    return Result(
        CANNOT_TELL if close and few else CONSISTENT,
        f"{count} instruments from all lags of the outcome, {groups} groups",
        f"p {as_printed(p)}",
        f"The Hansen p of {as_printed(p)} is {words}; all lags of the outcome alone, not collapsed, give {count} "
        f"instruments for {groups} groups.",
    )


def lagged_outcome_instruments(periods: int) -> int:
    """Return how many instruments system GMM makes of one lagged outcome: all lags, not collapsed.

    The equation in differences of year t = 3..T has t - 2 of them, the one in levels one.
    """
    return (periods - 1) * (periods - 2) // 2 + (periods - 2)
