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
    assert "<caption>A &amp; B<" in html
    assert 'id="table-a-b"' in html
    assert 'id="own"' in str(table(pd.DataFrame({"b": [1]}), "A & B", name="own"))
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
    heads = '<th scope="col" class="text">first</th><th scope="col" class="text">second</th><th scope="col">v</th>'
    assert heads in html  # words to the left, numbers to the right, each under its head
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
    assert ">computed</th>" in html
    assert "SYNTHETIC<" not in html
    assert (
        "differs</strong>, Innovative industrial cluster pilot in (3). <em>unstated choice:</em> a test."
        in html
    )
    paper = Ledger("cluster_pilot", "baseline")
    paper.record_value("t3.c1.INN.coef", 0.0168, evidence="twin", target={"t3.c1.INN.coef"})
    paper.record_value("t3.c1.INN.coef", 0.0091, p_value=0.06, evidence="open")
    html = str(paper.show("t3"))
    assert ">computed</th>" not in html
    assert (
        html.index("twin, SYNTHETIC, by design<")
        < html.index("0.016800")
        < html.index("open proxy<")
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
    assert "SYNTHETIC<" not in html
    assert html.count("no verdict yet") == 23


def test_small_numbers_usual_names_and_intervals_are_said_in_words():
    html = str(
        table(
            pd.DataFrame(
                {
                    "estimate": [0.5],
                    "std_error": [0.0],
                    "conf_low": [-0.1],
                    "conf_high": [1.1],
                    "p_value": [1e-9],
                },
                index=["_cons"],
            ).assign(gap=-1e-6),
            "c",
        )
    )
    assert '<th scope="row">constant</th>' in html
    assert "<td>0.500</td><td>0.000</td><td>[\u22120.100, 1.100]</td><td>&lt; 0.001</td>" in html
    assert "<td>&gt; \u22120.001</td>" in html
    heads = [part.split("<")[0] for part in html.split('<th scope="col">')[1:]]
    assert heads == ["estimate", "std. error", "95 % interval", "p", "gap"]


def test_rows_are_named_in_words_and_the_others_are_folded():
    from nqp.evidence import Ledger

    paper = Ledger("cluster_pilot", "mechanisms")
    paper.record_value("t6.c1.INN.coef", 0.01, evidence="twin")
    html = str(paper.show("t6", rows=["INN×QUA", "n"]))
    main, rest = html.split("<details")
    assert "Innovative industrial cluster pilot × Innovation quality <small>INN×QUA</small>" in main
    assert ">observations</th>" in main
    assert ">R²</th>" in rest
    assert ">constant</th>" in rest
    assert "8 more rows" in rest
    with pytest.raises(ValueError, match="t6 has no row INN×IPR; its rows are INN, "):
        paper.show("t6", rows=["INN×IPR"])


def test_reasons_stand_once_below_the_table_with_the_numbers_they_are_for():
    from nqp.evidence import Ledger

    paper = Ledger("cluster_pilot", "baseline")
    paper.not_checkable("t3", "needs licensed data", "Nothing here.")
    html = str(paper.show("t3"))
    assert html.count("Nothing here.</li>") == 1
    assert "Innovative industrial cluster pilot in (1); std. error of Innovative" in html
    assert "and 20 more" in html
    assert "nqp-misses" not in str(Ledger("cluster_pilot", "baseline").show("t3"))


def test_drawings_put_intervals_where_the_numbers_are():
    from matplotlib.figure import Figure

    from nqp.show import event_study, forest

    rows = pd.DataFrame({"estimate": [1.0, 2.0], "conf_low": [0.5, 1.0], "conf_high": [2.0, 4.0]})
    top, bottom = Figure().subplots(2)
    event_study(top, rows.set_axis([-2, 0]).assign(uniform=3.0))
    (bars,) = top.containers
    np.testing.assert_allclose(bars[2][0].get_segments()[0], [[-2.0, 0.5], [-2.0, 2.0]])
    assert top.collections[0].get_datalim(top.transData).y0 == -2.0
    forest(bottom, rows.set_axis(["first", "second"]), truth=1.5)
    np.testing.assert_allclose(bottom.containers[0][2][0].get_segments()[0], [[0.5, 1.0], [2.0, 1.0]])
    assert [label.get_text() for label in bottom.get_yticklabels()] == ["first", "second"]
    assert bottom.lines[1].get_xdata()[0] == 1.5
