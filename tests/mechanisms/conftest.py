"""The open panel and the specification of its paper."""

from pathlib import Path

import pandas as pd
import pytest

from nqp.mechanisms import TwoWayModel

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def panel() -> pd.DataFrame:
    data = pd.read_csv(ROOT / "data" / "open" / "panel.csv")
    return data.assign(province=data["id"] // 10_000)


@pytest.fixture(scope="session")
def published() -> pd.Series:
    table = pd.read_csv(ROOT / "data" / "papers" / "open_benchmark" / "published.csv", dtype={"printed": str})
    return table.set_index("id")["printed"]


@pytest.fixture(scope="session")
def model() -> TwoWayModel:
    return TwoWayModel("entreact", "did", ("gdp", "fin", "stru", "wage", "gov", "human", "pubservice"))
