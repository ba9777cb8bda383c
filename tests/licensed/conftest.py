"""Shared by files that test the licensed door of one paper, which they name `STUDY`."""

import pandas as pd
import pytest

import nqp.twin
from nqp.licensed import check
from nqp.licensed.contract import load_contract


@pytest.fixture(scope="module")
def panel(request) -> pd.DataFrame:
    """A synthetic panel of the file's paper with every column that a chapter needs."""
    study = request.module.STUDY
    made = nqp.twin.generate(study, 3).panel.rename(columns={"name_zh": "city"})
    needed = [column.name for column in load_contract(study).columns if column.needed_by]
    return made[["adcode", "city", "year", *needed]]


@pytest.fixture
def checked(request, tmp_path):
    """Return a function that checks a panel against the contract of the file's paper."""

    def run(rows: pd.DataFrame):
        rows.to_csv(tmp_path / "mine.csv", index=False)
        return check(tmp_path / "mine.csv", request.module.STUDY)

    return run
