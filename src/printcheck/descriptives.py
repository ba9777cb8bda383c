"""Bounds that any mean, standard deviation, minimum and maximum must respect."""

from math import floor, sqrt

from printcheck.checks import MEASURED, Result, check, verdict
from printcheck.intervals import Interval, as_printed, extremes, span


@check("descriptives", formula="min <= mean <= max", reference="definition")
def ordered(minimum: Interval, mean: Interval, maximum: Interval) -> Result:
    """Say whether the mean can lie between minimum and maximum."""
    holds = minimum.low <= mean.high and mean.low <= maximum.high
    return Result(
        verdict(holds),
        f"between {as_printed(minimum)} and {as_printed(maximum)}",
        as_printed(mean),
        f"The mean {as_printed(mean)} {'lies' if holds else 'does not lie'} between {as_printed(minimum)} and"
        f" {as_printed(maximum)}.",
    )


@check(
    "descriptives",
    formula="sd^2 <= (max - mean)(mean - min) n / (n - 1)",
    reference="Bhatia & Davis (2000), American Mathematical Monthly 107",
)
def bhatia_davis(mean: Interval, sd: Interval, minimum: Interval, maximum: Interval, n: Interval) -> Result:
    """Compare a standard deviation with the largest that mean, minimum and maximum allow."""
    largest = max(_spread(m, minimum.low, maximum.high, n.low) for m in _peaks(mean, minimum, maximum))
    return Result(
        verdict(sd.low <= largest),
        f"at most {largest:.4g}",
        as_printed(sd),
        f"With this mean, minimum and maximum the standard deviation is at most {largest:.4g};"
        f" {as_printed(sd)} is printed.",
    )


@check(
    "descriptives",
    formula="(x - mean)^2 <= (n - 1) sd^2 (n - k) / (n k) when k observations share the farthest value x",
    reference="Samuelson (1968), Journal of the American Statistical Association 63; for k equal extremes, variance is"
    " least when all others are equal",
)
def samuelson(
    mean: Interval,
    sd: Interval,
    minimum: Interval,
    maximum: Interval,
    n: Interval,
    cut: Interval | None = None,
) -> Result:
    """Compare the farthest value with the farthest that a standard deviation over n values allows.

    Parameters
    ----------
    mean, sd, minimum, maximum, n : printed
    cut : percent winsorised at each end, which sets the observations beyond it to the nearest kept value, so that
        ``floor(n x percent) + 1`` share each extreme; one does when left out
    """
    size = int(n.middle)
    sharing = 1 if cut is None else floor(size * cut.middle / 100 + 1e-9) + 1
    reach = sd.high * sqrt((size - 1) * (size - sharing) / (size * sharing))
    farthest = max((mean - minimum).low, (maximum - mean).low)
    in_sd = f" ({span(extremes(lambda s: farthest / s, sd), 3)} standard deviations)" if sd.low > 0 else ""
    share = (
        f"After winsorising {as_printed(cut)} %, {sharing} observations share each extreme. " if cut else ""
    )
    return Result(
        verdict(farthest <= reach),
        f"at most {reach:.4g} from the mean",
        f"{farthest:.4g} from the mean",
        f"{share}No value can be farther than {reach:.4g} from the mean; the farthest printed one is {farthest:.4g}"
        f" away{in_sd}.",
    )


@check(
    "descriptives",
    formula="sd >= (max - min) / sqrt(2 (n - 1))",
    reference="von Szokefalvi Nagy (1918), Jahresbericht der Deutschen Mathematiker-Vereinigung 27",
)
def smallest_sd(sd: Interval, minimum: Interval, maximum: Interval, n: Interval) -> Result:
    """Compare a standard deviation with the smallest that a range over n values allows."""
    smallest = max((maximum - minimum).low, 0.0) / sqrt(2 * (n.high - 1))
    return Result(
        verdict(sd.high >= smallest),
        f"at least {smallest:.4g}",
        as_printed(sd),
        f"With this range the standard deviation is at least {smallest:.4g}; {as_printed(sd)} is printed.",
    )


@check(
    "descriptives",
    formula="share of the sum of squares = (x - mean)^2 / ((n - 1) sd^2), x the farthest extreme",
    reference="definition of the variance",
)
def one_value_share(
    mean: Interval, sd: Interval, minimum: Interval, maximum: Interval, n: Interval
) -> Result:
    """Say how much of a variable's variance its farthest value carries; nothing printed to compare with."""
    above, below = maximum.middle - mean.middle, mean.middle - minimum.middle
    extreme = maximum if above >= below else minimum
    distance = abs(extreme - mean) / abs(sd)
    share = distance.squared() / (n.high - 1)
    return Result(
        MEASURED,
        f"{span(100 * share, 3)} %",
        "",
        f"The {'largest' if above >= below else 'smallest'} value is {span(distance, 3)} standard deviations from the"
        f" mean; this one observation of {n.low:.0f} carries {span(100 * share, 3)} % of the sum of squares.",
    )


@check(
    "descriptives",
    formula="index = a + b F / (Fmax - Fmin): range b, mean a + b mean(F) / (Fmax - Fmin)",
    reference="linear rescaling",
)
def rescaling(mean: Interval, minimum: Interval, maximum: Interval) -> Result:
    """Say which linear rescaling of a mean-zero score the printed mean and range would fit."""
    width = maximum - minimum
    return Result(
        MEASURED,
        f"a = {span(mean)}, b = {span(width)}",
        "",
        f"The range is {span(width)} and the mean {span(mean)}: what {mean.middle:g} + {width.middle:g} x F /"
        " (Fmax - Fmin) gives for a score F with mean zero. Effects are then in units of"
        f" {width.middle:g} of the score's range.",
    )


def _spread(mean: float, low: float, high: float, count: float) -> float:
    return sqrt(max((high - mean) * (mean - low), 0.0) * count / (count - 1))


def _peaks(mean: Interval, minimum: Interval, maximum: Interval) -> list[float]:
    """Means at which the bound can be largest: the ends, and the middle of the range when it is inside."""
    middle = (minimum.low + maximum.high) / 2
    return [mean.low, mean.high] + ([middle] if mean.low <= middle <= mean.high else [])
