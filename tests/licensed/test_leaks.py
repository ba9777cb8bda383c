"""The search for licensed values in built files finds them in every packing, and nothing in files of results."""

import base64
import gzip
import json
import pickle
import zipfile

import numpy as np
import pytest
from leaks import leaks

PACKINGS = {
    "page.html": lambda path, values: path.write_text(f"<td>{values[3]:.10f}</td>"),
    "index.js": lambda path, values: path.write_text(f'["{values[3]!r}"]'),
    "page.doctree": lambda path, values: path.write_bytes(pickle.dumps({"text": [str(values[3])]})),
    "environment.pickle": lambda path, values: path.write_bytes(pickle.dumps([1, float(values[3]), "x"])),
    "array.npy": lambda path, values: np.save(path, values[:5]),
    "objects.inv": lambda path, values: path.write_bytes(gzip.compress(str(values[3]).encode())),
    "page.ipynb": lambda path, values: path.write_text(
        json.dumps({"data": base64.b64encode(str(values[:5].tolist()).encode()).decode()})
    ),
}


@pytest.fixture
def mine(tmp_path, made_up):
    """A licensed file whose values have all their digits, and those of one column."""
    values = made_up["NQP"].to_numpy() * np.pi / 4
    made_up.assign(NQP=values).to_csv(tmp_path / "mine.csv", index=False)
    (tmp_path / "build").mkdir()
    return tmp_path, values


@pytest.mark.parametrize("name", PACKINGS)
def test_a_value_is_found_in_every_packing(mine, name):
    root, values = mine
    PACKINGS[name](root / "build" / name, values)
    assert list(leaks([root / "build"], root / "mine.csv")) == [root / "build" / name]


def test_a_zip_is_searched(mine):
    root, values = mine
    with zipfile.ZipFile(root / "build" / "downloads.zip", "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("chapter.md", f"{values[3]:.12e}")
    assert list(leaks([root / "build"], root / "mine.csv")) == [root / "build" / "downloads.zip"]


def test_results_are_no_leak(mine, made_up):
    root, values = mine
    made_up.assign(NQP=values).groupby("year").mean(numeric_only=True).to_html(
        root / "build" / "means.html", float_format="%.9f"
    )
    (root / "build" / "moments.html").write_text(f"<td>{values.min()}</td><td>{values.max()}</td>")
    (root / "build" / "draws.pickle").write_bytes(pickle.dumps(np.random.default_rng(1).normal(size=100_000)))
    assert leaks([root / "build"], root / "mine.csv") == {}


def test_a_file_of_short_values_is_refused(tmp_path, made_up):
    made_up.round(3).to_csv(tmp_path / "mine.csv", index=False)
    short = made_up.round(1)[["year", "NQP"]]
    short.to_csv(tmp_path / "mine.csv", index=False)
    with pytest.raises(AssertionError, match="no value in .* has 9 digits"):
        leaks([tmp_path], tmp_path / "mine.csv")
