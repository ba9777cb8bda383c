"""The audits of cluster_pilot and innovative_city: complete, in neutral words, with the findings they rest on."""

from functools import cache

import pytest

from printcheck import audit as audited

audit = cache(audited)

UNKIND = ("wrong", "error in the paper", "impossible", "suspicious", "mistake", "fabricat")


@pytest.fixture(scope="module", params=["cluster_pilot", "innovative_city"])
def found(request):
    return audit(request.param)


def test_every_number_is_checked_or_out_of_reach(found) -> None:
    assert found.coverage.checked + len(found.coverage.out_of_reach) == found.coverage.total
    assert found.coverage.checked > 0.9 * found.coverage.total


def test_headlines_are_few_and_say_what_would_settle_them(found) -> None:
    assert 5 <= len(found.headlines) <= 12
    assert (found.headlines["resolve"] != "").all()


def test_words_are_neutral(found) -> None:
    text = " ".join(found.findings[["sentence", "matters", "resolve"]].to_numpy().ravel()).lower()
    assert not [word for word in UNKIND if word in text]


def of(study: str, name: str, number: str):
    findings = audit(study).findings
    chosen = findings[findings["name"].eq(name) & findings["ids"].map(lambda ids: number in ids)]
    return chosen.iloc[0]


@pytest.mark.parametrize(
    ("study", "name", "number", "verdict"),
    [
        ("cluster_pilot", "dummy", "t2.INN.mean", "consistent"),
        ("cluster_pilot", "difference_from_errors", "t7.c1c2.diffINN.p", "cannot tell"),
        ("cluster_pilot", "without_lagged_regressor", "t8.c1.total.coef", "consistent"),
        ("cluster_pilot", "durbin_error_ratio", "t8.c1.indirect.se", "cannot tell"),
        # our scan of this cell is damaged: no verdict on the paper
        ("cluster_pilot", "printed_twice", "text.INNxHCP.coef", "cannot tell"),
        ("cluster_pilot", "stars_from_error", "t6.c2.HCP.coef", "cannot tell"),
        ("cluster_pilot", "error_ratio_shared", "t3.c1.INN.se", "consistent"),
        ("cluster_pilot", "halves_at_median", "t7.c3.n", "consistent"),
        ("innovative_city", "several_added", "t5.c4.R2.r2", "inconsistent"),
        ("innovative_city", "same_matched_sample", "t3.c1.N.n", "inconsistent"),
        # a nearest neighbour can depend on the order of the rows, a radius does not
        ("innovative_city", "same_matched_sample", "t3.c2.N.n", "cannot tell"),
        ("innovative_city", "stars_from_error", "t2.c1.Const.coef", "inconsistent"),
        ("innovative_city", "weights_sum", "t1.c2.W_EDU.weight", "consistent"),
    ],
)
def test_findings(study, name, number, verdict) -> None:
    assert of(study, name, number).verdict == verdict


def test_treated_city_years_are_362() -> None:
    assert of("cluster_pilot", "dummy", "t2.INN.mean").implied == "362 of 3324"


def test_headlines_come_in_the_order_of_their_ranks() -> None:
    headlines = audit("cluster_pilot").headlines
    assert headlines["rank"].tolist() == sorted(headlines["rank"])
    assert headlines["rank"].iloc[0] == 1


def test_no_list_of_cohorts_gives_the_printed_weights_without_controls() -> None:
    assert "none" in of("cluster_pilot", "cohorts_from_weights", "text.bacon.never.weight").sentence
