"""The table of worlds: complete, as computed now, summed up rightly; what is stale is named and made again."""

import shutil
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from nqp import reads
from nqp.book import worlds
from nqp.evidence.published import published

ESTIMATORS = [
    "two-way effects",
    "random assignment",
    "early years, F",
    "Callaway-Sant'Anna",
    "Durbin, theta",
    "Durbin, indirect",
    "Durbin, total",
]
PAPER = "cluster_pilot"


@pytest.fixture
def rows(root) -> pd.DataFrame:
    return pd.read_csv(root / "data" / worlds.TABLE)


@pytest.fixture
def copy(tmp_path, root, monkeypatch) -> Path:
    """A checkout of what the rows rest on."""
    for name in ("data", "src/nqp"):
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("raw", "__pycache__"))
    shutil.copy(root / "_toc.yml", tmp_path)
    monkeypatch.setenv("NQP_ROOT", str(tmp_path))
    monkeypatch.setattr(reads, "code_dir", lambda: tmp_path / "src")
    (tmp_path / "data" / worlds.BASES).write_text(f"{PAPER}: {worlds.basis_of(worlds._rests_on(PAPER))}\n")
    return tmp_path


def shares(estimator: str) -> pd.Series:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return worlds.worlds_table(PAPER, [estimator]).loc[(estimator, "share rejected")]


def test_every_world_and_seed_has_every_estimator_once(rows):
    counted = rows.groupby("estimator").size()
    assert counted.index.tolist() == sorted(ESTIMATORS)
    assert (counted == len(worlds.WORLDS) * len(worlds.SEEDS)).all()
    assert not rows.duplicated(worlds.KEY).any()
    assert rows["p"].between(0, 1).all()
    assert rows["std_error"].isna().equals(rows["estimator"] == "early years, F")


def test_a_committed_seed_is_what_is_computed_now(rows):
    made = pd.DataFrame(worlds._report(PAPER, "spillover", 3), columns=[*worlds.KEY, *worlds.REPORTED])
    kept = rows[(rows["world"] == "spillover") & (rows["seed"] == 3)]
    assert made["estimator"].tolist() == kept["estimator"].tolist() == ESTIMATORS
    gap = made[[*worlds.REPORTED]].to_numpy() - kept[[*worlds.REPORTED]].to_numpy()
    assert np.nanmax(np.abs(gap)) < 1e-6


def test_a_trend_alone_returns_print_and_only_the_early_years_see_it(rows):
    printed = published(PAPER)["value"]["t3.c1.INN.coef"]
    trend = rows[(rows["world"] == "trend_only") & (rows["estimator"] == "two-way effects")]["estimate"]
    assert abs(trend.mean() - printed) < 3 * trend.std() / np.sqrt(len(trend))
    for estimator in ("two-way effects", "random assignment", "Callaway-Sant'Anna"):
        assert shares(estimator)["trend_only"] > 0.95
    early = shares("early years, F")
    assert early["trend_only"] > 0.95 > 0.3 > early["no_effect"]


def test_theta_rejects_without_spillovers_where_there_is_a_trend_and_the_indirect_effect_does_not():
    theta, indirect = shares("Durbin, theta"), shares("Durbin, indirect")
    noise = 3 * np.sqrt(0.05 * 0.95 / len(worlds.SEEDS))
    assert theta["trend_only"] > 0.2
    for share in (theta["no_effect"], indirect["no_effect"], indirect["trend_only"]):
        assert abs(share - 0.05) < noise


def test_measures_are_those_of_the_rows(copy):
    made = [(PAPER, "w", seed, "one", b, 0.5, p) for seed, (b, p) in enumerate([(1.0, 0.01), (2.0, 0.2)])]
    made += [(PAPER, "v", seed, "one", 4.0, 0.5, 0.04) for seed in range(2)]
    frame = pd.DataFrame(made, columns=[*worlds.KEY, *worlds.REPORTED])
    frame.to_csv(copy / "data" / worlds.TABLE, index=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = worlds.worlds_table(PAPER, ["one"])
    assert found.columns.tolist() == ["w", "v"]
    assert found.loc["one", "w"].tolist() == pytest.approx([1.5, np.sqrt(0.5), 0.5, 0.5, np.sqrt(0.125)])
    assert found.loc["one", "v"].tolist() == pytest.approx([4, 0, 0.5, 1, 0])
    with pytest.raises(KeyError, match="two"):
        worlds.worlds_table(PAPER, ["two"])


def test_a_stale_file_is_named_where_it_is_shown_and_made_again(copy, rows, monkeypatch):
    assert worlds.stale() == []
    code = copy / "src" / "nqp" / "panel" / "small_sample.py"
    code.write_text(code.read_text() + "\n# changed\n")
    [said] = worlds.stale()
    assert said.startswith("data/reference/worlds.csv is stale for cluster_pilot: code or data")
    with pytest.warns(UserWarning, match=r"worlds\.csv is stale for cluster_pilot"):
        worlds.worlds_table(PAPER, ["two-way effects"])
    monkeypatch.setattr(worlds, "simulate", lambda slugs, seeds, _: rows[rows["seed"].isin(seeds[:5])])
    worlds.update()
    assert worlds.stale() == []
    assert pd.read_csv(copy / "data" / worlds.TABLE)["seed"].max() == 4
    monkeypatch.setattr(worlds, "simulate", None)
    worlds.update()  # nothing is stale: nothing is computed


def test_a_row_that_comes_out_otherwise_is_named(copy, rows, monkeypatch):
    now = rows[rows["seed"].isin(worlds.AGAIN)].copy()
    monkeypatch.setattr(worlds, "simulate", lambda *_: now)
    assert worlds.changed() == []
    now.iloc[0, now.columns.get_loc("estimate")] += 1
    [said] = worlds.changed()
    assert said.startswith("['cluster_pilot', 'as_printed', 0, 'two-way effects']: estimate was")


def test_bases_name_papers_with_worlds(root):
    assert list(yaml.safe_load((root / "data" / worlds.BASES).read_text())) == [PAPER]
