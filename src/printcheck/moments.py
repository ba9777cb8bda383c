"""Means, standard deviations and extremes of a table against one another and against a regression on the same rows."""

from collections.abc import Sequence
from math import sqrt

from printcheck.checks import MEASURED, Result, check, verdict
from printcheck.intervals import Interval, as_printed, span

SAME_ROWS = "Descriptive statistics and regression use the same rows."


@check(
    "fit",
    formula="mean(y) = constant + sum of coefficient x mean(x)",
    reference="normal equation of the constant; it holds for least squares, for the within estimator whose constant "
    "is the mean of the unit effects (Stata's), and for random effects on a balanced panel",
    assumes=SAME_ROWS + " No period effects; all regressors are listed.",
)
def through_the_means(
    mean_y: Interval, constant: Interval, coef: Sequence[Interval], means: Sequence[Interval]
) -> Result:
    """Compare the outcome's mean with the column's value at the means of all its regressors, in one order."""
    implied = sum((b * m for b, m in zip(coef, means, strict=True)), constant)
    return Result(
        verdict(implied.meets(mean_y)),
        f"mean {span(implied)}",
        f"mean {as_printed(mean_y)}",
        f"At the printed means of its regressors ({len(coef)}) the column gives an outcome of {span(implied)}; the "
        f"printed mean is {as_printed(mean_y)}.",
    )


@check(
    "fit",
    formula="R2 = (b sd(x) / sd(y))^2",
    reference="least squares on one regressor and a constant",
    assumes=SAME_ROWS + " Pooled least squares, no other regressor and no effects.",
)
def pooled_r2_of_slope(coef: Interval, sd_x: Interval, sd_y: Interval, r2: Interval) -> Result:
    """Compare a pooled regression's R2 with the one that its slope and two standard deviations imply."""
    implied = (coef * sd_x / sd_y).squared()
    return Result(
        verdict(implied.meets(r2)),
        f"R2 {span(implied)}",
        f"R2 {as_printed(r2)}",
        f"A pooled slope of {as_printed(coef)} with these standard deviations has an R2 of {span(implied)}; "
        f"{as_printed(r2)} is printed.",
    )


@check(
    "descriptives",
    formula="standard error of a mean = sd / sqrt(n); sd <= sqrt((max - mean)(mean - min) n / (n - 1))",
    reference="Bhatia & Davis (2000), American Mathematical Monthly 107",
)
def errors_or_deviations(
    mean: Sequence[Interval],
    spread: Sequence[Interval],
    minimum: Sequence[Interval],
    maximum: Sequence[Interval],
    *,
    n: int,
) -> Result:
    """Tell whether a column headed standard error, `spread`, can hold standard errors of means over `n` rows."""
    triples = zip(mean, minimum, maximum, strict=True)
    room = [((high - m) * (m - low)).root().high * sqrt(n / (n - 1)) for m, low, high in triples]
    possible = sum(s.low * sqrt(n) <= most for s, most in zip(spread, room, strict=True))
    as_sd = sum(s.low <= most for s, most in zip(spread, room, strict=True))
    return Result(
        verdict(possible == len(mean)),
        f"standard errors possible for {possible} of {len(mean)} variables",
        "standard error",
        f"Read as standard errors of means over {n} values, {possible} of {len(mean)} printed spreads fit between "
        f"minimum and maximum; read as standard deviations, {as_sd} do.",
    )


@check(
    "fit",
    formula="turning point = -b / (2 c) for b x + c x^2; slope at x = b + 2 c x",
    reference="calculus; Lind & Mehlum (2010), Oxford Bulletin of Economics and Statistics 72",
)
def turning_point(
    linear: Interval, square: Interval, mean: Interval, minimum: Interval, maximum: Interval
) -> Result:
    """Locate the turning point of a quadratic, and its slope at the regressor's mean."""
    point = -linear / (2 * square)
    slope = linear + 2 * square * mean
    inside = point.meets(Interval(minimum.low, maximum.high))
    shape = "U" if square.low > 0 else "inverted U" if square.high < 0 else "either shape"
    return Result(
        MEASURED,
        f"turning point {span(point, 3)}, slope at the mean {span(slope, 3)}",
        f"range {as_printed(minimum)} to {as_printed(maximum)}",
        f"The two terms describe {'an' if shape[0] == 'i' else 'a'} {shape} that turns at {span(point, 3)}, "
        f"{'inside' if inside else 'outside'} the range {as_printed(minimum)} to {as_printed(maximum)}; at the mean "
        f"the slope is {span(slope, 3)}.",
    )
