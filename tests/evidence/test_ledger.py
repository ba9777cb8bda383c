"""The ledger takes what is right, refuses what is wrong, and does not close with a gap."""

import json

import numpy as np
import pandas as pd
import pytest

from nqp.book.ledgers import read_ledger
from nqp.evidence import Ledger
from nqp.evidence.entries import LEDGER_KEY, LedgerError
from nqp.evidence.judging import printed_error
from nqp.evidence.published import published


def estimates(ledger, column, *, shift=0.0):
    """A frame as tidy() gives it, holding the printed numbers of a column, moved by `shift`."""
    cells = ledger.published[ledger.published.index.str.startswith(f"{column}.")]
    wide = cells[cells["term"] != "model"].pivot(index="term", columns="stat", values="value")
    model = cells[cells["term"] == "model"].set_index("stat")["value"]
    return pd.DataFrame(
        {
            "term": wide.index,
            "estimate": wide["coef"].to_numpy() + shift,
            "std_error": 0.1,
            "statistic": 1.0,
            "p_value": 0.5,
            "conf_low": wide["ci_low"].to_numpy(),
            "conf_high": wide["ci_high"].to_numpy(),
            "n": model["n"],
            "r2_adj": model["r2_adj"],
            "engine": "print",
        }
    )


@pytest.fixture
def ledger():
    return Ledger("open_benchmark", "baseline")


def fill(ledger):
    for column in ("t3.c1", "t3.c2", "t3.c3", "t4.c1"):
        ledger.record(column, estimates(ledger, column), evidence="open")


def test_a_full_ledger_closes_and_leaves_its_rows(ledger, monkeypatch):
    shown = {}
    monkeypatch.setattr("IPython.display.display", lambda data, raw, metadata: shown.update(data | metadata))
    fill(ledger)
    ledger.close()
    assert len(shown[LEDGER_KEY]) == len(ledger.published) == 122
    assert {row["verdict"] for row in shown[LEDGER_KEY]} == {"match"}
    assert "open data: 122 match ✓." in shown["text/html"]
    json.dumps(shown[LEDGER_KEY])


def test_a_gap_fails_the_chapter(ledger):
    ledger.record("t3.c1", estimates(ledger, "t3.c1"), evidence="open")
    with pytest.raises(
        LedgerError, match=r"114 published numbers of open_benchmark/baseline have no verdict: t3\.c2\.did"
    ):
        ledger.close()


def test_a_difference_needs_a_reason(ledger, monkeypatch):
    monkeypatch.delenv("NQP_OVERRIDES", raising=False)
    for column in ("t3.c1", "t3.c2", "t4.c1"):
        ledger.record(column, estimates(ledger, column), evidence="open")
    ledger.record("t3.c3", estimates(ledger, "t3.c3", shift=0.5), evidence="open")
    with pytest.raises(LedgerError, match=r"9 numbers differ from print without a reason: t3\.c3\.did\.coef"):
        ledger.close()


def test_a_reason_is_kept_and_must_be_of_the_list(ledger):
    frame = estimates(ledger, "t3.c3", shift=0.5)
    why = {"t3.c3.did.coef": ("software default", "Stata drops singletons")}
    ledger.record("t3.c3", frame, evidence="open", terms=["did"], reasons=why)
    assert (
        ledger.rows.set_index("id").loc["t3.c3.did.coef", "reason"]
        == "software default: Stata drops singletons"
    )
    with pytest.raises(LedgerError, match="unknown reason 'a mood'; use one of: small-sample correction"):
        ledger.record(
            "t3.c3", frame, evidence="open", terms=["gdp"], reasons={"t3.c3.gdp.coef": ("a mood", "x")}
        )
    with pytest.raises(LedgerError, match="needs one sentence"):
        ledger.record(
            "t3.c3", frame, evidence="open", terms=["fin"], reasons={"t3.c3.fin.coef": ("data revised", " ")}
        )


