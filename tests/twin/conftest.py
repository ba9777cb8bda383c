"""A twin and its noise-free outcome, made once."""

import numpy as np
import pandas as pd
import pytest

import nqp.twin
from nqp.twin.assemble import Twin, setting_of

STUDY = "cluster_pilot"


@pytest.fixture(scope="session")
def twin() -> Twin:
    """One twin."""
    return nqp.twin.generate(STUDY, 7)


@pytest.fixture(scope="session")
def exact(twin) -> pd.DataFrame:
    """The panel with the outcome before any noise."""
    made = nqp.twin.noise_free(STUDY)
    weights = setting_of(STUDY).weights
    columns = dict(zip(twin.study.dimensions, made.reshape(len(made), -1), strict=True))
    return twin.panel.assign(**columns, NQP=np.tensordot(weights, made, axes=1).ravel())
