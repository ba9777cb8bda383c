"""The plans of the two agglomeration papers: complete, neutral, and decided by the printed digits alone."""

from dataclasses import replace

import pytest
from printcheck.plans import digital_agglomeration, industrial_agglomeration

from printcheck import CANNOT_TELL, CONSISTENT, INCONSISTENT, audit, rounding
from printcheck.cells import Cells
from printcheck.report import Audit

STUDIES = ("digital_agglomeration", "industrial_agglomeration")
LOADED = ("wrong", "error in the paper", "impossible", "suspicious", "mistake", "fabricat", "false")


@pytest.fixture(scope="module")
def audits() -> dict[str, Audit]:
    return {study: audit(study) for study in STUDIES}


def verdicts(found: Audit, name: str) -> dict[str, str]:
    rows = found.findings[found.findings["name"] == name]
    return dict(zip(rows["ids"].str[0], rows["verdict"], strict=True))


@pytest.mark.parametrize("study", STUDIES)
def test_every_number_has_its_place(audits, study):
    coverage = audits[study].coverage
    assert coverage.checked + len(coverage.out_of_reach) == coverage.total


@pytest.mark.parametrize("study", STUDIES)
def test_headlines_say_what_would_settle_them(audits, study):
    headlines = audits[study].headlines
    assert 5 <= len(headlines) <= 12
    assert (headlines["resolve"] != "").all()
    assert audits[study].findings.query("matters == ''")["resolve"].eq("").all()


@pytest.mark.parametrize("study", STUDIES)
def test_words_are_neutral(audits, study):
    text = " ".join(audits[study].findings[["sentence", "matters", "resolve", "assumes"]].to_numpy().ravel())
    assert not [word for word in LOADED if word in text.lower()]


def test_one_pair_of_z_and_p_does_not_fit(audits):
    found = verdicts(audits["industrial_agglomeration"], "z_against_p")
    assert [number for number, one in found.items() if one == INCONSISTENT] == ["t5.c2.AR2.z"]
    assert len(found) == 8


def test_parentheses(audits):
    assert set(verdicts(audits["industrial_agglomeration"], "what_parentheses_hold").values()) == {
        INCONSISTENT
    }
    assert set(verdicts(audits["digital_agglomeration"], "what_parentheses_hold").values()) == {CONSISTENT}


@pytest.mark.parametrize("study", STUDIES)
def test_stars_follow_everywhere(audits, study):
    assert set(verdicts(audits[study], "stars_from_error").values()) == {CONSISTENT}


def test_rho_fits_no_contiguity_matrix_and_a_dense_one(audits):
    rows = audits["digital_agglomeration"].findings.query("name == 'rho_admissible'")
    fits = dict(zip(rows["sentence"].str.extract("With (.*?) of ")[0], rows["verdict"], strict=True))
    assert {name for name, one in fits.items() if one == CONSISTENT} == {"row-standardised inverse distance"}


def test_what_the_paper_leaves_open_is_not_called_inconsistent(audits):
    rows = audits["digital_agglomeration"].findings
    open_ones = rows[rows["sentence"].str.contains("does not state")]
    assert set(open_ones["verdict"]) == {CANNOT_TELL}
    assert {"one_regressor", "pooled_r2_of_slope", "pooled_error_ratio"} <= set(open_ones["name"])


def changed(study: str, number: str, printed: str) -> Cells:
    """Return a paper's cells with one number printed otherwise."""
    cells = Cells.of(study)
    cells.numbers.loc[number, ["printed", "value"]] = [printed, rounding(printed).middle]
    return replace(cells, findings=[])


@pytest.mark.parametrize(
    ("plan", "number", "printed", "name"),
    [
        (industrial_agglomeration, "t7.c2.indus.coef", "-0.159", "parts_sum"),
        (industrial_agglomeration, "t4.c3.Constant.se", "0.138", "error_ratio_shared"),
        (industrial_agglomeration, "t8.c1.n", "142", "parts_add_up"),
        (industrial_agglomeration, "t2.M_lab.mean", "0.334", "mean_of_sum"),
        (industrial_agglomeration, "t5.c1.AR1.p", "0.016", "z_against_p"),
        (digital_agglomeration, "text.rir.share", "18.07%", "share_recomputed"),
        (digital_agglomeration, "text.itcv.impact", "0.1861", "which_convention"),
        (digital_agglomeration, "t4.c6.Constant.se", "1.1242", "error_ratio_shared"),
        (digital_agglomeration, "t3.c3.Constant.coef", "-0.0313", "through_the_means"),
        (digital_agglomeration, "t2.traffic.sd", "0.0027", "samuelson"),
    ],
)
def test_a_changed_digit_is_caught(plan, number, printed, name):
    cells = changed(plan.__name__.rpartition(".")[2], number, printed)
    plan.plan(cells)
    caught = [one for one in cells.findings if one.name == name and number in one.ids]
    assert INCONSISTENT in {one.verdict for one in caught}
