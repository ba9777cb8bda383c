"""Shared fixtures, and the order in which files are tested."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).parents[1]
# The book takes longest, so it comes first; then what waits for other processes, while the book computes.
FIRST = (
    "tests/test_book.py",
    "tests/faults/",
    "tests/book/",
    "tests/evidence/",
    "tests/spatial/",
    "tests/twin/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order files by what they cost, so that no core waits for one long file at the end."""

    def place(item: pytest.Item) -> int:
        return next((k for k, start in enumerate(FIRST) if item.nodeid.startswith(start)), len(FIRST))

    items.sort(key=place)


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
