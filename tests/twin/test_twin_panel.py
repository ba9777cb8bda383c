"""Moments, sample, indicators, determinism, export."""

import numpy as np
import pandas as pd
import pytest
from linearmodels import PanelOLS

import nqp.twin
from nqp.evidence import published
from nqp.index import composite, entropy_weights, malmquist, min_max
from nqp.twin import assemble
from nqp.twin.covariates import to_moments
from nqp.twin.declared import TwinError
from nqp.twin.disaggregate import read_indicators

STUDY = "cluster_pilot"
PRINTED = published(STUDY)["value"]


@pytest.mark.parametrize(
    ("seed", "world"),
    [(0, "as_printed"), (7, "as_printed"), (2024, "as_printed"), (3, "exclusion_violated"),
     (4, "heterogeneous_effects"), (5, "valid_instruments")],
)  # fmt: skip
def test_printed_moments(seed, world):
    table = nqp.twin.moments(nqp.twin.generate(STUDY, seed, world=world))
    assert set(table["variable"]) == {
        "NQP",
        "STP",
        "GRP",
        "DAP",
        "INN",
        "EDU",
        "FIN",
        "URB",
        "ECO",
        "OPE",
        "MAR",
    }
    apart = table.set_index("stat")["relative"].abs()
    assert apart[["mean", "sd"]].max() < 0.01
    assert apart[["min", "max"]].max() < 0.02


def test_sample_and_treatment(twin):
    panel = twin.panel
    assert len(panel) == PRINTED["t3.c1.n"]
    assert panel["adcode"].nunique() == PRINTED["text.cities.n"]
    treated = panel.loc[panel["first_treated"] > 0].groupby("adcode")["first_treated"].first()
    assert treated.value_counts().to_dict() == {2013: 9, 2015: 19, 2018: 24}
    assert panel["INN"].eq((panel["first_treated"] > 0) & (panel["year"] >= panel["first_treated"])).all()
    above = panel["MAR"] > panel.groupby("year")["MAR"].transform("mean")
    assert above.eq(panel["MAR_high"] == 1).all()
    assert panel.sort_values(["adcode", "year"], ignore_index=True).equals(panel)
    assert panel[["adcode", "year"]].equals(twin.indicators[["adcode", "year"]])


# with indicators as typical as declared, no spread gives the weights to the noise of seed 201
@pytest.mark.parametrize("seed", [7, 201])
def test_entropy_weights_of_the_indicators_return_every_dimension(seed):
    twin = nqp.twin.generate(STUDY, seed)
    listed = read_indicators(twin.study)
    raw = twin.indicators.drop(columns=["adcode", "year"]).sample(frac=1, axis=1, random_state=1)
    scaled = min_max(raw, {k.name: k.direction for k in listed})
    weights = entropy_weights(scaled)
    assert composite(scaled, weights).sub(twin.panel["NQP"]).abs().max() < 1e-6
    for name in twin.study.dimensions:
        own = [k.name for k in listed if k.dimension == name]
        assert weights[own].sum() == pytest.approx(twin.weights[name], abs=1e-6)
        apart = composite(scaled[own], entropy_weights(scaled[own])) - twin.panel[name]
        assert apart.abs().max() < 1e-6
    counts = twin.indicators[["digital_firms", "smart_firms", "ecommerce_firms"]]
    assert (counts == counts.round()).all(axis=None)


def test_indicators_are_those_of_the_paper(twin):
    from nqp.data import read_table

    printed = read_table("papers/cluster_pilot/indicators.csv")
    spec = twin.study.declared.indicators
    assert sorted(k.printed_as for k in spec.values()) == sorted(printed["level3"])
    assert sum(k.direction == -1 for k in read_indicators(twin.study)) == printed["direction"].eq(-1).sum()


def test_malmquist_indicators_are_what_the_production_data_give(twin):
    made = twin.production.sort_values(["adcode", "year"])
    n = made["adcode"].nunique()
    arrays = {k: made[k].to_numpy().reshape(n, -1) for k in ("capital", "labour", "output")}
    technical, efficiency = malmquist(arrays)
    assert technical.ravel() == pytest.approx(twin.indicators["technical_change"].to_numpy(), abs=1e-12)
    assert efficiency.ravel() == pytest.approx(twin.indicators["efficiency_change"].to_numpy(), abs=1e-12)


def test_same_seed_same_bytes_and_another_seed_another_panel(twin, tmp_path):
    first = nqp.twin.export(STUDY, 7, "csv", tmp_path)
    bytes_ = first.read_bytes()
    assemble.setting_of.cache_clear()
    assemble.world_of.cache_clear()
    assert nqp.twin.export(STUDY, 7, "csv", tmp_path).read_bytes() == bytes_
    other = nqp.twin.generate(STUDY, 8)
    assert not other.panel["NQP"].equals(twin.panel["NQP"])
    assert other.panel["EDU"].equals(twin.panel["EDU"])
    assert other.truth.equals(twin.truth)


@pytest.fixture(scope="module")
def draws() -> pd.DataFrame:
    return nqp.twin.monte_carlo(STUDY, range(200))


