"""Stars against the coefficient and what stands in parentheses."""

from collections.abc import Sequence
from functools import partial
from math import inf

from nqp.evidence.audit.checks import CANNOT_TELL, CONSISTENT, INCONSISTENT, Result, check
from nqp.evidence.audit.intervals import Interval, span

LEVELS = (0.10, 0.05, 0.01)


@check(
    "stars",
    formula="t = coefficient / standard error; stars count the levels 10, 5, 1 % whose critical value |t| reaches",
    reference="two-sided t test; critical values between the normal and t with the given degrees of freedom",
)
def stars_from_error(coef: Interval, se: Interval, *, stars: int, df: float = 30) -> Result:
    """Compare stars with the t value that a coefficient and its standard error imply.

    Parameters
    ----------
    coef, se : rounding intervals of the printed numbers
    stars : printed stars, 0 to 3
    df : smallest degrees of freedom that the paper could have used; stars pass if any value from here to
        infinity (the normal) gives them
    """
    return _stars(abs(coef) / se, stars, df, "from coefficient and standard error")


@check(
    "stars",
    formula="stars count the levels 10, 5, 1 % whose critical value |t| reaches",
    reference="two-sided t test; critical values between the normal and t with the given degrees of freedom",
)
def stars_from_t(coef: Interval, t: Interval, *, stars: int, df: float = 30) -> Result:
    """Compare stars, and the coefficient's sign, with a printed t value. Parameters as `stars_from_error`."""
    if (coef.low > 0 and t.high < 0) or (coef.high < 0 and t.low > 0):
        return Result(INCONSISTENT, f"t of {span(t)}", "opposite sign", "Coefficient and t differ in sign.")
    return _stars(abs(t), stars, df, "printed")


def possible_stars(t: Interval, df: float = 30) -> set[int]:
    """Return the numbers of stars that some t in the interval earns under some df from `df` to infinity."""
    return set(range(_count(t.low, df), _count(t.high, inf) + 1))


def _count(t: float, df: float) -> int:
    from scipy.special import ndtri, stdtrit

    quantile = ndtri if df == inf else partial(stdtrit, df)
    return sum(t >= quantile(1 - level / 2) for level in LEVELS)


def _stars(t: Interval, stars: int, df: float, source: str) -> Result:
    allowed = possible_stars(t, df)
    named = " or ".join(str(one) for one in sorted(allowed))
    earned = f"{named} star{'s' * (allowed != {1})}"
    printed = f"{stars} star{'s' * (stars != 1)}"
    return Result(
        CONSISTENT if stars in allowed else INCONSISTENT,
        f"|t| {span(t)}, {earned}",
        printed,
        f"|t| ({source}) is {span(t)}, which earns {earned}; {printed} {'is' if stars == 1 else 'are'} printed.",
    )


@check(
    "stars",
    formula="read the parentheses as standard errors, then as t values; count the cells whose stars follow",
    reference="two-sided t test",
)
def what_parentheses_hold(
    coef: Sequence[Interval],
    parenthesis: Sequence[Interval],
    *,
    stars: Sequence[int],
    said: str,
    df: float = 30,
) -> Result:
    """Decide whether a table's parentheses hold standard errors or t values.

    Parameters
    ----------
    coef, parenthesis : printed numbers of the table's cells, in the same order
    stars : printed stars of each
    said : what the paper says they are, ``se`` or ``t``
    """
    as_error = sum(
        s in possible_stars(abs(c) / p, df) for c, p, s in zip(coef, parenthesis, stars, strict=True)
    )
    as_t = sum(s in possible_stars(abs(p), df) for p, s in zip(parenthesis, stars, strict=True))
    counts = {"se": as_error, "t": as_t}
    other = "t" if said == "se" else "se"
    words = {"se": "standard errors", "t": "t values"}
    closer = INCONSISTENT if counts[other] > counts[said] else CANNOT_TELL
    decided = CONSISTENT if counts[said] == len(stars) else closer
    return Result(
        decided,
        f"stars follow in {as_error} of {len(stars)} cells as standard errors, in {as_t} as t values",
        f"said to be {words[said]}",
        f"Read as standard errors, {as_error} of {len(stars)} cells earn their stars; read as t values, {as_t} do."
        f" The paper calls them {words[said]}.",
    )
