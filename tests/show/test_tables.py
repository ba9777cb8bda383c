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


def test_only_lines_on_the_papers_own_data_are_called_replicated():
    from nqp.evidence import Ledger

    own = Ledger("open_benchmark", "baseline")
    own.record_value(
        "t3.c3.did.coef", 0.3, evidence="open", reasons={"t3.c3.did.coef": ("unstated choice", "a test.")}
    )
    html = str(own.show("t3"))
    assert "Lower line: replicated" in html
    assert "nqp-evidence" not in html
    paper = Ledger("cluster_pilot", "baseline")
    paper.record_value("t3.c1.INN.coef", 0.0168, evidence="twin", target={"t3.c1.INN.coef"})
    paper.record_value("t3.c1.INN.coef", 0.0091, p_value=0.06, evidence="open")
    html = str(paper.show("t3"))
    assert "replicated, with" not in html
    assert (
        html.index("twin, SYNTHETIC:")
        < html.index("0.016800")
        < html.index("open proxy:")
        < html.index("0.009100")
    )
    assert "✓" not in html  # what a twin was built to give is not ticked


def test_what_is_not_compared_has_no_line_and_is_counted():
    from nqp.evidence import Ledger

    paper = Ledger("cluster_pilot", "baseline")
    paper.record_value("t3.c1.INN.se", 0.0123, evidence="twin")
    html = str(paper.show("t3"))
    assert "1 not compared" in html
    assert "0.012300" not in html
    assert "SYNTHETIC" not in html
    assert html.count("no verdict yet") == 23