def test_mean_over_200_seeds_is_the_printed_number(draws):
    """By chance alone one target in twenty lies outside two Monte-Carlo errors; none may be far outside."""
    z = draws["z"].abs()
    assert z.max() < 3
    assert (z <= 2).mean() >= 0.95
    assert (draws["sd"] > 0).all()


def test_spread_over_seeds_is_of_the_size_of_printed_standard_errors(draws):
    main = draws.filter(regex=r"t3\..*INN|t4\..*INN|t6\..*INN\.|t7\..*INN", axis=0)["sd"]
    errors = published(STUDY)["value"].reindex(main.index.str.replace(".coef", ".se"))
    assert (main / errors.to_numpy()).between(0.3, 1.2).all()


def test_draws_are_what_a_regression_on_a_generated_panel_gives(twin):
    single = nqp.twin.monte_carlo(STUDY, [7, 8])
    both = []
    for seed in (7, 8):
        panel = nqp.twin.generate(STUDY, seed).panel.set_index(["adcode", "year"])
        x = panel[["INN", *twin.study.paper.controls]]
        both.append(PanelOLS(panel["NQP"], x, entity_effects=True, time_effects=True).fit().params["INN"])
    assert single.loc["t3.c1.INN.coef", "mean"] == pytest.approx(np.mean(both), abs=1e-10)


def test_spatial_lag_model_finds_the_planted_dependence():
    """Table 8, contiguity: rho, estimated by maximum likelihood on three twins, is near the printed one."""
    from nqp.spatial import Weights, spatial_panel

    scaffold = assemble.setting_of(STUDY).scaffold
    w = Weights(scaffold.weights, tuple(scaffold.units["adcode"]), True, "contiguity")
    found = []
    for seed in range(3):
        panel = nqp.twin.generate(STUDY, seed).panel
        fit = spatial_panel(
            panel,
            "NQP",
            ["INN", "EDU", "FIN", "URB", "ECO", "OPE", "MAR"],
            w,
            unit="adcode",
            time="year",
            model="sar",
        )
        found.append(fit.params["rho"])
    assert np.mean(found) == pytest.approx(PRINTED["t8.c1.rho.rho"], abs=0.06)


def test_every_file_says_that_it_is_synthetic(tmp_path):
    path = nqp.twin.export(STUDY, 7, "csv", tmp_path)
    assert path.name == "cluster_pilot_as_printed_seed7_SYNTHETIC.csv"
    table = pd.read_csv(path)
    assert table["data_class"].eq("SYNTHETIC").all()
    twin = nqp.twin.generate(STUDY, 7)
    assert table["NQP"].equals(twin.panel["NQP"])
    assert {*twin.indicators, "capital", "labour", "output"} <= set(table)


def test_stata_file_carries_the_label(tmp_path):
    path = nqp.twin.export(STUDY, 7, "dta", tmp_path)
    again = path.read_bytes()
    with pd.read_stata(path, iterator=True) as reader:
        assert reader.data_label.startswith("SYNTHETIC")
        assert all(label.startswith("SYNTHETIC") for label in reader.variable_labels().values())
        assert reader.read()["data_class"].eq("SYNTHETIC").all()
    assert nqp.twin.export(STUDY, 7, "dta", tmp_path).read_bytes() == again


def test_parquet_file_carries_the_label(tmp_path):
    pq = pytest.importorskip("pyarrow.parquet")
    path = nqp.twin.export(STUDY, 7, "parquet", tmp_path, world="valid_instruments")
    assert pq.read_schema(path).metadata[b"data_class"] == b"SYNTHETIC"
    assert pd.read_parquet(path)["data_class"].eq("SYNTHETIC").all()


def test_refusals(tmp_path):
    with pytest.raises(TwinError, match="open_benchmark has no twin; papers with one: cluster_pilot"):
        nqp.twin.generate("open_benchmark", 1)
    with pytest.raises(TwinError, match="has no world 'flat'; it has as_printed, exclusion_violated"):
        nqp.twin.generate(STUDY, 1, world="flat")
    with pytest.raises(TwinError, match="seed must be 0 or more, not -1"):
        nqp.twin.generate(STUDY, -1)
    with pytest.raises(TwinError, match="unknown format 'xlsx'; use one of csv, dta, parquet"):
        nqp.twin.export(STUDY, 1, "xlsx", tmp_path)
    with pytest.raises(TwinError, match="there is no folder"):
        nqp.twin.export(STUDY, 1, "csv", tmp_path / "absent")


def test_a_map_to_moments_keeps_the_order_and_refuses_the_impossible():
    z = np.random.default_rng(1).standard_normal((30, 10))
    x = to_moments(z, {"mean": 2.0, "sd": 0.5, "min": 0.5, "max": 6.0}, "x")
    assert (np.argsort(x, axis=None) == np.argsort(z, axis=None)).all()
    with pytest.raises(TwinError, match="x: no monotone map reaches"):
        to_moments(z, {"mean": 2.0, "sd": 5.0, "min": 0.5, "max": 6.0}, "x")
