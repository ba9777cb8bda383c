"""The distribution of a paper's t values, what its designs could detect, and effects in units of the outcome.

The tests of one paper share its data: their t values are not independent, and p values that take them as such are
given for size only. So these checks measure; the numbers stand in the sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd
from scipy.special import bdtrc, chdtr, ndtr, ndtri

from printcheck.cells import Cells
from printcheck.checks import CANNOT_TELL, CONSISTENT, MEASURED, Result, check
from printcheck.intervals import Interval, as_printed, span

DEPENDENCE = "tests independent of each other, which those of one paper on one data set are not"


@dataclass(frozen=True)
class Design:
    """What a test with a given standard error does when the true effect is known (Gelman & Carlin 2014).

    `power` is the probability of significance, `type_s` that of the opposite sign given significance, `type_m` the
    expected size of a significant estimate over the true effect.
    """

    power: float
    type_s: float
    type_m: float


def design_analysis(effect: float, se: float, *, level: float = 0.05) -> Design:
    """Return power, type-S and type-M error of a normal estimate; closed form of Lu, Qiu & Deng (2019).

    Raises
    ------
    ValueError
        If effect or standard error is not positive: the size of the effect is what is asked about.
    """
    if not (effect > 0 and se > 0):
        raise ValueError(f"effect {effect} and standard error {se} must both be positive")
    ratio, z = effect / se, float(ndtri(1 - level / 2))
    right, left = float(ndtr(ratio - z)), float(ndtr(-ratio - z))
    density = [float(np.exp(-((z + sign * ratio) ** 2) / 2) / sqrt(2 * np.pi)) for sign in (-1, 1)]
    size = ratio * (right - left) + sum(density)
    return Design(right + left, left / (right + left), size / (right + left) / ratio)


def t_values(cells: Cells) -> pd.DataFrame:
    """Return the t value of every coefficient (an id that ends in ``.coef`` or ``.rho``) with an error or t beside it.

    Returns
    -------
    DataFrame
        ``id, beside, holds, t``: `beside` is the id of the error or t, `holds` says which, `t` is the interval that
        rounding allows. One row a coefficient, in printed order.
    """
    rows = []
    for number in cells.ids(r".*\.(coef|rho)"):
        stem = number.rpartition(".")[0]
        holds = next((s for s in ("se", "t") if f"{stem}.{s}" in cells.numbers.index), None)
        if holds is not None:
            beside = f"{stem}.{holds}"
            t = cells[beside] if holds == "t" else cells[number] / abs(cells[beside])
            rows.append((number, beside, holds, t))
    return pd.DataFrame(rows, columns=["id", "beside", "holds", "t"])


@check(
    "distribution",
    formula="of the |t| within a band around the threshold, a half lies above; exact binomial p",
    reference="caliper test: Gerber & Malhotra (2008), Quarterly Journal of Political Science 3",
    assumes=DEPENDENCE,
)
def caliper(t: Sequence[Interval], *, threshold: float, band: float = 0.2) -> Result:
    """Count |t| just above and just below a critical value; `band` is the width as a share of the threshold."""
    t = [abs(one) for one in t]
    near = [one for one in t if one.high >= threshold * (1 - band) and one.low <= threshold * (1 + band)]
    above = sum(one.low >= threshold and one.high <= threshold * (1 + band) for one in near)
    below = sum(one.high < threshold and one.low >= threshold * (1 - band) for one in near)
    open_ones = len(near) - above - below
    fewest, most = _over(above, below + open_ones), _over(above + open_ones, below)
    p = span(Interval(min(fewest, most), max(fewest, most)), 2)
    rest = f"; rounding leaves {open_ones} open" if open_ones else ""
    return Result(
        MEASURED,
        f"{above} above, {below} below{rest}",
        "",
        f"Of {len(t)} |t| values {above} lie within {100 * band:.0f} % above {threshold:g} and {below} within as much"
        f" below{rest}. Were the tests independent, so many above or more would have a probability of {p}; they"
        " share one data set.",
    )


def _over(above: int, below: int) -> float:
    """Return the probability of at least `above` heads in as many fair tosses as there are values."""
    return 1.0 if above == 0 else float(bdtrc(above - 1, above + below, 0.5))


@check(
    "distribution",
    formula="t values with unit variance and mean pairwise correlation r: E s^2 >= 1 - r; independent ones:"
    " P(s^2 <= observed) <= P(chi2(k - 1) <= (k - 1) s^2), whatever the true effects",
    reference="variance of correlated normals; a noncentral chi-square exceeds the central one",
    assumes="each t is normal with unit variance",
)
def spread_of_t(t: Sequence[Interval], *, least: float = 0.001) -> Result:
    """Compare the spread of a paper's t values with the least that sampling alone gives independent ones.

    `least` is the probability below which the sentence asks for a reason.
    """
    middle = np.array([one.middle for one in t])
    half = np.array([(one.high - one.low) / 2 for one in t])
    sd = middle.std(ddof=1)
    # the sample standard deviation moves by at most the norm of the shift over sqrt(k - 1)
    highest = sd + float(np.linalg.norm(half)) / sqrt(len(t) - 1)
    p = float(chdtr(len(t) - 1, (len(t) - 1) * highest**2))
    lowest = Interval(max(0.0, sd - (highest - sd)), highest)
    tail = f"independent tests spread so little with a probability of at most {p:.1g}; as they share one data set, "
    least_r = 1 - highest**2
    close = tail + f"a mean correlation between them of at least {least_r:.2f} would account for it"
    return Result(
        CONSISTENT if p >= least else CANNOT_TELL,
        f"sd {span(lowest, 2)}, p at most {p:.1g}",
        "",
        f"The {len(t)} t values run from {min(middle):.2f} to {max(middle):.2f} with a standard deviation of"
        f" {span(lowest, 2)}; "
        + (close if p < least else f"that is no less than sampling alone gives (p at most {p:.2g})")
        + ".",
    )


@check(
    "distribution",
    formula="pp = p / .05 of the significant results, Z = sum(probit pp) / sqrt(k); the same with .025",
    reference="p-curve: Simonsohn, Nelson & Simmons (2014; 2015), Journal of Experimental Psychology: General 143; 144",
    assumes=f"one test of one hypothesis a result, {DEPENDENCE}",
)
def right_skew(t: Sequence[Interval]) -> Result:
    """Give the p-curve's tests for right skew of the results of interest; a description, not a test, in one paper."""
    found = p_curve([one.middle for one in t])
    if found.significant == 0:
        return Result(MEASURED, "no significant result", "", "No result is significant at 5 %: no p-curve.")
    return Result(
        MEASURED,
        f"{found.low} of {found.significant} below .025; Z {found.full:.2f}, half curve {found.half:.2f}",
        "",
        f"Of {found.significant} results significant at 5 %, {found.low} have p below .025. The p-curve's Z is"
        f" {found.full:.2f} (half curve {found.half:.2f}; below -1.64 is right skew). The results share one data set,"
        " so this describes the paper and does not test it.",
    )


