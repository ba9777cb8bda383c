"""What a ledger holds: entries, and the estimates behind them as they are read off a fitted model."""

import math
from dataclasses import dataclass

import pandas as pd

from nqp.papers import suggest

LEDGER_KEY = "nqp_ledger"
EVIDENCE = ("printed", "open", "twin", "licensed")
COEFFICIENT_STATS = {
    "coef": "estimate",
    "se": "std_error",
    "t": "statistic",
    "z": "statistic",
    "p": "p_value",
    "ci_low": "conf_low",
    "ci_high": "conf_high",
}
MODEL_STATS = ("n", "r2", "r2_adj", "r2_within")


class LedgerError(Exception):
    """A record that the ledger cannot take, or a chapter that leaves a published number without verdict."""


@dataclass(frozen=True)
class Entry:
    """One row of the ledger: a published number met by one kind of evidence.

    `target` says whether a twin was built to give it, `null` the verdict from a twin with no planted effect.
    """

    study: str
    section: str
    id: str
    evidence: str
    published: str
    replicated: float
    verdict: str
    reason: str = ""
    target: str = ""
    engine: str = ""
    null: str = ""


@dataclass(frozen=True)
class Estimate:
    """A replicated number and what is needed to judge it; `null` is the same on a twin with no planted effect."""

    value: float
    p_value: float = math.nan
    engine: str = ""
    null: float = math.nan


def read_estimate(frame: pd.DataFrame, term: str, stat: str, number: str) -> Estimate:
    """Read one number, to be recorded under an id, off what `tidy` returned."""
    if stat in MODEL_STATS:
        return Estimate(float(frame[stat].iloc[0]), engine=str(frame["engine"].iloc[0]))
    rows = frame.set_index("term")
    if term not in rows.index:
        raise LedgerError(
            f"{number}: the fitted model has no term {term!r}{suggest(term, rows.index)};"
            f" it has {', '.join(map(str, rows.index))}. Pass names={{printed term: fitted term}}"
        )
    if stat not in COEFFICIENT_STATS:
        raise LedgerError(f"{number}: no rule reads the statistic {stat!r} off a model; use record_value()")
    found = rows.loc[term]
    return Estimate(float(found[COEFFICIENT_STATS[stat]]), float(found["p_value"]), str(found["engine"]))
