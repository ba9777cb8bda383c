"""How a replicated number compares with a printed one. Decided by print precision, never by eye."""

# Statistics for which `near` also admits a relative gap of 2 %: they move with the small-sample convention.
TEST_STATISTICS = frozenset({"se", "t", "z", "F", "LM", "p"})

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


def interval_verdict(target: float, low: float, high: float) -> str:
    """Say whether a printed number lies in a replicate's 95 % interval: ``recovered`` or ``missed``."""
    return "recovered" if low <= target <= high else "missed"


def sign_verdict(value: float, target: float, p_value: float) -> str:
    """Compare an estimate on proxy data with a printed one: by sign, and by significance at 5 %."""
    if (value > 0) != (target > 0):
        return "opposite sign"
    return "same sign, significant" if p_value < 0.05 else "same sign"
