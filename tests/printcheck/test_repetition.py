"""Numbers printed twice."""

from printcheck.intervals import rounding
from printcheck.repetition import identical_columns, printed_twice, said_twice, stated_bound


def test_two_prints_agree_when_some_number_rounds_to_both() -> None:
    assert printed_twice(rounding("0.0446"), rounding("0.045")).verdict == "consistent"
    assert printed_twice(rounding("0.0456"), rounding("0.045")).verdict == "inconsistent"
    assert printed_twice(rounding("0.484"), rounding("48.4%"), scale=100).verdict == "consistent"
    assert printed_twice(rounding("0.484"), rounding("48.9%"), scale=100).verdict == "inconsistent"


def test_printed_bounds() -> None:
    bound = rounding("0.1")
    assert stated_bound(rounding("0.006"), bound, side="below").verdict == "consistent"
    assert stated_bound(rounding("0.102"), bound, side="above").verdict == "consistent"
    assert stated_bound(rounding("0.09"), bound, side="above").verdict == "inconsistent"
    assert stated_bound(rounding("0.1"), bound, side="above").verdict == "cannot tell"


def test_columns_said_to_differ() -> None:
    first = [rounding("0.0057"), rounding("8.61")]
    same = identical_columns(first, first, n_first=3025, n_second=2750)
    assert same.verdict == "cannot tell"
    other = identical_columns(first, [rounding("0.0057"), rounding("8.62")], n_first=3025, n_second=2750)
    assert other.verdict == "consistent"


def test_two_places_of_a_text() -> None:
    assert said_twice(first="large", second="large", of="the largest effect").verdict == "consistent"
    assert said_twice(first="medium", second="large", of="the largest effect").verdict == "inconsistent"
