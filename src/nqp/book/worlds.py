"""What estimators report in worlds whose truth is known: computed in minutes, committed, summed up over seeds."""

import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from nqp.evidence.differences import differences
from nqp.papers import paper, read_yaml
from nqp.paths import data_dir, root, write_whole
from nqp.reads import basis_of, note

TABLE, BASES = "reference/worlds.csv", "reference/worlds.yml"
KEY, REPORTED = ["paper", "world", "seed", "estimator"], ("estimate", "std_error", "p")
CODE = ("book/worlds.py", "panel/*.py", "twin/*.py", "baseline/*.py", "robustness/*.py", "spatial/*.py")
DATA = ("rosters/*.csv", "geography/contiguity.csv", "papers/{}/*.yml", "papers/{}/published.csv")
WORLDS = ("as_printed", "no_effect", "trend_only", "spillover")
SEEDS, AGAIN = range(200), range(2)  # those committed, and those that `changed` computes again
MEASURES = ["mean", "sd over seeds", "mean error", "share rejected", "its Monte Carlo error"]


def worlds_table(slug: str, estimators: Sequence[str]) -> pd.DataFrame:
    """Sum up over seeds what estimators report in each world of a paper's twin. SYNTHETIC; stale rows bring a warning.

    A column a world; a row an estimator and measure: mean estimate, its sd over seeds, mean reported error (none for
    some tests), share of seeds with p below 0.05, Monte Carlo error of this share. A KeyError names an unknown one.
    """
    note(data_dir() / TABLE, data_dir() / BASES, *_rests_on(slug))
    for sentence in stale():
        warnings.warn(sentence, stacklevel=2)
    rows = pd.read_csv(data_dir() / TABLE).query("paper == @slug").groupby("estimator")
    return pd.concat({name: _measures(rows.get_group(name)) for name in estimators})


def _measures(rows: pd.DataFrame) -> pd.DataFrame:
    parts = rows.assign(rejected=rows["p"] < 0.05).groupby("world", sort=False)
    rejected = parts["rejected"].mean()
    noise = np.sqrt(rejected * (1 - rejected) / parts.size())
    columns = [parts["estimate"].mean(), parts["estimate"].std(), parts["std_error"].mean(), rejected, noise]
    return pd.DataFrame(columns, index=MEASURES)


def stale() -> list[str]:
    """Say of each paper's rows that were computed before something changed that they rest on."""
    said = f"data/{TABLE} is stale for {{}}: code or data changed; `nqp verify --update` makes it again"
    kept = read_yaml(data_dir() / BASES)
    return [said.format(slug) for slug in kept if kept[slug] != basis_of(_rests_on(slug))]


def _rests_on(slug: str) -> list[Path]:
    code = [path for pattern in CODE for path in (root() / "src" / "nqp").glob(pattern)]
    return code + [path for pattern in DATA for path in data_dir().glob(pattern.format(slug))]


def changed(jobs: int | None = None) -> list[str]:
    """Say which committed rows are stale, and name each of a few seeds that comes out otherwise."""
    old, gone = pd.read_csv(data_dir() / TABLE), ("no longer computed", f"not in data/{TABLE}")
    old, new = old[old["seed"].isin(AGAIN)], simulate(read_yaml(data_dir() / BASES), AGAIN, jobs)
    return stale() + differences(old, new, KEY, REPORTED, lambda row: f"{[row[k] for k in KEY]}", gone)


def update(jobs: int | None = None) -> None:
    """Where rows are stale, compute all again and write them with the hashes of what they rest on."""
    if stale():
        rows = simulate(slugs := list(read_yaml(data_dir() / BASES)), SEEDS, jobs)
        write_whole(data_dir() / TABLE, rows.to_csv(index=False, lineterminator="\n", float_format="%.7g"))
        write_whole(data_dir() / BASES, yaml.safe_dump({slug: basis_of(_rests_on(slug)) for slug in slugs}))


def simulate(slugs: Iterable[str], seeds: Iterable[int], jobs: int | None = None) -> pd.DataFrame:
    """Return a row a paper, world, seed and estimator, as committed; twins run in parallel with a progress bar."""
    calls = [delayed(_report)(slug, world, seed) for slug in slugs for world in WORLDS for seed in seeds]
    bar = tqdm(Parallel(n_jobs=jobs or -1, return_as="generator")(calls), total=len(calls), desc="worlds")
    return pd.DataFrame([row for rows in bar for row in rows], columns=[*KEY, *REPORTED])


@threadpool_limits.wrap(limits=1)  # sums in another order would change the last bits
def _report(slug: str, world: str, seed: int) -> list[tuple]:
    """Return what each estimator reports on one twin: errors are by unit, neighbours those of the map."""
    import pyfixest as pf
    from diff_diff import CallawaySantAnna

    from nqp.baseline.event_study import early_test, event_dummies
    from nqp.panel import two_way
    from nqp.robustness import placebo
    from nqp.spatial import Weights, spatial_effects, spatial_panel
    from nqp.twin.assemble import generate, setting_of

    study, scaffold, found = paper(slug), setting_of(slug).scaffold, {}
    panel = generate(slug, seed, world=world, indicators=False).panel
    keys, y, treatment = {"unit": "adcode", "time": "year"}, study.outcome, study.treatments[0]
    right, numbers = [treatment, *study.controls], ["estimate", "std_error", "p_value"]
    found["two-way effects"] = two_way(panel, y, right, **keys).loc[0, numbers]
    drawn = placebo(panel, y, treatment, study.controls, **keys, draws=999, seed=seed)
    found["random assignment"] = drawn.coefficient, drawn.draws["coefficient"].std(), drawn.p_value
    since = (panel["year"] - panel["first_treated"]).where(panel["first_treated"] > 0)
    dummies = event_dummies(since, window=int(-since.min()))
    formula = f"{y} ~ {' + '.join([*dummies, *study.controls])} | adcode + year"
    fit = pf.feols(formula, panel.join(dummies), vcov={"CRV1": "adcode"})
    joint, p_value = early_test(fit, clusters=len(scaffold.units))
    found["early years, F"] = joint, np.nan, p_value
    estimator = CallawaySantAnna(control_group="not_yet_treated", base_period="universal", cluster="adcode")
    average = estimator.fit(panel, outcome=y, first_treat="first_treated", **keys)
    found["Callaway-Sant'Anna"] = average.overall_att, average.overall_se, average.overall_p_value
    weights = Weights(scaffold.weights, tuple(scaffold.units["adcode"]), True, "contiguity")
    durbin = spatial_panel(panel, y, right, weights, **keys, lee_yu=True, vcov="cluster")
    found["Durbin, theta"] = durbin.table.set_index("term").loc[f"W*{treatment}", numbers]
    effects = spatial_effects(durbin, method="delta").query("term == @treatment").set_index("effect")
    found |= {f"Durbin, {kind}": effects.loc[kind, numbers] for kind in ("indirect", "total")}
    return [(slug, world, seed, name, *map(float, row)) for name, row in found.items()]
