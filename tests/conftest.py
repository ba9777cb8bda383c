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
