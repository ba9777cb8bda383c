"""One instrument: first-stage t and F, reduced form, size of the IV estimate, weak-instrument interval."""

from collections.abc import Callable, Sequence
from itertools import combinations

from printcheck.checks import CANNOT_TELL, CONSISTENT, Result, check, verdict
from printcheck.intervals import Interval, as_printed, span

ONE_INSTRUMENT = "One instrument and one endogenous regressor."


@check(
    "instruments",
    formula="F = t^2, t = coefficient / standard error, with one instrument",
    reference="Andrews, Stock & Sun (2019), Annual Review of Economics 11, section 4: with one instrument the F "
    "statistic is the squared t statistic of the same covariance (Cragg-Donald: classical; Kleibergen-Paap: robust)",
    assumes=ONE_INSTRUMENT + " F and the standard error rest on the same kind of covariance.",
)
def f_of_first_stage(t: Interval, f: Interval) -> Result:
    """Compare a printed first-stage F with the squared t of the single instrument."""
    implied = t.squared()
    holds = implied.meets(f)
    relation = "is" if holds else "is not"
    return Result(
        verdict(holds),
        f"F of {span(implied)}",
        as_printed(f),
        f"The first-stage t squared is {span(implied)}; the printed F of {as_printed(f)} {relation} that number, "
        "as the two are with one instrument and one kind of standard error.",
    )


@check(
    "instruments",
    formula="reduced form = first stage x second stage",
    reference="indirect least squares: the IV estimate is reduced form / first stage; Angrist & Pischke (2009), "
    "Mostly Harmless Econometrics, section 4.1",
    assumes=ONE_INSTRUMENT + " Same outcome, controls and rows in all columns.",
)
def reduced_form_constant(first: Sequence[Interval], second: Sequence[Interval]) -> Result:
    """Compare the reduced forms of columns that state one instrument, one outcome and the same rows.

    The reduced form regresses the outcome on the instrument; the endogenous regressor does not enter it, so
    columns that differ only in that regressor share it.

    Parameters
    ----------
    first, second : first-stage coefficient of the instrument and IV estimate of each column, same order
    """
    products = [a * b for a, b in zip(first, second, strict=True)]
    holds = all(one.meets(other) for one, other in combinations(products, 2))  # intervals: pairs suffice
    listed = "; ".join(span(one) for one in products)
    return Result(
        verdict(holds),
        f"reduced forms {listed}",
        "",
        f"First stage times second stage is {listed}: "
        + ("one reduced form can stand behind all." if holds else "no one reduced form stands behind all."),
    )


@check(
    "instruments",
    formula="ratio = IV / OLS; both divided by the outcome's standard deviation",
    reference="Lal, Lockhart, Xu & Zu (2024), Political Analysis 32: ratios of IV to OLS in 67 papers",
)
def iv_against_ols(
    iv: Interval, iv_se: Interval, ols: Interval, sd: Interval, *, critical: float = 1.96
) -> Result:
    """Set an IV estimate beside the OLS estimate of the same coefficient, in standard deviations of the outcome.

    ``consistent`` when the IV estimate's 95 % interval may hold the OLS estimate, else ``cannot tell``: the two
    then differ by more than sampling error, for a reason that the numbers do not give.
    """
    ratio = iv / ols
    reach = Interval((iv - critical * iv_se).low, (iv + critical * iv_se).high)
    held = reach.meets(ols)
    return Result(
        CONSISTENT if held else CANNOT_TELL,
        f"IV is {span(ratio)} times OLS",
        "",
        f"The IV estimate is {span(ratio, 3)} times the OLS estimate; a unit of the regressor moves the outcome by "
        f"{span(iv / sd, 3)} of its standard deviations (OLS: {span(ols / sd, 3)}). The IV estimate's 95 % interval "
        f"{'holds' if held else 'does not hold'} the OLS estimate.",
    )


@check(
    "instruments",
    formula="estimate +- c(F) x standard error, c(F) from the tF table (1.96 from about F = 105 on)",
    reference="Lee, McCrary, Moreira & Porter (2022), American Economic Review 112, table 3a",
    assumes=ONE_INSTRUMENT + " F and the IV standard error are of one kind, robust or clustered.",
)
def tf_adjusted(
    iv: Interval, iv_se: Interval, f: Interval, *, stars: int, critical: Callable[[float], float]
) -> Result:
    """Tell whether an IV estimate that is starred at 5 % stays so at the tF critical value.

    Parameters
    ----------
    iv, iv_se, f : IV estimate, its standard error, first-stage F
    stars : printed stars of the IV estimate
    critical : the tF critical value of a first-stage F; infinite where there is none
    """
    size = abs(iv)
    possible = size.high > critical(f.high) * iv_se.low
    sure = size.low > critical(f.low) * iv_se.high
    half = critical(f.middle) * iv_se.middle
    reach = f"{iv.middle - half:.4g} to {iv.middle + half:.4g}"
    words = "excludes zero" if sure else "holds zero for some roundings only" if possible else "holds zero"
    return Result(
        CANNOT_TELL if stars >= 2 and not sure else CONSISTENT,
        f"tF interval {reach}",
        f"{stars} stars",
        f"At a first-stage F of {as_printed(f)} the tF-adjusted 95 % interval of the printed estimate is {reach};"
        f" it {words}.",
    )


@check(
    "instruments",
    formula="partial R2 of the first stage = F / (F + df)",
    reference="F = t^2 = R2 df / (1 - R2) of one instrument beside the controls (Greene, section 5.3)",
    assumes=ONE_INSTRUMENT + " F rests on conventional errors, as that of Cragg and Donald does.",
)
def partial_r2(f: Interval, *, df: float, most: float) -> Result:
    """Compare the partial R2 behind a first-stage F with the most that any instrument of the stated form can have.

    `df` are the residual degrees of freedom; `most` is the bound, one where the form sets none.
    """
    implied = f / (f + df)
    return Result(
        verdict(implied.low <= most),
        f"partial R2 {span(implied, 3)}",
        f"at most {most:.3g}",
        f"The printed F of {as_printed(f)} is a partial R2 of {span(implied, 3)}; an instrument of the stated form"
        f" reaches at most {most:.3g}.",
    )


@check(
    "instruments",
    formula="partial R2 of the first stage = (se of OLS / se of IV)^2: one number for all outcomes",
    reference="Var(IV) = s^2 / (partial R2 x variation of the regressor); Bound, Jaeger & Baker (1995), JASA 90",
    assumes=ONE_INSTRUMENT
    + " Conventional errors on the same rows, and residual variances of OLS and IV alike.",
)
def first_stage_of_errors(ols_se: Sequence[Interval], iv_se: Sequence[Interval]) -> Result:
    """Read the partial R2 of a first stage that is not printed from the errors of columns with and without it."""
    shares = [(a / b).squared() for a, b in zip(ols_se, iv_se, strict=True)]
    listed = "; ".join(span(one, 2) for one in shares)
    holds = all(one.meets(other) for one, other in combinations(shares, 2))
    return Result(
        verdict(holds),
        f"partial R2 {listed}",
        "",
        f"The errors imply that the instrument explains {listed} of what effects and controls leave of the regressor:"
        f" {'one first stage can' if holds else 'no one first stage can'} stand behind the {len(shares)} outcomes.",
    )
