"""Numbers that were computed before their print was known: how often the first attempt met print."""

import pandas as pd

from nqp.evidence.published import published
from nqp.evidence.verdicts import exact_verdict
from nqp.manifest import path_of
from nqp.papers import papers


def blind(*slugs: str) -> pd.DataFrame:
    """Judge every first attempt by the rule for the same data: ``study, id, table, column, value, printed, verdict``.

    Of all papers that have such numbers, unless `slugs` name some. The values stand in ``blind.csv`` beside a paper's
    printed numbers; the ledger has what chapters compute now.
    """
    found = slugs or [slug for slug, one in papers().items() if "blind.csv" in one.files]
    frames = [_judged(slug) for slug in found]
    return pd.concat(frames, ignore_index=True)


def _judged(slug: str) -> pd.DataFrame:
    values = pd.read_csv(path_of(f"papers/{slug}/blind.csv")).set_index("id")["value"]
    printed = published(slug).loc[values.index]
    pairs = zip(values, printed["value"], printed["decimals"], printed["stat"], strict=True)
    frame = printed[["table", "column", "printed"]].assign(study=slug, value=values)
    return frame.assign(verdict=[exact_verdict(*pair) for pair in pairs]).reset_index()
