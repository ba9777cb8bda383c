"""Tables for spreadsheet programs: no text runs as a formula, numbers stay numbers."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqp.data.spreadsheet import safe_csv


def written(frame: pd.DataFrame) -> list[list[str]]:
    """Return the cells of the file, headers first."""
    out = io.StringIO()
    safe_csv(frame, out)
    return list(csv.reader(io.StringIO(out.getvalue(), newline="")))


@pytest.mark.parametrize(
    "attack",
    [
        "=cmd|' /C calc'!A0",
        "+1+cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        "\t=1+1",
        "\r=1+1",
        "＝1+1",
        "-",
        "=-0.5",
        "a;=cmd|' /C calc'!A0",
        "a\n=1+1",
    ],
)
def test_formulas_become_text_in_cells_and_headers(attack):
    header, row = written(pd.DataFrame({attack: [attack], "n": [1]}))
    assert header[0] == row[0]
    for cell in row[0].replace("\r", "\n").replace("\t", "\n").replace(";", "\n").split("\n"):
        assert not cell.startswith(tuple("=+-@＝＋－＠"))
    assert row[0].replace("'", "") == attack.replace("'", "").replace("\r", "\n")
    assert row[1] == "1"


@given(st.lists(st.text(alphabet="=+-@\t\r\n;,'\"a1.e", max_size=8), min_size=1, max_size=5))
def test_no_text_begins_a_cell_with_a_formula(texts):
    rows = written(pd.DataFrame({"text": pd.Series(texts, dtype=object)}))[1:]
    assert len(rows) == len(texts)
    for row in rows:
        cell = "".join(row)
        try:
            float(cell)
        except ValueError:
            assert not cell.startswith(tuple("=+-@\t\r"))


def test_numbers_stay_numbers():
    frame = pd.DataFrame(
        {
            "x": [-0.5, 1e-9],
            "n": [-3, 4],
            "text": ["-0.5", "+1.5e-3"],
            "on": [True, False],
            "city": ["唐山市", ""],
        }
    )
    assert written(frame)[1:] == [
        ["-0.5", "-3", "-0.5", "True", "唐山市"],
        ["1e-09", "4", "+1.5e-3", "False", ""],
    ]
    values = np.random.default_rng(3).normal(size=50)
    assert [float(row[0]) for row in written(pd.DataFrame({"x": values}))[1:]] == values.tolist()


def test_a_table_of_mixed_cells_keeps_its_blanks_and_whole_numbers():
    frame = pd.DataFrame({"year": pd.Series([2014, "", None], dtype=object)})
    assert [row[0] if row else "" for row in written(frame)[1:]] == ["2014", "", ""]
    assert frame["year"].tolist() == [2014, "", None]
