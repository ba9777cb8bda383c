"""One instrument: first-stage t and F, reduced form, size of the IV estimate, weak-instrument interval."""

from collections.abc import Sequence
from itertools import combinations

from nqp.evidence.audit.checks import CANNOT_TELL, CONSISTENT, Result, check, verdict
from nqp.evidence.audit.intervals import Interval, as_printed, extremes, span

ONE_INSTRUMENT = "One instrument and one endogenous regressor."


@check(
    "instruments",
    formula="F = (coefficient / standard error)^2 x small-sample factor, with one instrument",
    reference="Andrews, Stock & Sun (2019), Annual Review of Economics 11, section 4: with one instrument the F "
    "statistic is the squared t statistic of the same covariance (Cragg-Donald: classical; Kleibergen-Paap: robust)",
    assumes=ONE_INSTRUMENT + " F and the standard error rest on the same kind of covariance.",
)
def f_from_first_stage(
    coef: Interval, se: Interval, f: Interval, *, factor: tuple[float, float] = (1.0, 1.0)
) -> Result:
    """Compare a printed first-stage F with the squared t of the single instrument.

    Parameters
    ----------
    coef, se : first-stage coefficient of the instrument and its standard error
    f : printed F
    factor : smallest and largest F / t^2 that small-sample factors allow; ``((n - k) / n, 1)`` for a
        Kleibergen-Paap F that carries none of Stata's factors, for instance
    """
    return _against_f((coef / se).squared(), f, factor)


@check(
    "instruments",
    formula="F = t^2 x small-sample factor, with one instrument",
    reference=f_from_first_stage.reference,
    assumes=f_from_first_stage.assumes,
)
def f_from_t(t: Interval, f: Interval, *, factor: tuple[float, float] = (1.0, 1.0)) -> Result:
    """Compare a printed first-stage F with a printed t. Parameters as `f_from_first_stage`."""
    return _against_f(t.squared(), f, factor)


def _against_f(squared: Interval, f: Interval, factor: tuple[float, float]) -> Result:
    implied = squared * Interval(*factor)
    holds = implied.meets(f)
    relation = "is" if holds else "is not"
    return Result(
        verdict(holds),
        f"F of {span(implied)}",
        as_printed(f),
        f"The first-stage t squared is {span(squared)}; the printed F of {as_printed(f)} {relation} that number, "
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

    Parameters
    ----------
    iv, iv_se, ols : estimates of the same coefficient and the IV standard error
    sd : standard deviation of the outcome
    critical : half-width of the interval in standard errors
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
def tf_adjusted(iv: Interval, iv_se: Interval, f: Interval, *, stars: int) -> Result:
    """Tell whether an IV estimate that is starred at 5 % stays so at the tF critical value.

    Parameters
    ----------
    iv, iv_se, f : IV estimate, its standard error, first-stage F
    stars : printed stars of the IV estimate
    """
    from nqp.robustness import tf_interval

    size = abs(iv)
    best = tf_interval(size.high, iv_se.low, f.high)
    worst = tf_interval(size.low, iv_se.high, f.low)
    claimed, possible, sure = stars >= 2, best[0] > 0, worst[0] > 0
    middle = tf_interval(iv.middle, iv_se.middle, f.middle)
    words = (
        "excludes zero" if sure else "holds zero" if not possible else "holds zero for some roundings only"
    )
    return Result(
        CANNOT_TELL if claimed and not sure else CONSISTENT,
        f"tF interval {middle[0]:.4g} to {middle[1]:.4g}",
        f"{stars} stars",
        f"At a first-stage F of {as_printed(f)} the tF-adjusted 95 % interval of the printed estimate is "
        f"{middle[0]:.4g} to {middle[1]:.4g}; it {words}.",
    )


@check(
    "instruments",
    formula="partial R2 = F / (F + df), with one instrument",
    reference="identity of least squares: the squared partial correlation is t^2 / (t^2 + df)",
    assumes=ONE_INSTRUMENT + " F is classical (Cragg-Donald).",
)
def partial_r2(f: Interval, *, df: int, printed: Interval | None = None) -> Result:
    """Compute the share of the endogenous regressor that the instrument explains, given the controls.

    Parameters
    ----------
    f : printed first-stage F
    df : residual degrees of freedom of the first stage
    printed : printed partial R2, if there is one
    """
    implied = extremes(lambda value: value / (value + df), f)
    return Result(
        CONSISTENT if printed is None else verdict(implied.meets(printed)),
        f"partial R2 {span(implied)}",
        "" if printed is None else span(printed),
        f"An F of {as_printed(f)} with {df} degrees of freedom means that the instrument explains "
        f"{span(100 * implied, 3)} percent of the regressor's residual variance (partial correlation "
        f"{span(implied.root(), 3)}).",
    )
