"""What a chapter's parameters take, said in the chapter and refused before anything runs."""

import subprocess
import sys

import pytest
from chapter_cases import write_chapter

from nqp.book.chapters import Chapter, ChapterError, all_chapters
from nqp.book.given import check, parse_pairs
from nqp.book.parameters import read_cell
from nqp.book.run import run

INDEX = Chapter("open_benchmark", "index")
CELL = """evidence = "twin"  # one of: twin, licensed
window = 7  # 2 to 7
power = 1  # one of: 1, 2
draws = 500  # at least 2
reach = 300.0  # above 0
growth = 0.004  # any number
world = "as_printed"  # a world of the twin
other = "as_printed"  # a world of the twin of cluster_pilot
who = "all"  # one of: all, a paper
city = 420100  # a city of the open panel
lee_yu = True
note = ""
"""
TAKEN = [
    ("evidence", "licensed", "licensed"),
    ("window", "2", 2),
    ("window", "007", 7),
    ("power", "2", 2),
    ("reach", "1e-3", 0.001),
    ("reach", "12", 12.0),
    ("growth", "-1E-3", -0.001),
    ("world", "valid_instruments", "valid_instruments"),
    ("who", "dual_pilot", "dual_pilot"),
    ("city", "110000", 110000),
    ("lee_yu", "False", False),
    ("lee_yu", "true", True),
    ("note", "1:30", "1:30"),
]
REFUSED = [
    ("evidence", "licenced", r"'licenced' \(did you mean licensed\?\); it takes one of twin, licensed"),
    ("window", "8", "'8'; it takes a whole number, 2 to 7"),
    ("window", "1", "'1'; it takes a whole number, 2 to 7"),
    ("window", "3.0", "'3.0'; it takes a whole number, 2 to 7"),
    ("window", "0x7", "'0x7'; it takes a whole number, 2 to 7"),
    ("window", True, "True; it takes a whole number, 2 to 7"),
    ("power", "3", "'3'; it takes one of 1, 2"),
    ("draws", "1", "'1'; it takes a whole number, at least 2"),
    ("draws", "1e3", "'1e3'; it takes a whole number, at least 2"),
    ("reach", "0", "'0'; it takes a number, above 0"),
    ("growth", "nan", "'nan'; it takes a number"),
    ("growth", "small", "'small'; it takes a number"),
    ("world", "best_of_all", "'best_of_all'; it takes one of as_printed, exclusion_violated"),
    ("who", "dual", "'dual'.*it takes one of all, open_benchmark, cluster_pilot"),
    ("city", "1", "'1'; it takes a city of the open panel"),
    ("lee_yu", "1", "'1'; it takes true or false"),
    ("note", 3, "3; it takes text"),
]


@pytest.fixture(scope="module")
def cell():
    return read_cell(CELL, "cluster_pilot")


@pytest.mark.parametrize(("name", "given", "meant"), TAKEN)
def test_a_value_is_read_as_the_type_declared(cell, name, given, meant):
    read = cell[name].read(given)
    assert (read, type(read)) == (meant, type(meant))


@pytest.mark.parametrize(("name", "given", "said"), REFUSED)
def test_a_value_that_is_not_taken_is_refused_with_those_that_are(cell, name, given, said):
    with pytest.raises(ChapterError, match=f"{name} is {said}"):
        cell[name].read(given)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a = 1  # tow to 7", "a has the comment 'tow to 7', which says no allowed values; use `one of"),
        ("a = 1  # one of: 1, two", "a has the comment 'one of: 1, two', which says no allowed values"),
        ("a = 'x'  # 1 to 7", "a has the comment '1 to 7', which says no allowed values"),
        ("a = 9  # 2 to 7", "a is 9; it takes a whole number, 2 to 7"),
        ("a = [1]", r"a parameter is a line such as `seed = 1`, not 'a = \[1\]'"),
        ("a = b = 1", "a parameter is a line such as `seed = 1`, not 'a = b = 1'"),
        ("print(1)", r"a parameter is a line such as `seed = 1`, not 'print\(1\)'"),
    ],
)
def test_a_declaration_of_another_form_is_refused(line, said):
    with pytest.raises(ChapterError, match=said):
        read_cell(line, "cluster_pilot")


@pytest.mark.usefixtures("small_book")
def test_a_cell_that_is_no_python_is_named():
    path = INDEX.source
    path.write_text(path.read_text().replace("seed = 3", "seed = = 3"))
    with pytest.raises(ChapterError, match="open_benchmark/index: invalid syntax"):
        _ = Chapter("open_benchmark", "index").parameters
    path.write_text(path.read_text().replace("[parameters]", "[other]"))
    with pytest.raises(ChapterError, match="has 0 cells tagged `parameters`; it needs one"):
        _ = Chapter("open_benchmark", "index").parameters


def test_unknown_parameters_are_refused_before_anything_runs(small_book):
    with pytest.raises(
        ChapterError,
        match=r"index has no parameter 'seeed' \(did you mean seed\?\); its parameters are seed = 3",
    ):
        run([INDEX], {"seeed": 3})
    with pytest.raises(ChapterError, match="index: share is 2.0; it takes a number, 0 to 1"):
        run([INDEX], {"share": 2.0})
    assert not INDEX.executed.exists()


def test_of_several_chapters_those_take_a_parameter_that_have_it(small_book):
    other = Chapter("open_benchmark", "baseline")
    other.source.write_text(INDEX.source.read_text().replace("seed = 3", "reach = 9"))
    assert check([INDEX, other], {"seed": 4, "reach": 8}) == {INDEX: {"seed": 4}, other: {"reach": 8}}
    with pytest.raises(ChapterError, match="has no parameter 'seeed'"):
        check([INDEX, other], {"seeed": 4})


def test_a_licensed_file_that_is_not_there_is_refused_before_anything_runs(small_book):
    write_chapter(small_book, "cluster_pilot", "index", "1", "evidence = 'twin'\nlicensed_file = ''")
    chapter = Chapter("cluster_pilot", "index")
    for given, said in (
        (
            {"evidence": "licensed"},
            r"no licensed file: none of data/raw/cluster_pilot\.csv, .*nqp data template",
        ),
        ({"licensed_file": "nowhere.csv"}, "licensed_file names no file; give its full path"),
    ):
        with pytest.raises(Exception, match=said):
            run([chapter], given)
    assert not (small_book / "build" / "failed").exists()


def test_parameter_pairs():
    assert parse_pairs(["seed=010", "who=a=b", "on="]) == {"seed": "010", "who": "a=b", "on": ""}
    with pytest.raises(ChapterError, match="'seed' is not of the form name=value"):
        parse_pairs(["seed"])
    with pytest.raises(ChapterError, match="'seed' is given twice"):
        parse_pairs(["seed=1", "seed=2"])


@pytest.mark.parametrize("chapter", all_chapters(), ids=lambda c: c.slug)
def test_every_parameter_of_the_book_says_what_it_takes(chapter):
    for one in chapter.parameters.values():
        assert one.declared or isinstance(one.default, bool), one.name
        assert one.read(str(one.default)) == one.default


def test_a_refusal_imports_nothing_slow():
    code = (
        "import sys\nfrom nqp.cli import main\n"
        "try:\n    main(['run', 'cluster_pilot/baseline', '-p', 'evidence=foo'])\n"
        "except SystemExit as ended:\n"
        "    print(ended.code, [m for m in ('pandas', 'numpy', 'joblib', 'papermill') if m in sys.modules])\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "1 []\n"
    assert "evidence is 'foo'; it takes one of twin, licensed" in ended.stderr
