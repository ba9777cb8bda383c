"""Effects by tercile of a moderator."""

import pandas as pd
import pyfixest as pf
import pytest

from nqp.mechanisms import tercile_effects
from nqp.panel import PanelError


def test_agrees_with_pyfixest(panel, model):
    bins = pd.qcut(panel["internet"], 3, labels=False)
    medians = panel["internet"].groupby(bins).median()
    data = panel.assign(bin=bins, away=panel["internet"] - bins.map(medians))
    terms = ["C(bin)", "C(bin):away", "C(bin):did", "C(bin):did:away", *model.controls]
    other = pf.feols(f"entreact ~ {' + '.join(terms)} | id + year", data, vcov={"CRV1": "id"}).tidy()
    other = other[other.index.str.contains("did") & ~other.index.str.contains("away")]
    ours = tercile_effects(panel.sample(frac=1, random_state=1), model, "internet")
    assert ours["estimate"].tolist() == pytest.approx(other["Estimate"].tolist(), rel=1e-7)
    assert ours["std_error"].tolist() == pytest.approx(other["Std. Error"].tolist(), rel=1e-7)
    assert ours["median"].tolist() == medians.tolist()


def test_refusals(panel, model):
    with pytest.raises(PanelError, match="too many equal values"):
        tercile_effects(panel, model, "level")
