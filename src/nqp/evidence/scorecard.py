"""How far the book is: printed numbers and their verdicts, by study, section and table."""

import pandas as pd

from nqp.evidence.verdicts import VERDICTS
from nqp.show.comparison import inside_share

NONE_YET = "none yet"
SHARE = "twin, not by design"


def scorecard(
    numbers: pd.DataFrame, ledger: pd.DataFrame, by: tuple[str, ...] = ("study", "chapter")
) -> pd.DataFrame:
    """Count printed numbers, as `all_published` returns them, each once by its strongest verdict in a ledger.

    Indexed by the columns `by` of `numbers`: ``printed`` (numbers), ``with verdict`` (numbers that have at least one),
    one column for each verdict that is the strongest of a number (same data, then proxy, then twin), ``none yet``, and
    as text how many numbers a twin was not built to give are inside, beside one with no planted effect.
    """
    keys = list(by)
    order = ledger["verdict"].map(VERDICTS.index)
    first = ledger.assign(order=order).sort_values("order", kind="stable").drop_duplicates(["study", "id"])
    judged = numbers.merge(first[["study", "id", "verdict"]], on=["study", "id"], how="left")
    judged = judged.fillna({"verdict": NONE_YET})
    total = judged.groupby(keys, sort=False).size()
    counts = judged.groupby([*keys, "verdict"]).size().unstack(fill_value=0).loc[total.index]
    counts = counts.reindex(columns=[*(one for one in VERDICTS if one in counts), NONE_YET], fill_value=0)
    counts.insert(0, "printed", total)
    counts.insert(1, "with verdict", total - counts[NONE_YET])
    met = ledger.merge(numbers[["study", "id", *[k for k in keys if k != "study"]]], on=["study", "id"])
    shares = {name: inside_share(rows) for name, rows in met.groupby(keys if len(keys) > 1 else keys[0])}
    return counts.assign(**{SHARE: [shares.get(name, "") for name in counts.index]})
