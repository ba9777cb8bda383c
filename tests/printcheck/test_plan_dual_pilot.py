"""The audit of Zhang & Ma (2025): complete, and its main findings stand on the printed numbers."""

import pytest
from printcheck.plans.dual_pilot import OUT_OF_REACH
from printcheck.plans.dual_pilot_design import DF, cohorts

from printcheck import Cells, audit, rounding
from printcheck.exchanged import exchange_between_samples


@pytest.fixture(scope="module")
def found():
    return audit("dual_pilot")


def of(found, name: str, first: str):
    rows = found.findings
    [row] = [r for r in rows[rows["name"] == name].itertuples() if r.ids[0] == first]
    return row


def test_every_number_is_checked_or_named(found):
    coverage = found.coverage
    assert coverage.total == 540
    assert coverage.checked + len(coverage.out_of_reach) == coverage.total
    assert len(coverage.out_of_reach) < 15
    assert all(OUT_OF_REACH.values())


def test_headlines_say_what_would_settle_them(found):
    assert 5 <= len(found.headlines) <= 12
    assert (found.headlines["resolve"] != "").all()
    assert found.headlines["rank"].tolist() == list(range(1, len(found.headlines) + 1))


def test_degrees_of_freedom_of_the_baseline():
    # 3,025 city-years less 275 cities, ten years, one policy and five controls
    assert DF == 2734


def test_cohorts_give_printed_means():
    cells = Cells.of("dual_pilot")
    assert cohorts(cells, "BCS") == [{2014: 37, 2015: 35, 2016: 34}]
    assert cohorts(cells, "IIC") == [{2013: 10, 2015: 19, 2017: 24}]
    for policy in ("BCS", "IIC", "DID"):
        mean = cells[f"t2.c2.{policy}.mean"]
        for sizes in cohorts(cells, policy):
            assert mean.meets(sum(n * (2022 - year) for year, n in sizes.items()) / 3025)


def test_exchange_mends_panel_e_and_only_that_one():
    """Exchanging the IIC cells makes all hold; without it, or with another policy's, they do not."""
    cells = Cells.of("dual_pilot")
    policies = ("BCS", "IIC", "DID")

    def cell(side: int, stat: str) -> list:
        terms = policies if stat == "t" else ("R2",) * 3
        return [cells[f"t10.E.c{2 * k + 1 + side}.{term}.{stat}"] for k, term in enumerate(terms)]

    r2, t, r2_other, t_other = cell(0, "r2"), cell(0, "t"), cell(1, "r2"), cell(1, "t")
    given = {"columns": policies, "df": 1827, "most_df": 1909, "df_other": 616, "most_df_other": 808}
    assert exchange_between_samples(r2, t, r2_other, t_other, **given).verdict == "inconsistent"
    t[1], t_other[1] = t_other[1], t[1]
    assert exchange_between_samples(r2, t, r2_other, t_other, **given).verdict == "consistent"
    t[0], t_other[0] = t_other[0], t[0]
    assert exchange_between_samples(r2, t, r2_other, t_other, **given).verdict == "inconsistent"


def test_undecided_panel_is_called_undecided(found):
    assert "undecided" in of(found, "exchange_between_samples", "t10.D.c1.R2.r2").matters
    assert "one group two sizes" in of(found, "exchange_between_samples", "t10.B.c1.R2.r2").matters
    for panel in "BDE":
        assert " or " not in of(found, "exchange_between_samples", f"t10.{panel}.c1.R2.r2").implied
    assert of(found, "exchange_between_samples", "t10.C.c1.R2.r2").matters == ""


def test_what_does_and_does_not_follow(found):
    rows = found.findings
    assert (rows.loc[rows["name"] == "both_t_from_three", "verdict"] == "consistent").all()
    assert (rows.loc[rows["name"] == "sobel_z", "verdict"] == "inconsistent").all()
    assert (rows.loc[rows["name"] == "variation_left", "verdict"] == "consistent").all()
    assert (rows.loc[rows["name"] == "one_added", "verdict"] == "consistent").all()
    assert of(found, "sobel_bound", "t8.B.c2.IIC.t").verdict == "consistent"
    # what the paper leaves open keeps these undecided: kind of standard error, observations outside pairs, chance
    for name in ("shared_remainder", "exchange_between_samples", "one_to_one_bound", "identical_columns"):
        assert "inconsistent" not in set(rows.loc[rows["name"] == name, "verdict"])
    assert of(found, "reduced_form_constant", "t4.c1.IV.coef").verdict == "inconsistent"


def test_a_changed_digit_is_noticed():
    cells = Cells.of("dual_pilot")
    cells.numbers = cells.numbers.copy()
    cells.numbers.loc["t3.c2.R2.r2", "printed"] = "0.9213"
    from printcheck.plans.dual_pilot import plan

    plan(cells)
    [row] = [one for one in cells.findings if one.name == "shared_remainder" and one.ids[0] == "t3.c1.R2.r2"][
        :1
    ]
    assert row.verdict == "cannot tell"
    assert "does not state which standard errors" in row.sentence
    assert rounding("0.9213").low > rounding("0.9203").high


def test_words_stay_neutral(found):
    text = " ".join(found.findings["sentence"] + " " + found.findings["matters"]).lower()
    for word in ("wrong", "impossible", "suspicious", "mistake", "error in the paper"):
        assert word not in text
