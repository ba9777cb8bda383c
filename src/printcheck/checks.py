"""What a check is: a pure function on printed numbers with its formula and source, and the result it returns."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TypeVar

CONSISTENT, INCONSISTENT = "consistent", "inconsistent"
CANNOT_TELL, MEASURED = "cannot tell", "measured"
VERDICTS = (CONSISTENT, INCONSISTENT, CANNOT_TELL, MEASURED)

# The kinds of check, in the order in which the audit lists them.
KINDS = {
    "stars": "Stars, coefficients and standard errors",
    "counts": "Counts, dummies and sample sizes",
    "sums": "Sums and their parts",
    "descriptives": "Descriptive statistics and weights",
    "timing": "Treatment timing and Goodman-Bacon weights",
    "fit": "R-squared, t values and additive outcomes",
    "groups": "Differences between groups",
    "instruments": "Instruments",
    "mediation": "Mediation",
    "spatial": "Spatial effects",
    "dynamic": "Dynamic GMM",
    "sensitivity": "Sensitivity to omitted variables",
    "distribution": "Distribution of t values, power and size",
    "repetition": "The same number printed twice",
}


@dataclass(frozen=True)
class Result:
    """What one check finds.

    Attributes
    ----------
    verdict : ``consistent``; ``inconsistent`` only where no rounding of any printed input makes the formula hold;
        ``cannot tell`` where the numbers, or what the paper states, leave both open; ``measured`` for a quantity with
        nothing to agree or disagree with
    implied : what the inputs imply, as short text such as ``2.31 to 2.36``
    printed : what stands printed for it; empty when the paper prints nothing to compare with
    sentence : one neutral sentence
    """

    verdict: str
    implied: str
    printed: str
    sentence: str

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ValueError(f"verdict {self.verdict!r} is not one of {', '.join(VERDICTS)}")


def verdict(holds: bool) -> str:
    """Return ``consistent`` or ``inconsistent``."""
    return CONSISTENT if holds else INCONSISTENT


Checked = TypeVar("Checked", bound=Callable[..., Result])


def check(kind: str, *, formula: str, reference: str, assumes: str = "") -> Callable[[Checked], Checked]:
    """Mark a pure function as a check.

    Parameters
    ----------
    kind : key of `KINDS`
    formula : the arithmetic, in plain text that reads in a terminal and on a page, such as ``z = a b / se(a b)``
    reference : source of the formula
    assumes : what must be true of the paper's computation for the formula to hold; empty for plain arithmetic

    Notes
    -----
    Where rounding leaves a denominator of the formula zero or of either sign, the check is ``cannot tell``.
    """
    if kind not in KINDS:
        raise ValueError(f"kind {kind!r} is not one of {', '.join(KINDS)}")

    def mark(function: Checked) -> Checked:
        @wraps(function)
        def put(*printed: object, **given: object) -> Result:
            try:
                return function(*printed, **given)
            except ZeroDivisionError:
                said = "Rounding leaves a denominator of the formula zero or of either sign: it says nothing here."
                return Result(CANNOT_TELL, "a denominator that may be zero", "", said)

        put.kind, put.formula, put.reference, put.assumes = kind, formula, reference, assumes
        return put

    return mark
