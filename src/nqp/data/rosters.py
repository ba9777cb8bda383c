"""The cities of each city-level paper, and when a policy reached them, rebuilt from public facts alone."""

from dataclasses import dataclass

import pandas as pd

from nqp.data.studies import study as find_study
from nqp.data.tables import open_panel, roster_cities, roster_policies

MUNICIPALITIES = (110000, 120000, 310000, 500000)  # Beijing, Tianjin, Shanghai, Chongqing
LAIWU = 371200  # a city of its own until 2019, a part of Jinan since
SPARSE_PROVINCES = ("海南省", "青海省", "新疆维吾尔自治区", "西藏自治区")  # Hainan, Qinghai, Xinjiang, Tibet
WHOLE_UNITS = ("municipality", "prefecture-level city", "prefecture", "autonomous prefecture")


@dataclass(frozen=True)
class SampleRule:
    """How the cities of a paper are rebuilt.

    Attributes
    ----------
    study : slug
    rule : which cities `sample` returns, as a sentence
    exact : True when these are the paper's cities; False when they are candidates, of which the paper kept some
    gap : what the paper leaves open; empty when `exact`
    """

    study: str
    rule: str
    exact: bool
    gap: str = ""


@dataclass(frozen=True)
class TreatmentRule:
    """From which year a policy counts in a paper.

    Attributes
    ----------
    policy : name by which `first_treated` knows it
    roster : its name in ``data/rosters/policies.csv``; empty for an overlap
    rule : the timing rule, as a sentence
    batches : first treated year by official batch, which are the only batches of the paper; None takes the year
        of designation of every batch
    gap : what the paper leaves open; empty when it states all
    """

    policy: str
    roster: str
    rule: str
    batches: dict[int, int] | None = None
    gap: str = ""


_CANDIDATES = (
    "All municipalities and prefecture-level cities (names ending in 市) of the mainland; Laiwu, merged into"
    " Jinan in 2019, is counted with Jinan."
)

SAMPLES = {
    rule.study: rule
    for rule in (
        SampleRule("open_benchmark", "The cities of the paper's own open panel.", exact=True),
        SampleRule(
            "cluster_pilot",
            "All prefecture-level cities (names ending in 市) outside the four municipalities, Hainan, Qinghai,"
            " Xinjiang and Tibet; Laiwu, merged into Jinan in 2019, is counted with Jinan.",
            exact=True,
        ),
        SampleRule(
            "dual_pilot",
            _CANDIDATES,
            exact=False,
            gap="The paper drops cities with much missing data and does not list them; the four municipalities"
            " are in.",
        ),
        SampleRule(
            "digital_agglomeration",
            _CANDIDATES,
            exact=False,
            gap="The paper lists no cities and does not say whether the four municipalities are in.",
        ),
        SampleRule(
            "innovative_city",
            _CANDIDATES,
            exact=False,
            gap="The paper lists no cities and does not say whether the four municipalities are in.",
        ),
    )
}

_CLUSTER = "innovative_industrial_cluster"

TREATMENTS = {
    "open_benchmark": (
        TreatmentRule(_CLUSTER, _CLUSTER, "From the year of the city's designation (four batches)."),
    ),
    "cluster_pilot": (
        TreatmentRule(
            _CLUSTER,
            _CLUSTER,
            "Approval by July counts from that year, later approval from the next: the batches of June 2013, 2014"
            " and 2017 count from 2013, 2015 and 2018.",
            {1: 2013, 2: 2015, 3: 2018},
            "The paper prints the rule and the years of the batches, not the first treated years: these follow"
            " from its number of treated city-years.",
        ),
    ),
    "dual_pilot": (
        TreatmentRule(
            "broadband_china", "broadband_china", "From the year of selection: 2014, 2015 and 2016 by batch."
        ),
        TreatmentRule(
            _CLUSTER,
            _CLUSTER,
            "From the year of the batch as the paper dates it: 2013, 2015 and 2017.",
            {1: 2013, 2: 2015, 3: 2017},
            "The paper dates the second batch 2015; the roster has it announced in 2014.",
        ),
        TreatmentRule("overlap", "", "Cities in both programmes, from the later of the two years."),
    ),
    "innovative_city": (
        TreatmentRule(
            "innovative_city",
            "innovative_city",
            "From the year of designation as the roster has it, 2008 to 2022.",
            gap="The paper prints no batch years, and many years of the roster rest on memory or on the coding of"
            " another paper; the roster marks each entry.",
        ),
    ),
}


