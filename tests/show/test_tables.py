"""Tables say what they show, escape what they are given, and never show NaN."""

import numpy as np
import pandas as pd
import pytest

from nqp.show import city_map, table


def test_numbers_words_and_gaps():
    html = str(
        table(
            pd.DataFrame({"b": [1.23456, np.nan], "c": ["x<y", "z"], "n": [3, -4]}, index=["one", "two"]),
            "A & B",
        )
    )
    assert "<caption>A &amp; B</caption>" in html
    assert "<td>1.235</td>" in html
    assert "<td>–</td>" in html
    assert '<td class="text">x&lt;y</td>' in html
    assert "<td>\u22124</td>" in html
    assert '<th scope="row">one</th>' in html
    assert "nan" not in html.lower()


def test_several_index_levels_become_columns():
    frame = pd.DataFrame(
        {"v": [1.0]}, index=pd.MultiIndex.from_tuples([("a", "b")], names=["first", "second"])
    )
    html = str(table(frame, "c"))
    assert '<th scope="col">first</th><th scope="col">second</th><th scope="col">v</th>' in html
    assert '<th scope="row">a</th><th scope="row">b</th><td>1.000</td>' in html


def test_a_city_without_outline_is_named():
    from matplotlib.figure import Figure

    from nqp.data import city_outlines

    with pytest.raises(ValueError, match=r"no outline for the codes \[999999\]"):
        city_map(Figure().subplots(), city_outlines(), pd.Series({110000: 1.0, 999999: 2.0}))
