"""Data shared by the spatial tests."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from spatial_cases import REFERENCE, ROOT, cells, simulate

from nqp.spatial import Weights, contiguity


@pytest.fixture(scope="session")
def map36():
    return cells(6)


@pytest.fixture(scope="session")
def panel36(map36):
    return simulate(map36, 7, seed=5)


@pytest.fixture(scope="session")
def columbus():
    """Crime in 49 neighbourhoods (Anselin 1988), and libpysal's contiguity of them."""
    import geopandas as gpd
    import libpysal

    table = gpd.read_file(libpysal.examples.get_path("columbus.shp"))
    links = libpysal.io.open(libpysal.examples.get_path("columbus.gal")).read()
    links.transform = "r"
    frame = pd.DataFrame(table[["CRIME", "INC", "HOVAL"]]).assign(id=links.id_order, year=1980)
    return frame, Weights(sparse.csr_array(links.sparse), tuple(links.id_order), True, "columbus"), links


@pytest.fixture(scope="session")
def munnell():
    """Munnell's (1990) state panel as linearmodels ships it, and the states' neighbours."""
    from linearmodels.datasets import munnell

    table = munnell.load()
    logs = {
        f"log_{name}": np.log(table[name.upper().replace("PCAP", "P_CAP")])
        for name in ("gsp", "pcap", "pc", "emp")
    }
    frame = pd.DataFrame(logs).assign(unemp=table["UNEMP"], state=table["ST_ABB"], year=table["YR"])
    listed = pd.read_csv(REFERENCE / "us_states_neighbours.csv", comment="#")
    pairs = listed.assign(adcode_i=listed["state"], adcode_j=listed["neighbours"].str.split())
    return frame, contiguity(pairs.explode("adcode_j"), sorted(listed["state"]))


@pytest.fixture(scope="session")
def open_cities():
    """The open panel, with contiguity; the four cities without neighbour are linked to the nearest one."""
    panel = pd.read_csv(ROOT / "data/open/panel.csv")
    places = pd.read_csv(ROOT / "data/open/coordinates.csv")
    pairs = pd.read_csv(ROOT / "data/geography/contiguity.csv")
    ids = sorted(panel["id"].unique())
    return panel, contiguity(pairs, ids, islands="nearest", coordinates=places)
