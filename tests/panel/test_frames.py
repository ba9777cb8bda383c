"""The checks that every room makes of a long panel, and its arrays."""

import numpy as np
import pandas as pd
import pytest

from nqp.panel import PanelError, balanced_panel, require_columns, require_unique, some
from nqp.spatial import SpatialError


@pytest.fixture
def frame():
    """Units b, a and c in 2001 to 2004, in no order."""
    keys = pd.MultiIndex.from_product([list("bac"), range(2001, 2005)], names=["unit", "time"])
    rng = np.random.default_rng(2)
    rows = keys.to_frame(index=False).assign(x=rng.standard_normal(12), d=rng.random(12) > 0.5)
    return rows.sample(frac=1, random_state=1)


def test_some_names_the_first_and_counts_the_rest():
    assert some([]) == ""
    assert some(range(5)) == "0, 1, 2, 3, 4"
    assert some(pd.Index(["x", "y", "z"]), most=2) == "x, y and 1 more"
    assert some(label for label in "abcdefg") == "a, b, c, d, e and 2 more"


def test_arrays_equal_pandas_own_pivot_in_any_row_order(frame):
    panel = balanced_panel(frame, ["x", "d"], "unit", "time")
    wide = frame.pivot(index="unit", columns="time", values="x")
    assert panel.units.tolist() == ["a", "b", "c"]
    assert panel.times.tolist() == [2001, 2002, 2003, 2004]
    np.testing.assert_array_equal(panel["x"], wide)
    np.testing.assert_array_equal(panel["d"], frame.pivot(index="unit", columns="time", values="d"))
    np.testing.assert_array_equal(panel.cube[..., 0], wide)
    again = balanced_panel(frame.sample(frac=1, random_state=5), ["x", "d"], "unit", "time")
    assert again.cube.tobytes() == panel.cube.tobytes()
    assert balanced_panel(frame, [], "unit", "time").cube.shape == (3, 4, 0)


def test_categories_keep_the_order_that_sorting_and_grouping_follow(frame):
    ordered = frame.assign(unit=pd.Categorical(frame["unit"], ["c", "a", "b"]))
    panel = balanced_panel(ordered, ["x"], "unit", "time")
    assert panel.units.tolist() == ["c", "a", "b"]
    rows = ordered.sort_values(["unit", "time"])
    np.testing.assert_array_equal(panel["x"].ravel(), rows["x"])


def test_numbers_that_pandas_may_leave_empty_are_read_as_floats(frame):
    nullable = frame.astype({"x": "Float64", "time": "Int64"})
    np.testing.assert_array_equal(
        balanced_panel(nullable, ["x"], "unit", "time").cube,
        balanced_panel(frame, ["x"], "unit", "time").cube,
    )
    nullable.loc[nullable.index[:2], "x"] = pd.NA
    with pytest.raises(PanelError, match=r"in x \(2\) of 12 rows"):
        require_columns(nullable, ["x"])


COLUMNS = {
    "absent": (lambda f: f.drop(columns="x"), ["x", "z"], "no column x, z; it has unit, time, d"),
    "asked for twice": (lambda f: f, ["x", "d", "x"], "^x: named more than once"),
    "there twice": (lambda f: pd.concat([f, f[["d"]]], axis=1), ["x", "d"], "^d: named more than once"),
    "text": (lambda f: f, ["x", "unit"], "^unit: not numeric"),
    "missing": (
        lambda f: f.assign(x=f["x"].where(f["time"] > 2001), y=np.inf),
        ["x", "y"],
        r"missing or infinite values in x \(3\), y \(12\) of 12 rows\. Rows are never dropped here: fill",
    ),
    "missing unit": (
        lambda f: f.assign(unit=f["unit"].where(f["unit"] != "b")),
        ["x"],
        r"in unit \(4\) of 12",
    ),
}


@pytest.mark.parametrize("case", COLUMNS)
def test_columns_that_cannot_be_used_are_named(frame, case):
    change, numeric, message = COLUMNS[case]
    with pytest.raises(PanelError, match=message):
        require_columns(change(frame), numeric, ["unit", "time"])
    with pytest.raises(PanelError, match=message):
        balanced_panel(change(frame), numeric, "unit", "time")


def test_keys_may_hold_text_and_be_variables_too(frame):
    require_columns(frame, ["x", "time"], ["unit", "time", "unit"])
    require_columns(frame, [], ["unit"])


def test_a_period_that_a_unit_has_twice_is_named(frame):
    twice = pd.concat([frame, *2 * [frame.query("unit == 'c' and time == 2003")]])
    message = r"more than one row for c in 2003\. Keep one row for each unit and time"
    with pytest.raises(PanelError, match=message):
        require_unique(twice, "unit", "time")
    with pytest.raises(PanelError, match=message):
        balanced_panel(twice, ["x"], "unit", "time")
    require_unique(frame, "unit", "time")


def test_units_that_lack_a_period_are_named(frame):
    holes = frame.query("not (unit == 'b' and time == 2002) and not (unit == 'c' and time < 2003)")
    message = r"not balanced: 2 of 3 units lack some of the 4 periods: b, c\. Keep the units, or the periods"
    with pytest.raises(PanelError, match=message):
        balanced_panel(holes, ["x"], "unit", "time")


def test_one_clause_catches_every_refusal():
    assert issubclass(SpatialError, PanelError)
    assert issubclass(PanelError, ValueError)
