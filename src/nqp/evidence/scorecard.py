"""How far the book is: printed numbers and their verdicts, by study, section and table."""

import pandas as pd

from nqp.evidence.verdicts import VERDICTS

NONE_YET = "none yet"
TARGET = " (target)"


def scorecard(
    numbers: pd.DataFrame, ledger: pd.DataFrame, by: tuple[str, ...] = ("study", "chapter")
) -> pd.DataFrame:
    """Count printed numbers and verdicts.

    Parameters
    ----------
    numbers : every printed number, as `nqp.evidence.published.all_published` returns them
    ledger : the collected ledger, one row a number and kind of evidence
    by : columns of `numbers` to count by, such as ``("study", "chapter", "table")``

    Returns
    -------
    DataFrame
        Indexed by `by`: ``printed`` (numbers), ``with verdict`` (numbers that have at least one), one column for
        each verdict that occurs (a number met by two kinds of evidence counts in two), and ``none yet``. Verdicts on
        numbers that a twin was calibrated on have columns of their own, such as ``recovered (target)``.
    """
    keys = list(by)
    met = ledger.merge(
        numbers[["study", "id", *[k for k in keys if k != "study"]]],
        on=["study", "id"],  # ids whose print is entered later count nowhere
    )
    total = numbers.groupby(keys, sort=False).size().rename("printed")
    with_verdict = met.drop_duplicates(["study", "id"]).groupby(keys).size().rename("with verdict")
    card = pd.concat([total, with_verdict], axis=1).fillna(0)
    calibrated = met["target"] == "yes"
    shown = met["verdict"].where(~calibrated, met["verdict"] + TARGET)
    for verdict in (v + kind for v in VERDICTS for kind in ("", TARGET)):
        counted = met[shown == verdict].groupby(keys).size()
        if len(counted):
            card[verdict] = counted
    card[NONE_YET] = card["printed"] - card["with verdict"]
    return card.fillna(0).astype(int).loc[total.index]