@dataclass(frozen=True)
class PCurve:
    """Right-skew statistics of a p-curve: counts below .05 and .025, Stouffer Z of the full and half curve."""

    significant: int
    low: int
    full: float
    half: float


def p_curve(z: Sequence[float]) -> PCurve:
    """Return the right-skew statistics of normal test statistics (two-sided p values)."""
    p = 2 * ndtr(-np.abs(np.asarray(z, float)))
    full, half = p[p < 0.05], p[p < 0.025]
    stouffer = [
        float(ndtri(values / cut).sum() / sqrt(len(values))) if len(values) else float("nan")
        for values, cut in ((full, 0.05), (half, 0.025))
    ]
    return PCurve(len(full), len(half), *stouffer)


@check(
    "distribution",
    formula="smallest effect with 80 % power at 5 % = (1.960 + 0.842) se = 2.8 se",
    reference="Bloom (1995), Evaluation Review 19",
    assumes="the standard error is right and the estimate normal",
)
def detectable_effect(coef: Interval, se: Interval, outcome_sd: Interval | None = None) -> Result:
    """Give the smallest effect that a design would find in four of five samples."""
    factor = float(ndtri(0.975) + ndtri(0.8))
    least, ratio = abs(se) * factor, abs(coef) / (abs(se) * factor)
    units = f" ({span(least / outcome_sd, 2)} sd of the outcome)" if outcome_sd else ""
    return Result(
        MEASURED,
        span(least, 3),
        as_printed(coef),
        f"With this error an effect of {span(least, 3)}{units} is found with 80 % power; the printed estimate is"
        f" {span(ratio, 2)} times that.",
    )


@check(
    "distribution",
    formula="power = P(|t| > 1.96), type S = P(opposite sign, given significant),"
    " type M = E(|estimate|, given significant) / effect",
    reference="Gelman & Carlin (2014), Perspectives on Psychological Science 9; closed form of Lu, Qiu & Deng (2019)",
    assumes="the true effect is the one supposed",
)
def exaggeration(se: Interval, supposed: Interval, *, share: float = 1.0, because: str = "") -> Result:
    """Say what a design does if the true effect is a supposed one.

    Parameters
    ----------
    supposed : an effect in the same units, such as another column's estimate or the outcome's standard deviation
    share : part of it that is supposed
    because : words for the supposition, such as ``a tenth of a standard deviation of the outcome``
    """
    effect = abs(supposed) * share
    if effect.low <= 0 or se.low <= 0:
        raise ZeroDivisionError("power needs an effect and a standard error above zero")
    best, worst = design_analysis(effect.high, se.low), design_analysis(effect.low, se.high)
    power, factor = Interval(worst.power, best.power), Interval(best.type_m, worst.type_m)
    return Result(
        MEASURED,
        f"power {span(power, 2)}, type M {span(factor, 3)}, type S {worst.type_s:.1g}",
        "",
        f"If the true effect is {because + ', ' if because else ''}{span(effect, 2)}, the design has power"
        f" {span(power, 2)}; significant estimates then overstate it by a factor of {span(factor, 3)} on average"
        f" and have the opposite sign with a probability of at most {worst.type_s:.1g}.",
    )


@check(
    "distribution",
    formula="effect in sd of the outcome = coefficient x change of the regressor / sd(outcome)",
    reference="standardised effect",
)
def effect_in_sd(
    coef: Interval, outcome_sd: Interval, outcome_mean: Interval | None = None, *, change: float = 1.0
) -> Result:
    """Express a coefficient in standard deviations of the outcome over all observations, and in its mean."""
    size = coef * change / outcome_sd
    percent = span(100 * coef * change / outcome_mean, 2) if outcome_mean else ""
    share = f" and {percent} % of its mean" if outcome_mean else ""
    return Result(
        MEASURED,
        f"{span(size, 3)} sd",
        "",
        f"The coefficient is {span(size, 3)} standard deviations of the outcome{share}"
        + (f" for a change of {change:g} in the regressor." if change != 1 else "."),
    )