def sample_rule(study: str) -> SampleRule:
    """Return how the cities of a city-level study are rebuilt, and whether they are exactly the paper's.

    Raises
    ------
    ValueError
        For a study that is unknown or not of cities, with those that are known.
    """
    if find_study(study).slug not in SAMPLES:
        raise ValueError(f"{study} is no study of cities; rosters are rebuilt for {', '.join(SAMPLES)}")
    return SAMPLES[study]


def sample(study: str) -> pd.DataFrame:
    """Return the cities of a city-level study as public facts rebuild them.

    Where ``sample_rule(study).exact`` is False these are candidates: every city that the paper may have kept.

    Parameters
    ----------
    study : slug, such as ``cluster_pilot``

    Returns
    -------
    DataFrame
        Columns of `nqp.data.roster_cities`, one row a city, sorted by ``adcode``.

    Raises
    ------
    ValueError
        As `sample_rule`.
    """
    sample_rule(study)
    cities = roster_cities().sort_values("adcode", ignore_index=True)
    if study == "open_benchmark":
        kept = cities["adcode"].isin(open_panel()["id"])
    else:
        kept = cities["name_zh"].str.endswith("市") & cities["adcode"].ne(LAIWU)
    if study == "cluster_pilot":
        kept &= ~cities["adcode"].isin(MUNICIPALITIES) & ~cities["province_zh"].isin(SPARSE_PROVINCES)
    return cities[kept].reset_index(drop=True)


def treatment_rules(study: str) -> dict[str, TreatmentRule]:
    """Return the policies of a city-level study with their timing rules, by name; none for a study without.

    Raises
    ------
    ValueError
        As `sample_rule`.
    """
    return {rule.policy: rule for rule in TREATMENTS.get(sample_rule(study).study, ())}


def first_treated(study: str, policy: str, *, districts: bool = False) -> pd.Series:
    """Return the first treated year of the cities of a study's `sample` that a policy reached.

    A city counts as treated when the whole prefecture-level unit was designated. A municipal district or a
    county-level city that was designated alone treats nobody, unless `districts` is True: then it treats the
    whole unit it lies in.

    Parameters
    ----------
    study : slug, such as ``dual_pilot``
    policy : one of ``treatment_rules(study)``
    districts : let a part treat the whole

    Returns
    -------
    Series
        First treated year (int) by ``adcode``, sorted, named `policy`; never-treated cities are absent.

    Raises
    ------
    ValueError
        As `sample_rule`; for a policy that the study does not have, with those it has.
    """
    rules = treatment_rules(study)
    if policy not in rules:
        known = ", ".join(rules) or "none: its explanatory variable is no policy"
        raise ValueError(f"{study} has no policy {policy!r}; it has {known}")
    if policy == "overlap":
        parts = [first_treated(study, name, districts=districts) for name in rules if name != "overlap"]
        return pd.concat(parts, axis=1, join="inner").max(axis=1).sort_index().rename(policy)
    years = _years(rules[policy], districts)
    return years[years.index.isin(sample(study)["adcode"])]


def _years(rule: TreatmentRule, districts: bool) -> pd.Series:
    """Return the first treated year by adcode over the whole mainland."""
    rows = roster_policies()
    rows = rows[rows["policy"].eq(rule.roster) & rows["adcode"].notna()]
    if not districts:
        rows = rows[rows["entity_type"].isin(WHOLE_UNITS)]
    if rule.batches is None:
        year = rows["year"]
    else:
        rows = rows[rows["batch"].isin(rule.batches)]
        year = rows["batch"].map(rule.batches)
    return year.groupby(rows["adcode"].astype(int)).min().astype(int).rename(rule.policy)
