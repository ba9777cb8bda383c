"""First attempts, made before print was known, stay as they were and are judged like any other number."""

import pandas as pd

from nqp.book.verify import reference
from nqp.evidence.blind import blind
from nqp.evidence.published import published


def test_first_attempts_are_counted_as_they_were_made():
    """Counted by hand from the committed ledger of the day before print was entered: table, column, verdict."""
    found = blind().groupby(["table", "column", "verdict"]).size().unstack(fill_value=0)
    assert found.sum().to_dict() == {"differs": 38, "match": 136, "near": 23}
    assert found.loc["t10", "differs"].tolist() == [3, 3, 3, 6]
    assert found.loc["t5", "match"].tolist() == [30, 30, 30, 14]
    assert found.loc["t15"].to_dict("index") == {
        "c3": {"differs": 0, "match": 14, "near": 2},
        "c4": {"differs": 0, "match": 0, "near": 16},
    }


def test_what_was_computed_blind_is_printed_and_recorded_now():
    found = blind()
    assert not found["id"].duplicated().any()
    numbers = published("open_benchmark")
    said = numbers["note"].str.startswith("computed blind")
    assert set(found["id"]) == set(numbers.index[said])
    now = reference().query("study == 'open_benchmark'")
    assert set(found["id"]) <= set(now["id"])


def test_a_first_attempt_is_not_what_the_chapters_compute_now():
    found = blind().set_index("id")
    now = reference().query("study == 'open_benchmark'").set_index("id")["replicated"]
    moved = (found["value"] - now[found.index]).abs() > 1e-9
    assert moved[["t10.c1.ATT.coef", "t15.c4.year2009.z"]].all()
    assert not moved[["t5.c1.pre5.coef", "t12.c1.did.ci_low"]].any()
    assert pd.api.types.is_float_dtype(found["value"])
