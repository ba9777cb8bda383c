"""A made-up panel that keeps the licensed contract."""

import pandas as pd
import pytest
from licensed_cases import made_up_panel


@pytest.fixture(scope="session")
def _made_up() -> pd.DataFrame:
    return made_up_panel()


@pytest.fixture
def made_up(_made_up) -> pd.DataFrame:
    """A fresh copy of the made-up panel: test input, no city's true values."""
    return _made_up.copy()
