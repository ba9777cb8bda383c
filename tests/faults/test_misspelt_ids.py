"""Ids that a chapter passes along are printed ones, or the chapter stops: a misspelt reason excuses nothing."""

import numpy as np
import pytest
import statsmodels.api as sm

from nqp.evidence import Ledger
from nqp.evidence.entries import LedgerError
from nqp.panel import tidy

NUMBER = "t3.c3.did.coef"


@pytest.mark.parametrize(
    "passed", [{"reasons": {"t3.c3.did.cof": ("data precision", "a")}}, {"target": ["t3.c3.di"]}]
)
def test_a_misspelt_id_is_refused_with_its_nearest(passed):
    ledger = Ledger("open_benchmark", "baseline")
    with pytest.raises(LedgerError, match="no published number") as refused:
        ledger.record_value(NUMBER, 0.3, evidence="open", **passed)
    assert "t3.c3.did" in str(refused.value)
    assert ledger.rows.empty


def test_no_chapter_leaves_numbers_of_its_section_to_another():
    ledger = Ledger("open_benchmark", "baseline")
    ledger.record_value(NUMBER, ledger.published.loc[NUMBER, "value"], evidence="open")
    with pytest.raises(LedgerError, match="have no verdict"):
        ledger.close()


def test_a_model_of_arrays_is_read():
    x = sm.add_constant(np.arange(8.0))
    rows = tidy(sm.OLS(x @ [1.0, 2.0] + np.tile([0.1, -0.1], 4), x).fit())
    assert rows["term"].tolist() == ["const", "x1"]
    assert rows["estimate"].iloc[1] == pytest.approx(2.0, abs=0.05)
