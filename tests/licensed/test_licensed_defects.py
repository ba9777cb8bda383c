"""Two hundred planted defects are all reported in one run, and the file is left as it was."""

from collections import Counter

import pytest
from licensed_defects import good, plant_cells, plant_headers, plant_keys

from nqp.licensed import check


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory):
    file = good()
    plant_headers(file)
    plant_cells(file)
    plant_keys(file)
    return file, file.write(tmp_path_factory.mktemp("licensed") / "spoiled.csv")


def test_two_hundred_defects_of_twenty_kinds_are_planted(spoiled):
    kinds = Counter(rule for rule, *_ in spoiled[0].planted)
    assert set(kinds.values()) == {10}
    assert len(kinds) == 20


def test_every_defect_is_reported_once_at_its_place_and_nothing_else(spoiled, tmp_path, monkeypatch):
    file, path = spoiled
    before = path.read_bytes()
    monkeypatch.chdir(tmp_path)
    report = check(path, "cluster_pilot")
    found = Counter(
        report.found[["rule", "city", "year", "column", "value"]].itertuples(index=False, name=None)
    )
    assert found == Counter(file.planted)
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    assert not list(tmp_path.iterdir())


def test_every_report_names_the_line(spoiled):
    path = spoiled[1]
    lines = path.read_text(encoding="utf-8").splitlines()
    report = check(path, "cluster_pilot")
    on_a_line = report.found[report.found["line"] != ""]
    assert len(on_a_line) == 160  # but for columns and for rows that are not there
    for row in on_a_line.itertuples():
        assert row.value.replace(",", "，") in lines[row.line - 1].replace(",", "，")
        assert row.city in lines[row.line - 1] or row.rule in (
            "unknown city name",
            "city name and code differ",
        )


def test_every_row_says_what_to_do(spoiled):
    report = check(spoiled[1], "cluster_pilot")
    assert (report.found["advice"].str.len() > 5).all()
