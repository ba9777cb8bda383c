"""How a replicated number compares with a printed one. Decided by print precision, never by eye."""

# Statistics for which `near` also admits a relative gap of 2 %: they move with the small-sample convention.
TEST_STATISTICS = frozenset({"se", "t", "z", "F", "LM"})

# on the same data, on a proxy, on a twin, on whatever there is
VERDICTS = (
    *("match", "near", "differs"),
    *("same sign, significant", "same sign", "opposite sign", "opposite sign, significant"),
    *("by design", "inside", "outside", "not compared"),
    "not checkable",
)

# of a difference, of what cannot be checked, and those that the ledger itself gives
REASONS = (
    *("small-sample correction", "unstated choice", "print error shown by audit", "data revised"),
    *("data precision", "neighbour list differs", "simulation noise", "software default", "unresolved"),
    *("needs licensed data", "figure without numbers"),
    *("parameter changed", "not calibrated", "drawn for the twin", "no printed error", "printed zero"),
    "proxy outcome",
)


def exact_verdict(value: float, target: float, decimals: int, stat: str = "coef") -> str:
    """Compare a replicated with a printed number, both from the same data.

    ``match`` when `value` rounds to the printed string (a tie may round either way); ``near`` when it has the printed
    sign and lies within two units of the last printed digit, or within 2 % for a standard error or test statistic; else
    ``differs``. A count (`stat` ``n``) is equal or it differs. A printed zero has no sign to contradict.
    """
    unit = 10.0**-decimals
    slack = 1e-9 * max(1.0, abs(target))
    gap = abs(value - target)
    if stat == "n":
        return "match" if gap <= slack else "differs"
    if gap <= 0.5 * unit + slack:
        return "match"
    close = gap <= 2 * unit + slack or (stat in TEST_STATISTICS and gap <= 0.02 * abs(target))
    return "near" if close and (target == 0 or value * target > 0) else "differs"


def twin_verdict(value: float, target: float, std_error: float) -> str:
    """Compare a printed coefficient or effect with one from a twin that was not built to give it.

    ``inside`` when `value` has the printed sign and lies within two printed standard errors, else ``outside``.
    """
    near = abs(value - target) <= 2 * std_error * (1 + 1e-9)
    return "inside" if near and value * target > 0 else "outside"


def sign_verdict(value: float, target: float, p_value: float) -> str:
    """Compare an estimate on proxy data with a printed one: by sign, and by its own significance at 5 %."""
    sign = "same sign" if value * target > 0 else "opposite sign"
    return f"{sign}, significant" if p_value < 0.05 else sign
