"""Data that several tests of this room read."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

ROOT = Path(__file__).parents[2]
CONTROLS = ["gdp", "fin", "stru", "wage", "gov", "human", "pubservice"]


@pytest.fixture(scope="session")
def open_panel():
    return pd.read_csv(ROOT / "data" / "open" / "panel.csv").sort_values(["id", "year"], ignore_index=True)


@pytest.fixture(scope="session")
def controls():
    return CONTROLS


@pytest.fixture(scope="session")
def printed():
    """Printed cells of the open paper, as strings by id."""
    cells = pd.read_csv(ROOT / "data" / "papers" / "open_benchmark" / "published.csv", dtype=str)
    return cells.set_index("id")["printed"].to_dict()


@pytest.fixture(scope="session")
def reference():
    return yaml.safe_load((ROOT / "tests" / "reference" / "robustness.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def nsw():
    return pd.read_csv(ROOT / "tests" / "reference" / "nsw_dehejia_wahba.csv", comment="#")