def test_what_meets_print_carries_no_reason(ledger, twin):
    why = {"t3.c3.did.coef": ("software default", "Stata drops singletons")}
    ledger.record("t3.c3", estimates(ledger, "t3.c3"), evidence="open", terms=["did"], reasons=why)
    why = {"t3.c1.INN.coef": ("unstated choice", "the twin leaves it out")}
    twin.record("t3.c1", fitted(0.0179), terms=["INN"], evidence="twin", reasons=why)
    assert [row["reason"] for row in (ledger.rows.iloc[0], twin.rows.iloc[0])] == ["", ""]


def test_a_changed_parameter_is_a_reason(ledger, monkeypatch):
    monkeypatch.setenv("NQP_OVERRIDES", "last_year=2019")
    ledger.record("t3.c3", estimates(ledger, "t3.c3", shift=0.5), evidence="open", terms=["did"])
    row = ledger.rows.set_index("id").loc["t3.c3.did.coef"]
    assert (row["verdict"], row["reason"]) == ("differs", "parameter changed: executed with last_year=2019")


def test_an_unknown_id_is_refused_with_the_nearest(ledger):
    with pytest.raises(LedgerError, match=r"no published number 't3\.c9'.*did you mean t3\.c3"):
        ledger.record("t3.c9", estimates(ledger, "t3.c3"), evidence="open")
    with pytest.raises(LedgerError, match=r"no published number 't3\.c3\.dod'.*t3\.c3\.did"):
        ledger.record("t3.c3", estimates(ledger, "t3.c3"), evidence="open", terms=["dod"])
    with pytest.raises(LedgerError, match=r"no published number 't3\.c3\.did\.coeff'.*t3\.c3\.did\.coef"):
        ledger.record_value("t3.c3.did.coeff", 1.0, evidence="open")


def test_recording_twice_is_refused(ledger):
    ledger.record("t3.c3", estimates(ledger, "t3.c3"), evidence="open", terms=["did"])
    with pytest.raises(LedgerError, match=r"t3\.c3\.did\.ci_high is already recorded with evidence 'open'"):
        ledger.record("t3.c3", estimates(ledger, "t3.c3"), evidence="open")


def test_two_kinds_of_evidence_stand_side_by_side(ledger):
    ledger.record("t3.c3", estimates(ledger, "t3.c3"), evidence="open", terms=["did"])
    aims = {"t3.c3.did.coef"}
    ledger.record("t3.c3", estimates(ledger, "t3.c3"), evidence="twin", terms=["did"], target=aims)
    rows = ledger.rows.set_index(["id", "evidence"]).loc["t3.c3.did.coef"]
    assert rows["verdict"].to_dict() == {"open": "match", "twin": "by design"}
    assert rows["target"].to_dict() == {"open": "", "twin": "yes"}


def test_nan_is_refused(ledger):
    frame = estimates(ledger, "t3.c3").assign(estimate=np.nan)
    with pytest.raises(
        LedgerError, match=r"t3\.c3\..*\.coef: the estimate from print is nan; was the regressor dropped"
    ):
        ledger.record("t3.c3", frame, evidence="open")


def fitted(estimate, **more):
    """A fitted effect of INN with a constant, as tidy() gives it."""
    terms = {"term": ["INN", "Constant"], "estimate": [estimate, -0.3], "std_error": [0.0036, 0.09]}
    rows = {"statistic": 5.0, "p_value": 0.0, "n": 3324, "r2": 0.5, "engine": "x"}
    return pd.DataFrame(terms).assign(**rows | more)


@pytest.fixture
def twin():
    return Ledger("cluster_pilot", "baseline")


def test_a_twin_says_number_by_number_what_it_was_built_to_give(twin):
    twin.record("t3.c1", fitted(0.09), evidence="twin", target={"t3.c1.INN.coef", "t3.c1.n"})
    rows = twin.rows.set_index("id")
    built = ["t3.c1.INN.coef", "t3.c1.n"]  # the first is far from print, which says nothing
    assert set(rows.loc[built, "verdict"]) == {"by design"}
    assert set(rows.loc[built, "target"]) == {"yes"}
    assert set(rows.loc[built, "reason"]) == {""}
    others = rows.drop(index=built)
    assert set(others["verdict"]) == {"not compared"}
    assert set(others["target"]) == {"no"}
    assert others["reason"].str.startswith("drawn for the twin: ").all()


