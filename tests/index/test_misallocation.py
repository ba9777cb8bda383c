"""Misallocation by hand and on planted distortions; capital stocks on paths whose stock is known."""

import numpy as np
import pandas as pd
import pytest

from nqp.index import misallocation, perpetual_inventory
from nqp.panel import PanelError

COLUMNS = ("output", "capital", "labour")


def two_regions(**changed) -> pd.DataFrame:
    rows = {"year": [1, 1], "output": [60.0, 40.0], "capital": [50.0, 50.0], "labour": [30.0, 70.0]}
    return pd.DataFrame(rows | changed)


def test_two_regions_by_hand():
    """Equation 6 with paper and pencil: s = .6, .4; beta_K = .6 x .5 + .4 x .25 = .4."""
    frame = two_regions(beta=[0.5, 0.25])
    found = misallocation(frame, *COLUMNS, period="year", elasticity="beta")
    # efficient shares of capital .3/.4 and .1/.4, of labour .3/.6 and .3/.6
    assert found["tau_capital"].tolist() == pytest.approx([0.75 / 0.5 - 1, 0.25 / 0.5 - 1])
    assert found["tau_labour"].tolist() == pytest.approx([0.5 / 0.3 - 1, 0.5 / 0.7 - 1])
    assert found["M_cap"].tolist() == pytest.approx([0.5, 0.5])
    assert found["M_lab"].tolist() == pytest.approx([2 / 3, 2 / 7])
    assert found["M_all"].tolist() == pytest.approx([0.5 + 2 / 3, 0.5 + 2 / 7])


def economy(seed: int, distortion: float) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Return regions that equate (1 + t) times the price of a factor with its marginal product, and both t.

    Given total factors, K_i is proportional to s_i beta_i / (1 + t_i): the first-order condition.
    """
    rng = np.random.default_rng(seed)
    shape = (31, 4)
    t_capital, t_labour = np.exp(distortion * rng.normal(size=(2, *shape))) - 1
    beta = rng.uniform(0.3, 0.6, (31, 1)) * np.ones(shape)
    output = rng.uniform(1, 30, shape)
    factors = [output * beta / (1 + t_capital), output * (1 - beta) / (1 + t_labour)]
    grown = [7.0 * factors[0] / factors[0].sum(axis=0), 3.0 * factors[1] / factors[1].sum(axis=0)]
    codes, years = np.indices(shape)
    columns = dict(zip(COLUMNS, (output, *grown), strict=True)) | {"beta": beta, "id": codes, "year": years}
    frame = pd.DataFrame({name: values.ravel() for name, values in columns.items()})
    return frame, t_capital, t_labour


def test_planted_distortions_come_back_up_to_their_level():
    frame, t_capital, t_labour = economy(5, 0.4)
    shuffled = frame.sample(frac=1, random_state=2)
    found = misallocation(shuffled, *COLUMNS, period="year", elasticity="beta").sort_index()
    for name, planted, factor in (("capital", t_capital, "capital"), ("labour", t_labour, "labour")):
        tau = found[f"tau_{name}"].to_numpy().reshape(31, 4)
        ratio = (1 + tau) / (1 + planted)
        assert ratio == pytest.approx(
            ratio[:1] * np.ones((31, 1)), rel=1e-12
        )  # one level a year, not identified
        share = frame[factor].to_numpy().reshape(31, 4)
        assert (share * tau).sum(axis=0) / share.sum(axis=0) == pytest.approx(np.zeros(4), abs=1e-12)


def test_an_efficient_economy_has_none_and_units_do_not_matter():
    frame, *_ = economy(6, 0.0)
    assert misallocation(frame, *COLUMNS, period="year", elasticity="beta").abs().max().max() < 1e-12
    frame, *_ = economy(7, 0.3)
    scaled = frame.assign(capital=frame["capital"] * 1e4, labour=frame["labour"] / 50)
    one, two = (misallocation(f, *COLUMNS, period="year", elasticity=0.4) for f in (frame, scaled))
    pd.testing.assert_frame_equal(one, two)
    other = misallocation(frame, *COLUMNS, period="year", elasticity=0.7)
    pd.testing.assert_frame_equal(one, other)  # a common elasticity cancels
    per_worker = frame["output"] / frame["labour"]
    sums = frame.groupby("year")[["output", "labour"]].transform("sum")
    assert one["tau_labour"].to_numpy() == pytest.approx(per_worker / (sums["output"] / sums["labour"]) - 1)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (two_regions(beta=[0.5, 1.2]), r"1 of 2 elasticities of capital are not between 0 and 1: 1\.2"),
        (two_regions(beta=[0.5, 0.5], labour=[0.0, 1.0]), "labour: not above zero"),
        (two_regions(beta=[0.5, np.nan]), "missing or infinite"),
    ],
)
def test_misallocation_refuses(frame, words):
    with pytest.raises(PanelError, match=words):
        misallocation(frame, *COLUMNS, period="year", elasticity="beta")


def flows(growth: dict[str, float], years: range = range(2010, 2016)) -> pd.DataFrame:
    rows = [
        (unit, year, 100.0 * (1 + g) ** (year - years[0])) for unit, g in growth.items() for year in years
    ]
    return pd.DataFrame(rows, columns=["id", "year", "flow"])


def test_stocks_on_a_steady_path_grow_with_investment():
    growth = {"a": 0.05, "b": 0.12}
    frame = flows(growth).sample(frac=1, random_state=1)
    stock = perpetual_inventory(
        frame, "flow", unit="id", period="year", depreciation=0.096, growth=pd.Series(growth)
    )
    # K = I (1 + g) / (g + d) is the steady state of the recursion; K_0 = I_0 / (g + d) is a little below, and nears it
    rate = frame["id"].map(growth)
    steady = frame["flow"] * (1 + rate) / (rate + 0.096)
    gap = (stock / steady - 1).groupby([frame["id"], frame["year"]]).first()
    shrink = (1 - 0.096) / (1 + pd.Series(growth))
    for unit, factor in shrink.items():
        path = gap[unit].to_numpy()
        assert path[0] == pytest.approx(1 / (1 + growth[unit]) - 1)
        assert path[1:] / path[:-1] == pytest.approx(np.full(5, factor))


def test_a_stock_by_hand():
    frame = pd.DataFrame({"id": [1, 1, 1], "year": [3, 1, 2], "flow": [30.0, 10.0, 20.0]})
    stock = perpetual_inventory(frame, "flow", unit="id", period="year", depreciation=0.1, growth=0.1)
    assert stock.tolist() == pytest.approx([0.9 * (0.9 * 50 + 20) + 30, 50, 0.9 * 50 + 20])


@pytest.mark.parametrize(
    ("change", "growth", "words"),
    [
        (lambda f: f[f["year"] != 2012], 0.05, "skips periods"),
        (lambda f: f.iloc[1:], 0.05, "not balanced"),
        (lambda f: f.assign(flow=f["flow"] - 100.0), 0.05, "flow: not above zero"),
        (lambda f: f, -0.2, "no start for a, b"),
        (lambda f: f, pd.Series({"a": 0.05}), "no start for b"),
    ],
)
def test_perpetual_inventory_refuses(change, growth, words):
    frame = change(flows({"a": 0.05, "b": 0.12}))
    with pytest.raises(PanelError, match=words):
        perpetual_inventory(frame, "flow", unit="id", period="year", depreciation=0.096, growth=growth)
