"""How a replicated number compares with a printed one. Decided by print precision, never by eye."""

import math

# Statistics for which `near` also admits a relative gap of 2 %: they move with the small-sample convention.
TEST_STATISTICS = frozenset({"se", "t", "z", "F", "LM", "p"})

# Statistics that a 95 % interval can be about; the interval beside a standard error or R2 is the coefficient's.
WITH_INTERVAL = frozenset({"coef", "rho", "weight", "share", "threshold", "other"})

SAME_DATA = ("match", "near", "differs")
TWIN = ("recovered", "missed")
PROXY = ("same sign, significant", "same sign", "opposite sign")
OPEN_ENDED = ("published later", "not checkable")
VERDICTS = (*SAME_DATA, *TWIN, *PROXY, *OPEN_ENDED)

REASONS = (
    "small-sample correction",
    "unstated choice",
    "print error shown by audit",
    "data revised",
    "data precision",
    "neighbour list differs",
    "simulation noise",
    "software default",
    "needs licensed data",
    "figure without numbers",
    "parameter changed",
    "not calibrated",
    "proxy outcome",
    "not yet explained",
)


def exact_verdict(value: float, target: float, decimals: int, stat: str = "coef") -> str:
    """Compare two numbers from the same data.

    Parameters
    ----------
    value : replicated number
    target : printed number
    decimals : digits printed after the point
    stat : kind of number; standard errors, test statistics and p values get the 2 % rule

    Returns
    -------
    str
        ``match`` when `value` rounds to the printed string (a tie may round either way), ``near`` when it lies
        within two units of the last printed digit, or within 2 % for a test statistic, else ``differs``.
    """
    unit = 10.0**-decimals
    slack = 1e-9 * max(1.0, abs(target))
    gap = abs(value - target)
    if gap <= 0.5 * unit + slack:
        return "match"
    if gap <= 2 * unit + slack or (stat in TEST_STATISTICS and gap <= 0.02 * abs(target)):
        return "near"
    return "differs"


def twin_verdict(
    value: float, target: float, stat: str = "coef", low: float = math.nan, high: float = math.nan
) -> str:
    """Compare a printed number with one estimated on a twin.

    Parameters
    ----------
    value : number from the twin
    target : printed number
    stat : kind of number
    low, high : ends of the estimate's 95 % interval, where the number has one

    Returns
    -------
    str
        ``recovered`` when the interval holds the printed number; for a number without interval (a standard error, R2,
        a moment, a test statistic) when it lies within 10 % of print, for a count when it is equal; else ``missed``.
    """
    if stat in WITH_INTERVAL and math.isfinite(low) and math.isfinite(high):
        return "recovered" if low <= target <= high else "missed"
    reach = 0.0 if stat == "n" else 0.1 * abs(target)
    return "recovered" if abs(value - target) <= reach + 1e-9 else "missed"


def sign_verdict(value: float, target: float, p_value: float) -> str:
    """Compare an estimate on proxy data with a printed one: by sign, and by significance at 5 %."""
    if (value > 0) != (target > 0):
        return "opposite sign"
    return "same sign, significant" if p_value < 0.05 else "same sign"
