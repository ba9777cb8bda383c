"""Shared fixtures."""

from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root."""
    return ROOT


@pytest.fixture(scope="session")
def _panel() -> pd.DataFrame:
    from nqp.data import open_panel

    return open_panel()


@pytest.fixture
def panel(_panel) -> pd.DataFrame:
    """A fresh copy of the open panel."""
    return _panel.copy()


@pytest.fixture(scope="session")
def _made_up() -> pd.DataFrame:
    from licensed_cases import made_up_panel

    return made_up_panel()


@pytest.fixture
def made_up(_made_up) -> pd.DataFrame:
    """A panel that keeps the licensed contract: test input, no city's true values."""
    return _made_up.copy()


@pytest.fixture
def light(made_up) -> pd.DataFrame:
    """The columns of `made_up` that the baseline needs."""
    from licensed_cases import BASELINE

    return made_up[["adcode", "city", "year", *BASELINE]]
