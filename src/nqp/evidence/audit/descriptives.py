"""Bounds that any mean, standard deviation, minimum and maximum must respect, and sums of variables."""

from collections.abc import Sequence
from math import sqrt

from nqp.evidence.audit.checks import CANNOT_TELL, Result, check, verdict
from nqp.evidence.audit.intervals import Interval, extremes, span


@check("descriptives", formula="min <= mean <= max", reference="definition")
def ordered(minimum: Interval, mean: Interval, maximum: Interval) -> Result:
    """Say whether the mean can lie between minimum and maximum."""
    holds = minimum.low <= mean.high and mean.low <= maximum.high
    return Result(
        verdict(holds),
        f"between {span(minimum)} and {span(maximum)}",
        span(mean),
        f"The mean {span(mean)} {'lies' if holds else 'does not lie'} between {span(minimum)} and {span(maximum)}.",
    )


@check(
    "descriptives",
    formula="sd^2 <= (max - mean)(mean - min) n / (n - 1)",
    reference="Bhatia & Davis (2000), American Mathematical Monthly 107",
)
def bhatia_davis(mean: Interval, sd: Interval, minimum: Interval, maximum: Interval, n: Interval) -> Result:
    """Compare a standard deviation with the largest that mean, minimum and maximum allow."""
    count = n.low
    largest = Interval(
        0.0, max(_spread(m, minimum.low, maximum.high, count) for m in _peaks(mean, minimum, maximum))
    )
    return Result(
        verdict(sd.low <= largest.high),
        f"at most {largest.high:.4g}",
        span(sd),
        f"With this mean, minimum and maximum the standard deviation is at most {largest.high:.4g};"
        f" {span(sd)} is printed.",
    )


@check(
    "descriptives",
    formula="max(mean - min, max - mean) <= sd (n - 1) / sqrt(n)",
    reference="Samuelson (1968), Journal of the American Statistical Association 63",
)
def samuelson(mean: Interval, sd: Interval, minimum: Interval, maximum: Interval, n: Interval) -> Result:
    """Compare the farthest value with the farthest that a standard deviation over n values allows."""
    reach = sd.high * (n.high - 1) / sqrt(n.high)
    farthest = max((mean - minimum).low, (maximum - mean).low)
    in_sd = extremes(lambda gap, s: gap / s, Interval(farthest, farthest), sd) if sd.low > 0 else None
    return Result(
        verdict(farthest <= reach),
        f"at most {reach:.4g} from the mean",
        f"{farthest:.4g} from the mean",
        f"No value can be farther than {reach:.4g} from the mean; the farthest printed one is {farthest:.4g} away"
        + (f" ({in_sd.low:.1f} to {in_sd.high:.1f} standard deviations)." if in_sd else "."),
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
        span(sd),
        f"With this range the standard deviation is at least {smallest:.4g}; {span(sd)} is printed.",
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
    share = extremes(lambda x, m, s: (x - m) ** 2 / s**2, extreme, mean, sd)
    share = Interval(share.low / (n.high - 1), share.high / (n.high - 1))
    distance = extremes(lambda x, m, s: abs(x - m) / s, extreme, mean, sd)
    return Result(
        CANNOT_TELL,
        f"{100 * share.low:.1f} to {100 * share.high:.1f} %",
        "",
        f"The {'largest' if above >= below else 'smallest'} value is {distance.low:.1f} to {distance.high:.1f}"
        f" standard deviations from the mean; this one observation of {n.low:.0f} carries {100 * share.low:.1f} to"
        f" {100 * share.high:.1f} % of the sum of squares.",
    )


@check("descriptives", formula="sum of the weights = total", reference="normalisation of index weights")
def weights_sum(weights: Sequence[Interval], *, total: float = 1.0) -> Result:
    """Compare the sum of printed weights with what they must add up to."""
    both = Interval(sum(w.low for w in weights), sum(w.high for w in weights))
    middle = sum(w.middle for w in weights)
    return Result(
        verdict(both.meets(total)),
        span(both),
        f"{total:g}",
        f"The {len(weights)} printed weights add up to {middle:.6g}; rounding allows {span(both)}.",
    )


@check(
    "descriptives",
    formula="mean(a + b + ...) = mean(a) + mean(b) + ...",
    reference="linearity of the mean",
    assumes="The total is the sum of the parts on the same observations.",
)
def mean_of_sum(parts: Sequence[Interval], total: Interval) -> Result:
    """Compare a total's mean with the sum of its parts' means."""
    both = Interval(sum(p.low for p in parts), sum(p.high for p in parts))
    return Result(
        verdict(both.meets(total)),
        span(both),
        span(total),
        f"The means of the parts add up to {span(both)}; the printed mean of the total is {span(total)}.",
    )


@check(
    "descriptives",
    formula="r = (sd(a + b)^2 - sd(a)^2 - sd(b)^2) / (2 sd(a) sd(b)), |r| <= 1",
    reference="variance of a sum",
    assumes="The total is the sum of the two parts on the same observations.",
)
def correlation_of_parts(total: Interval, first: Interval, second: Interval) -> Result:
    """Return the correlation of two parts that the three printed standard deviations imply."""
    implied = (total.squared() - first.squared() - second.squared()) / (2 * first * second)
    return Result(
        verdict(implied.meets(Interval(-1, 1))),
        f"r = {span(implied, 2)}",
        "",
        f"The standard deviations of the sum and of its two parts imply a correlation of {span(implied, 2)}.",
    )


@check(
    "descriptives",
    formula="max(a + b) <= max(a) + max(b), min(a + b) >= min(a) + min(b); equal only if one observation has both",
    reference="definition",
    assumes="The total is the sum of the parts on the same observations.",
)
def extremes_of_sum(
    parts_min: Sequence[Interval],
    parts_max: Sequence[Interval],
    total_min: Interval,
    total_max: Interval,
) -> Result:
    """Compare a total's range with its parts' ranges, and say when the bounds are reached."""
    lowest, highest = sum(p.low for p in parts_min), sum(p.high for p in parts_max)
    floor = Interval(lowest, sum(p.high for p in parts_min))
    ceiling = Interval(sum(p.low for p in parts_max), highest)
    holds = total_min.high >= lowest - 1e-12 and total_max.low <= highest + 1e-12
    reached = [
        name for name, a, b in (("minimum", floor, total_min), ("maximum", ceiling, total_max)) if a.meets(b)
    ]
    return Result(
        verdict(holds) if not (holds and reached) else CANNOT_TELL,
        f"{span(floor)} and {span(ceiling)}",
        f"{span(total_min)} and {span(total_max)}",
        f"The parts' minima add up to {span(floor)} and their maxima to {span(ceiling)}; the total runs from"
        f" {span(total_min)} to {span(total_max)}."
        + (
            f" Its {' and '.join(reached)} can equal the sum only if one observation is extreme in every part."
            if reached
            else ""
        ),
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
        CANNOT_TELL,
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
