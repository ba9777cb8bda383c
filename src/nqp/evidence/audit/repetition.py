"""The same number printed in two places."""

from collections.abc import Sequence

from nqp.evidence.audit.checks import Result, check, verdict
from nqp.evidence.audit.intervals import Interval, span


@check("repetition", formula="two prints of one number have a value in common", reference="rounding")
def printed_twice(first: Interval, second: Interval, *, scale: float = 1.0) -> Result:
    """Compare two prints of one number; `scale` turns the first into the unit of the second (100 for percent)."""
    here = first * scale
    return Result(
        verdict(here.meets(second)),
        span(here),
        span(second),
        f"One place prints {span(here)}, the other {span(second)}.",
    )


@check("repetition", formula="a printed bound holds for a printed value", reference="comparison")
def below(value: Interval, bound: Interval) -> Result:
    """Say whether a value that the text calls smaller than a bound can be so."""
    return Result(
        verdict(value.low < bound.high or value.low <= bound.low),
        span(value),
        f"below {span(bound)}",
        f"The text says below {span(bound)}; the table prints {span(value)}.",
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
    """Compare two columns that are said to come from different observations cell by cell."""
    same = sum(a == b for a, b in zip(first, second, strict=True))
    different_rows = n_first != n_second
    return Result(
        verdict(not (different_rows and same == len(first))),
        f"{len(first)} numbers from {n_first} and {n_second} observations",
        f"{same} of {len(first)} equal to the last digit",
        f"{same} of {len(first)} printed numbers of the two columns are equal to the last digit, with {n_first} and"
        f" {n_second} observations.",
    )
