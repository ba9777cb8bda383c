"""The same number printed in two places, and bounds that the text states for a number of a table."""

from collections.abc import Sequence
from typing import Literal

from printcheck.checks import CANNOT_TELL, CONSISTENT, INCONSISTENT, Result, check, verdict
from printcheck.intervals import Interval, as_printed


@check("repetition", formula="two prints of one number have a value in common", reference="rounding")
def printed_twice(first: Interval, second: Interval, *, scale: float = 1.0) -> Result:
    """Compare two prints of one number; `scale` turns the first into the unit of the second (100 for percent)."""
    here = first * scale
    unit = "" if scale == 1 else f" (after times {scale:g})"
    return Result(
        verdict(here.meets(second)),
        as_printed(here),
        as_printed(second),
        f"One place prints {as_printed(here)}{unit}, the other {as_printed(second)}.",
    )


@check("repetition", formula="value < bound, or value > bound, as the paper states", reference="comparison")
def stated_bound(value: Interval, bound: Interval, *, side: Literal["below", "above"]) -> Result:
    """Compare a printed value with a bound on whose side the paper says it lies; the bound is taken as exact."""
    level = bound.middle
    holds = value.high < level if side == "below" else value.low > level
    fails = value.low > level if side == "below" else value.high < level
    return Result(
        CONSISTENT if holds else INCONSISTENT if fails else CANNOT_TELL,
        f"{side} {level:g}",
        as_printed(value),
        f"The paper says {side} {level:g}; {as_printed(value)} {'is' if holds else 'is not surely'} {side} it.",
    )


@check(
    "repetition",
    formula="two columns on different observations with equal coefficients, t values and R2",
    reference="comparison of the printed strings",
)
def identical_columns(
    first: Sequence[Interval], second: Sequence[Interval], *, n_first: int, n_second: int
) -> Result:
    """Compare two columns that are said to come from different observations cell by cell.

    Equal digits are ``cannot tell``: other observations may round to the same numbers.
    """
    same = sum(a == b for a, b in zip(first, second, strict=True))
    different_rows = n_first != n_second
    return Result(
        CANNOT_TELL if different_rows and same == len(first) else CONSISTENT,
        f"{len(first)} numbers from {n_first} and {n_second} observations",
        f"{same} of {len(first)} equal to the last digit",
        f"{same} of {len(first)} printed numbers of the two columns are equal to the last digit, with {n_first} and"
        f" {n_second} observations.",
    )


@check("repetition", formula="two places of the text say the same of one fact", reference="comparison")
def said_twice(*, first: str, second: str, of: str) -> Result:
    """Compare what two places of a text say `of` one fact, each put into the same few words."""
    return Result(
        verdict(first == second), first, second, f"Of {of}, one place says: {first}; another says: {second}."
    )
