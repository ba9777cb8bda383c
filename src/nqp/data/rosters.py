"""The cities or provinces of each paper, and when a policy reached them, rebuilt from public facts alone."""

import pandas as pd

from nqp.data.provinces import roster_provinces
from nqp.data.tables import read_table, roster_cities, roster_policies
from nqp.papers import Policy, paper, papers

WHOLE_UNITS = ("municipality", "prefecture-level city", "prefecture", "autonomous prefecture")


def sample(slug: str) -> pd.DataFrame:
    """Return the cities or provinces of a paper, such as ``cluster_pilot``, as public facts rebuild them.

    Where ``paper(slug).sample.exact`` is False these are candidates: every city that the paper may have kept. Rows of
    `nqp.data.roster_cities` or provinces, sorted by ``adcode``; a ValueError refuses a paper unknown or without sample.
    """
    rule = paper(slug).sample
    if rule is None:
        known = ", ".join(one.slug for one in papers().values() if one.sample)
        raise ValueError(f"{slug} declares no sample; rosters are rebuilt for {known}")
    units = roster_provinces() if paper(slug).unit == "province" else roster_cities()
    cities = units.sort_values("adcode", ignore_index=True)
    kept = cities["name_zh"].str.endswith(rule.names_end_in)
    kept &= ~cities["adcode"].isin(rule.without) & ~cities["province_zh"].isin(rule.without_provinces)
    if rule.panel:
        kept &= cities["adcode"].isin(read_table(rule.panel)["id"])
    return cities[kept].reset_index(drop=True)


def first_treated(slug: str, policy: str, *, districts: bool = False) -> pd.Series:
    """Return the first treated year of the cities of a paper's `sample` that a policy reached.

    Year (int) by ``adcode``, sorted, named `policy`; never-treated cities are absent. A city counts as treated when the
    whole prefecture-level unit was designated. A municipal district or a county-level city that was designated alone
    treats nobody, unless `districts` is True: then it treats the whole unit it lies in. A ValueError refuses papers as
    `sample` does, and a policy that is none of ``paper(slug).policies``.
    """
    cities = sample(slug)["adcode"]
    rules = paper(slug).policies
    if policy not in rules:
        known = ", ".join(rules) or "none: its explanatory variable is no policy"
        raise ValueError(f"{slug} has no policy {policy!r}; it has {known}")
    if parts := rules[policy].all_of:
        starts = [first_treated(slug, name, districts=districts) for name in parts]
        return pd.concat(starts, axis=1, join="inner").max(axis=1).sort_index().rename(policy)
    years = designated(rules[policy], districts=districts)
    return years[years.index.isin(cities)]


def designated(rule: Policy, *, districts: bool = False) -> pd.Series:
    """Return the first treated year by adcode over the whole mainland."""
    rows = roster_policies()
    rows = rows[rows["policy"].eq(rule.name) & rows["adcode"].notna()]
    if not districts:
        rows = rows[rows["entity_type"].isin(WHOLE_UNITS)]
    year = rows["year"]
    if rule.batches:
        rows = rows[rows["batch"].isin(rule.batches)]
        year = rows["batch"].map(rule.batches)
    return year.groupby(rows["adcode"].astype(int)).min().astype(int).rename(rule.name)