@pytest.mark.parametrize(
    ("estimate", "verdict", "reason"),
    [
        (0.0178 + 0.0069, "inside", ""),
        (0.0178 + 0.0071, "outside", "not calibrated: "),
        (-0.0001, "outside", ""),
    ],
)
def test_an_effect_the_twin_was_not_built_to_give_is_inside_or_outside(twin, estimate, verdict, reason):
    twin.record("t3.c1", fitted(estimate), terms=["INN"], evidence="twin")
    row = twin.rows.set_index("id").loc["t3.c1.INN.coef"]  # printed 0.0178 (0.0035)
    assert row["verdict"] == verdict
    assert row["reason"].startswith(reason)
    assert row["null"] == ""


def test_the_null_worlds_verdict_stands_beside_and_only_where_one_compares(twin):
    aims = {"t3.c2.INN.coef"}
    for column in ("t3.c1", "t3.c2", "t3.c3"):
        null = None if column == "t3.c3" else fitted(0.0012)
        twin.record(column, fitted(0.02), evidence="twin", target=aims, null=null)
    twin.record_value("t3.c4.INN.coef", 0.013, evidence="twin", null=0.012)
    null = twin.rows.set_index("id")["null"]
    assert null[null != ""].to_dict() == {"t3.c1.INN.coef": "outside", "t3.c4.INN.coef": "inside"}
    assert "2 of 2 inside, 1 with no planted effect" in str(twin.show("t3"))


def test_a_share_is_never_shown_without_the_null_worlds(twin):
    twin.record_value("t3.c4.INN.coef", 0.013, evidence="twin")
    assert "1 inside" in str(twin.show("t3"))
    assert "of 1 inside" not in str(twin.show("t3"))


@pytest.mark.parametrize(
    ("number", "error"),
    [
        ("t3.c1.INN.coef", 0.0035),  # a standard error beside it
        ("t8.c1.rho.rho", 0.0302),
        ("text.INNxHCP.coef", np.nan),
    ],
)
def test_the_printed_error_stands_beside_a_coefficient(number, error):
    assert printed_error(published("cluster_pilot"), number) == pytest.approx(error, nan_ok=True)


def test_the_printed_error_follows_from_a_t_value_or_an_interval():
    numbers = published("dual_pilot")
    ratio = numbers["value"]["t3.c1.BCS.coef"] / numbers["value"]["t3.c1.BCS.t"]
    assert printed_error(numbers, "t3.c1.BCS.coef") == pytest.approx(abs(ratio))
    assert printed_error(published("open_benchmark"), "t3.c3.did.coef") == pytest.approx(0.0796, abs=1e-4)


def test_an_effect_without_a_printed_error_is_not_compared():
    ledger = Ledger("cluster_pilot", "mechanisms")
    ledger.record_value("text.INNxHCP.coef", 0.0195, evidence="twin", null=0.0)
    row = ledger.rows.iloc[0]
    assert (row["verdict"], row["null"]) == ("not compared", "")
    assert row["reason"].startswith("no printed error: ")


@pytest.fixture
def zero(monkeypatch):
    """The same ledger in a world where column 1 prints 0.0000."""
    frame = published("cluster_pilot").copy()
    frame.loc["t3.c1.INN.coef", ["value", "printed"]] = [0.0, "0.0000"]
    monkeypatch.setattr("nqp.evidence.ledger.published", lambda slug: frame)
    return Ledger("cluster_pilot", "baseline")


def test_a_printed_zero_has_no_sign(zero):
    zero.record("t3.c1", fitted(-0.02), terms=["INN"], evidence="open")
    zero.record("t3.c1", fitted(-0.0001), terms=["INN"], evidence="twin")
    zero.record_value("t3.c1.INN.coef", -0.00015, evidence="licensed")
    rows = zero.rows.set_index(["id", "evidence"]).loc["t3.c1.INN.coef"]
    assert rows["verdict"].to_dict() == {"open": "not compared", "twin": "not compared", "licensed": "near"}
    assert rows.loc[["open", "twin"], "reason"].str.startswith("printed zero: ").all()


