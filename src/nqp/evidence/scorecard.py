"""How far the book is: printed numbers and their verdicts, by study, section and table."""

import pandas as pd

from nqp.evidence.verdicts import VERDICTS
from nqp.show.comparison import inside_share

NONE_YET = "none yet"
SHARE = "twin, not by design"


def scorecard(
    numbers: pd.DataFrame, ledger: pd.DataFrame, by: tuple[str, ...] = ("study", "chapter")
) -> pd.DataFrame:
    """Count printed numbers, as `all_published` returns them, and their verdicts in a collected ledger.

    Returns
    -------
    DataFrame
        Indexed by the columns `by` of `numbers`: ``printed`` (numbers), ``with verdict`` (numbers that have at least
        one), one column for each verdict that occurs (a number met by two kinds of evidence counts in two), ``none
        yet``, and as text how many numbers a twin was not built to give are inside, beside one with no planted effect.
    """
    keys = list(by)
    met = ledger.merge(numbers[["study", "id", *[k for k in keys if k != "study"]]], on=["study", "id"])
    total = numbers.groupby(keys, sort=False).size().rename("printed")
    with_verdict = met.drop_duplicates(["study", "id"]).groupby(keys).size().rename("with verdict")
    card = pd.concat([total, with_verdict], axis=1).fillna(0)
    for verdict in (one for one in VERDICTS if one in set(met["verdict"])):
        card[verdict] = met[met["verdict"] == verdict].groupby(keys).size()
    card[NONE_YET] = card["printed"] - card["with verdict"]
    card = card.fillna(0).astype(int).loc[total.index]
    place = keys if len(keys) > 1 else keys[0]
    shares = {name: inside_share(rows) for name, rows in met.groupby(place)}
    return card.assign(**{SHARE: [shares.get(name, "") for name in card.index]})
