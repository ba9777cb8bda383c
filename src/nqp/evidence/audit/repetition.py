"""The same number printed in two places."""

from collections.abc import Sequence

from nqp.evidence.audit.checks import CANNOT_TELL, CONSISTENT, Result, check, verdict
from nqp.evidence.audit.intervals import Interval, as_printed


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


@check("repetition", formula="a printed bound holds for a printed value", reference="comparison")
def below(value: Interval, bound: Interval) -> Result:
    """Say whether a value that the text calls smaller than a bound can be so."""
    return Result(
        verdict(value.low < bound.high or value.low <= bound.low),
        as_printed(value),
        f"below {as_printed(bound)}",
        f"The text says below {as_printed(bound)}; the table prints {as_printed(value)}.",
    )


@check(
    "repetition",
    formula="two columns on different observations with equal coefficients, t values and R2",
    reference="comparison of the printed strings",
    assumes="",
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