def test_a_proxy_compares_coefficients_only(twin):
    twin.record("t3.c1", fitted(-0.02, p_value=0.046), terms=["INN"], evidence="open")
    assert twin.rows.set_index("id")["verdict"].to_dict() == {"t3.c1.INN.coef": "opposite sign, significant"}
    assert twin.rows["reason"][0].startswith("proxy outcome: ")
    with pytest.raises(LedgerError, match=r"t3\.c2\.INN\.coef: a number on a proxy .* pass p_value="):
        twin.record_value("t3.c2.INN.coef", 0.02, evidence="open")
    twin.record_value("t3.c2.INN.coef", 0.02, evidence="open", p_value=0.2)
    assert twin.rows["verdict"].tolist()[1:] == ["same sign"]


def test_a_moment_of_a_proxy_is_judged_by_its_digits():
    ledger = Ledger("cluster_pilot", "index")
    printed = ledger.published.loc["t2.NQP.mean", "value"]
    ledger.record_value("t2.NQP.mean", printed + 0.00004, evidence="open")
    ledger.record_value("t2.NQP.sd", 9.0, evidence="open")
    assert ledger.rows["verdict"].tolist() == ["match", "differs"]


def test_a_misspelt_id_passed_along_is_refused(twin):
    why = ("unstated choice", "a test")
    with pytest.raises(LedgerError, match=r"no published number 't3\.c1\.INN\.cof' \(did you mean t3\.c1"):
        twin.record("t3.c1", fitted(0.02), evidence="twin", reasons={"t3.c1.INN.cof": why})
    with pytest.raises(LedgerError, match=r"no published number 't3\.c1\.INM\.coef'"):
        twin.record_value("t3.c1.INN.coef", 0.02, evidence="twin", target={"t3.c1.INM.coef"})
    assert twin.rows.empty


def test_a_reason_for_a_number_nobody_records_fails_the_chapter(ledger):
    fill(ledger)
    other = {"t6.c1.did.coef": ("unstated choice", "a number of another chapter")}
    ledger.record("t3.c1", estimates(ledger, "t3.c1"), evidence="twin", reasons=other)
    with pytest.raises(LedgerError, match=r"reasons are given for t6\.c1\.did\.coef, which this chapter"):
        ledger.close()


def test_a_term_the_model_lacks_is_named(ledger):
    frame = estimates(ledger, "t3.c3").replace({"term": {"_cons": "Intercept"}})
    with pytest.raises(LedgerError, match=r"no term '_cons'.*Pass names="):
        ledger.record("t3.c3", frame, evidence="open")
    ledger.record("t3.c3", frame, evidence="open", names={"_cons": "Intercept"})


def test_unknown_evidence_is_refused(ledger):
    with pytest.raises(
        LedgerError, match="unknown evidence 'hearsay'; use one of printed, open, twin, licensed"
    ):
        ledger.record("t3.c3", estimates(ledger, "t3.c3"), evidence="hearsay")


def test_not_checkable_needs_no_value_but_a_reason(ledger):
    ledger.not_checkable("t3.c3", "figure without numbers", "the figure has no axis labels")
    assert set(ledger.rows["verdict"]) == {"not checkable"}
    assert len(ledger.rows) == 29
    with pytest.raises(LedgerError, match="unknown reason"):
        ledger.not_checkable("t3.c2", "too hard", "x")


def test_what_was_not_checkable_is_shown_as_a_dash_and_collected_as_missing(ledger, monkeypatch, tmp_path):
    shown = {}
    monkeypatch.setattr("IPython.display.display", lambda data, raw, metadata: shown.update(data | metadata))
    for column in ("t3.c1", "t3.c2", "t4.c1"):
        ledger.record(column, estimates(ledger, column), evidence="open")
    ledger.not_checkable("t3.c3", "figure without numbers", "the figure has no axis labels")
    assert ">nan<" not in ledger.show("t3").text
    ledger.close()
    pd.DataFrame(shown[LEDGER_KEY]).to_csv(tmp_path / "ledger.csv", index=False)
    found = read_ledger(tmp_path / "ledger.csv").set_index("id")["replicated"]
    assert found.isna().sum() == 29
    assert found["t3.c1.did.coef"] == pytest.approx(ledger.published.loc["t3.c1.did.coef", "value"])


