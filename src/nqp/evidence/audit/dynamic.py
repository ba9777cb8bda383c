"""Dynamic panels estimated by GMM: persistence, long-run effect, specification tests, rows left by the lag."""

from nqp.evidence.audit.checks import CANNOT_TELL, CONSISTENT, INCONSISTENT, Result, check, verdict
from nqp.evidence.audit.intervals import Interval, as_printed, extremes, span


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
        words = f"is {span((size - 1) / se, 3)} standard errors above one in size"
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
    """Compute the long-run effect that a short-run effect and a lag coefficient imply, and compare signs.

    ``cannot tell`` when the lag coefficient may be one or more: the effect then has no limit that the formula
    could give.

    Parameters
    ----------
    effect, lag : coefficients of the regressor and of the lagged outcome
    """
    left = 1 - lag
    implied = effect / left
    ratio = 1 / left
    if left.low > 0:
        decided, words = CONSISTENT, f"of the same sign and {span(ratio, 3)} times as large"
    elif left.high < 0:
        decided, words = CANNOT_TELL, "of the opposite sign; the path of the effect itself has no limit"
    else:
        decided, words = CANNOT_TELL, "of either sign, as the lag coefficient may be one"
    return Result(
        decided,
        f"long-run effect {span(implied, 3)}",
        f"short-run effect {as_printed(effect)}",
        f"With a lag coefficient of {as_printed(lag)} the formula gives a long-run effect of {span(implied, 3)}, "
        f"{words}.",
    )


@check(
    "dynamic",
    formula="p = 2 (1 - Phi(|z|))",
    reference="two-sided normal test; Arellano & Bond (1991), Review of Economic Studies 58, for AR(1) and AR(2)",
)
def z_against_p(z: Interval, p: Interval) -> Result:
    """Compare a printed z with a printed two-sided p. Both are rounding intervals."""
    from scipy.special import ndtr, ndtri

    implied = extremes(lambda size: 2 * float(ndtr(-size)), abs(z))
    shut = Interval(min(max(p.low, 1e-300), 1), min(max(p.high, 1e-300), 1))
    needed = extremes(lambda value: -float(ndtri(value / 2)), shut)
    holds = implied.meets(p)
    needs = "" if holds else f" A p of {as_printed(p)} needs a z of size {span(needed, 3)}."
    return Result(
        verdict(holds),
        f"p {span(implied)}",
        f"p {as_printed(p)}",
        f"A z of {as_printed(z)} has a two-sided p of {span(implied)}; {as_printed(p)} is printed.{needs}",
    )


@check(
    "dynamic",
    formula="p < bound, or p > bound, as the paper states",
    reference="the paper's own decision rule",
)
def decision_rule(p: Interval, bound: Interval, *, side: str) -> Result:
    """Apply a paper's stated decision rule to a printed p.

    Parameters
    ----------
    p : printed p
    bound : the printed bound; its rounding is not used, a rule is exact
    side : ``below`` or ``above``: where the paper says p must lie
    """
    if side not in ("below", "above"):
        raise ValueError(f"side is {side!r}: it must be 'below' or 'above'")
    level = bound.middle
    holds = p.high < level if side == "below" else p.low > level
    fails = p.low > level if side == "below" else p.high < level
    decided = CONSISTENT if holds else INCONSISTENT if fails else CANNOT_TELL
    return Result(
        decided,
        f"{side} {level:g}",
        f"p {as_printed(p)}",
        f"The paper asks for a p {side} {level:g}; {as_printed(p)} {'is' if holds else 'is not surely'} {side} it.",
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


@check(
    "dynamic",
    formula="n = units x (years - 1)",
    reference="one lag of the outcome takes the first year of each unit",
    assumes="A balanced panel.",
)
def rows_after_lag(n: Interval, *, units: int, years: int) -> Result:
    """Compare a printed sample size with a balanced panel that lost its first year to a lag.

    Parameters
    ----------
    n : printed number of observations
    units, years : of the panel before the lag is taken
    """
    implied = units * (years - 1)
    holds = n.meets(implied)
    return Result(
        verdict(holds),
        str(implied),
        span(n),
        f"{units} units over {years} years leave {units} x {years - 1} = {implied} rows after one lag; {span(n)} are "
        "printed.",
    )