def test_open_proxies_of_other_papers_get_signs():
    other = Ledger("cluster_pilot", "baseline")
    printed = other.published.query("stat == 'coef' and value > 0").iloc[0]
    column, term = printed.name.rsplit(".", 2)[0], printed["term"]
    frame = pd.DataFrame(
        {"term": [term], "estimate": [9.0], "std_error": [1.0], "statistic": [9.0], "p_value": [0.001]}
    ).assign(conf_low=7.0, conf_high=11.0, n=1, r2=0.5, r2_adj=0.5, engine="x")
    other.record_value(
        printed.name, 9.0, evidence="licensed", reasons={printed.name: ("data revised", "a test")}
    )
    other.record(column, frame, evidence="open", terms=[term])
    verdicts = other.rows.set_index(["id", "evidence"])["verdict"]
    assert verdicts[printed.name, "open"] == "same sign, significant"
    assert verdicts[printed.name, "licensed"] == "differs"


def test_an_unknown_study_or_section_is_refused():
    with pytest.raises(ValueError, match="unknown paper 'open_bench'.*; the papers are open_benchmark"):
        Ledger("open_bench", "baseline")
    with pytest.raises(ValueError, match="unknown section 'base'; the sections are index"):
        Ledger("open_benchmark", "base")


def test_show_marks_every_cell(ledger):
    fill(ledger)
    html = str(ledger.show("t3"))
    assert "66 printed numbers; open data: 66 match ✓." in html
    for number in ledger.published.query("table == 't3'").index:
        assert f'id="{number}"' in html
    with pytest.raises(LedgerError, match=r"open_benchmark/baseline has no published number 't5'"):
        ledger.show("t5")


def test_columns_stand_as_in_print_whichever_has_the_first_row():
    table = str(Ledger("open_benchmark", "robustness").show("t7"))
    heads = [table.index(f'<th scope="col">({k})</th>') for k in (1, 2, 3, 4)]
    assert heads == sorted(heads)


def test_panels_that_number_their_columns_alike_have_rows_of_their_own():
    """Panels A to E of a table of 135 numbers all have columns c1 to c6: no cell may hold numbers of two panels."""
    ledger = Ledger("dual_pilot", "mechanisms")
    for panel, value in (("A", 0.5), ("B", 0.25)):
        ledger.record_value(f"t10.{panel}.c1.BCS.coef", value, evidence="open", p_value=0.01)
    ledger.not_checkable("t10.A.c1.BCS.t", "needs licensed data", "a test")
    table = str(ledger.show("t10", rows=["A: BCS", "B: BCS"], heads={"c1": "first group"}))
    assert '<th scope="col">first group</th>' in table
    row = table.split("A: ", 1)[1].split("B: ", 1)[0]
    assert "0.0029***" in row
    assert "0.500000" in row
    assert "0.0074***" not in row
    assert "0.250000" not in row
    assert "public facts" not in row  # a row of dashes below a number that was computed says nothing
    with pytest.raises(ValueError, match="t10 has no row BCS; its rows are A: BCS"):
        ledger.show("t10", rows=["BCS"])


def test_what_no_table_of_the_chapter_shows_stands_below_its_summary(monkeypatch):
    shown = {}
    monkeypatch.setattr("IPython.display.display", lambda data, raw, metadata: shown.update(data))
    ledger = Ledger("cluster_pilot", "robustness")
    for number, row in ledger.published.iterrows():
        ledger.record_value(number, row["value"], evidence="licensed")
    tables = set(ledger.published["table"])
    assert len(tables) > 1
    assert "text" in tables
    for table in tables - {"text"}:
        ledger.show(table)
    ledger.close()
    for number, row in ledger.published.iterrows():
        assert (f'id="{number}"' in shown["text/html"]) == (row["table"] == "text")


def test_a_number_of_another_section_is_refused(ledger):
    other = Ledger("open_benchmark", "robustness")
    with pytest.raises(LedgerError, match=r"robustness has no published number 't3\.c3'"):
        other.record("t3.c3", estimates(ledger, "t3.c3"), evidence="open")
    with pytest.raises(LedgerError, match=r"robustness has no published number 't3\.c3\.did\.coef'"):
        other.record_value("t3.c3.did.coef", 0.3, evidence="open")
