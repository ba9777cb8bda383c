"""An assignment from the chapter to the marks: what is in its editions, right marks, a line for every trouble."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from handed_in import Course, answers, checked

from nqp.cli import main
from nqp.papers import Refusal
from nqp.teaching import sandbox
from nqp.teaching.course import assign, roster
from nqp.teaching.editions import teachers
from nqp.teaching.grading import release
from nqp.teaching.marking import Marked, _taken_from, key_of, mark
from nqp.teaching.needed import names, needed
from nqp.teaching.numbers import hand_in, seed

ESCAPE = """
import os, pathlib, socket
for place in ({places}):
    try:
        pathlib.Path(place).write_text("changed")
    except OSError as refused:
        print("refused", type(refused).__name__)
for pid in os.listdir("/proc"):
    if pid.isdigit() and int(pid) not in (1, os.getpid(), os.getppid()):
        try:
            os.kill(int(pid), 9)
        except OSError:
            pass
socket.create_connection(("192.0.2.1", 80), timeout=20)
"""
SCRIPT = (
    "from IPython.display import HTML, display\ndisplay(HTML('<script>alert(1)</script>'))\nprint(object())\n"
)


def answer_with(*sources):
    """Replace the first answers."""

    def spoil(notebook):
        for cell, source in zip(answers(notebook), sources, strict=False):
            cell.source = source

    return spoil


def sleep_and_edit_the_tests(notebook):
    for cell in checked(notebook):
        cell.source = "pass"
    answers(notebook)[0].source = "import time\nown, mean = draws(student), 0.0\ntime.sleep(1000)"


def copy_and_delete_an_exercise(notebook):
    notebook.cells.remove(answers(notebook)[1])
    notebook.cells.remove(checked(notebook)[1])
    answers(notebook)[0].source = "student = 101\nown = draws(student)\nmean = own.mean()"


SPOILED = {  # who: how, points, what the report says
    "201": (
        answer_with("this is no python", "hold = bytearray(10**10)"),
        0,
        ["cells stop with SyntaxError, MemoryError"],
    ),
    "202": (
        sleep_and_edit_the_tests,
        3,
        ["cells stop with KeyboardInterrupt, CellTimeoutError", "edited: ex-toy-mean", "edited: ex-toy-two"],
    ),
    "203": (
        copy_and_delete_an_exercise,
        0,
        [
            "deleted: ex-toy-two-answer",
            "deleted: ex-toy-two",
            "ex-toy-mean: wrong, and the right answer for 101",
        ],
    ),
}
REFUSED = {
    "207": "it holds the number '101', its file name says 207",
    "208": "of another assignment: another-index",
    "209": "no notebook",
    "210": "210 holds 0 files",
    "abc": "the student number is 'abc'",
    "12": "12.txt holds 1 files instead of one notebook",
    "211": "211 is handed in 2 times",
    "999": "nothing handed in",
}


@pytest.fixture(scope="module")
def marked(course, tmp_path_factory):
    """One run over students who solve and students who spoil, through the command; returns marks by number."""
    other = tmp_path_factory.mktemp("outside") / "file"
    other.write_text("as it was")
    course.hand_in("101")
    for number, (spoil, _, _) in SPOILED.items():
        course.hand_in(number, spoil)
    course.hand_in("207", inside="101")
    course.hand_in("208", lambda notebook: notebook.metadata.nqp.update(assignment="another-index"))
    for name in ("209.ipynb", "12.txt", "abc.ipynb"):
        (course.folder / "submitted" / name).write_text("no notebook")
    (course.folder / "submitted" / "210").mkdir()
    course.hand_in("211")
    (course.folder / "submitted" / "211").mkdir()
    places = [other, course.folder / "submitted" / "101.ipynb", course.folder / "gradebook.db"]
    escape = ESCAPE.format(places=", ".join(repr(str(place)) for place in [*places, Path.cwd() / "escaped"]))
    course.hand_in("206", answer_with(f"own = draws(student)\n{SCRIPT}{escape}"))
    before = {
        place: place.read_bytes() for place in [*places, *(course.folder / "submitted").glob("*.ipynb")]
    }
    students = course.folder / "roster.csv"
    students.write_text("number,name\n101,=1+1\n999,Absent\n")
    said = ["mark", str(course.folder), "--students", str(students), "--seconds", "25", "--jobs", "2"]
    ended = CliRunner().invoke(main, said)
    assert ended.exit_code == 0, ended.output
    assert "5 of 14 marked" in ended.output
    if sandbox.closed():
        assert before == {place: place.read_bytes() for place in before}
        assert not (Path.cwd() / "escaped").exists()
    marks = course.folder / "marks" / "marks.csv"
    return pd.read_csv(marks, dtype={"number": str}, keep_default_na=False).set_index("number")


def test_a_solved_notebook_gets_full_marks_and_its_argument_awaits_a_reader(marked):
    assert marked.loc["101", "points"] == marked.loc["101", "out_of"] == 5
    assert marked.loc["101", "remarks"] == "ex-toy-argue awaits a reader"
    assert marked.loc["101", "name"] == "'=1+1", "no text of a roster runs as a formula"


@pytest.mark.parametrize("number", SPOILED)
def test_a_spoiled_notebook_is_reported_and_the_rest_of_it_marked(marked, number):
    _, points, said = SPOILED[number]
    assert marked.loc[number, "points"] == points
    for one in said:
        assert one in marked.loc[number, "remarks"]
    assert "not on the roster" in marked.loc[number, "remarks"]


@pytest.mark.parametrize("number", REFUSED)
def test_what_cannot_be_marked_has_a_line(marked, number):
    lines = marked.loc[[number]]
    assert not lines["marked"].any()
    assert lines["remarks"].str.contains(REFUSED[number], regex=False).all()


@pytest.mark.skipif(not sandbox.closed(), reason="the system closes no process off")
def test_a_submission_reaches_no_file_no_process_and_no_network(marked, course):
    page = (course.folder / "marks" / "feedback" / "206.html").read_text()
    assert page.count("refused OSError") == 4
    assert "cells stop with OSError" in marked.loc["206", "remarks"]
    assert marked.loc["206", "points"] == 3


def test_feedback_gives_the_hint_and_neither_hidden_tests_nor_scripts(marked, course):
    page = (course.folder / "marks" / "feedback" / "202.html").read_text()
    assert "divide the sum by the count" in page
    assert "by_hand" not in page
    assert "Score: 3.0 / 7.0" in page
    page = (course.folder / "marks" / "feedback" / "206.html").read_text()
    assert "&lt;object object at 0x&gt;" in page, "addresses differ from run to run"
    assert "<script>alert(1)" not in page


def test_the_summary_has_a_picture_and_says_how_submissions_ran(marked, course):
    page = (course.folder / "marks" / "summary.html").read_text()
    assert len(re.findall("<rect ", page)) == 6, "a bar for each number of points from 0 to 5"
    assert ("without network" in page) == sandbox.closed()


def test_twice_gives_the_same_bytes_and_marks_do_not_depend_on_others(marked, course, tmp_path):
    for folder in ("release", "submitted"):
        shutil.copytree(
            course.folder / folder, tmp_path / folder, ignore=shutil.ignore_patterns("1*", "20[1-5]*")
        )
    shutil.copy(course.folder / "gradebook.db", tmp_path)
    assert CliRunner().invoke(main, ["mark", str(tmp_path), "--seconds", "25"]).exit_code == 0
    first, again = (folder / "marks" / "feedback" for folder in (course.folder, tmp_path))
    assert (first / "206.html").read_bytes() == (again / "206.html").read_bytes()
    lines = (tmp_path / "marks" / "marks.csv").read_text().splitlines()
    assert "206,,0.0,3.0,3.0,5,True,ex-toy-argue awaits a reader; cells stop with OSError" in lines


def test_answers_of_others_are_seen_only_where_numbers_hardly_recur():
    right = Marked("1", points={"a": 1, "b": 1, "c": 1}, answers={"a": 0.25, "b": [0.5, 1.5], "c": True})
    wrong = Marked("2", points={"a": 0, "b": 0, "c": 0}, answers={"a": 0.250001, "b": [0.5, 1.5], "c": True})
    said = ["a: wrong, and the right answer for 1", "b: wrong, and the right answer for 1"]
    assert list(_taken_from(right, wrong)) == said
    wrong.answers |= {"a": 0.26, "b": [0.5, 1.5, 2.5]}
    assert list(_taken_from(right, wrong)) == []


def test_nbgraders_own_commands_take_the_folder(toy, course, tmp_path):
    shutil.copytree(course.folder / "source", tmp_path / "source")
    for number, notebook in (("101", course.solved("101")), ("102", course.unsolved("102"))):
        place = tmp_path / "submitted" / number / course.name / f"{course.name}.ipynb"
        place.parent.mkdir(parents=True)
        nbformat.write(notebook, place)
    for command in ("generate_assignment", "autograde", "generate_feedback"):
        said = [sys.executable, "-m", "nbgrader", command, course.name, "--course-dir", str(tmp_path)]
        subprocess.run(said, cwd=tmp_path, check=True, capture_output=True)
    assert Course(tmp_path).released == course.released
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as book:
        scores = {number: book.find_submission(course.name, number).score for number in ("101", "102")}
    assert scores == {"101": 5, "102": 0}
    assert (tmp_path / "feedback" / "101" / course.name / f"{course.name}.html").is_file()


def test_the_student_gets_no_solution_and_no_hidden_test(course):
    text = "\n".join(cell.source for cell in course.released.cells)
    for secret in ("own.mean", "by_hand", "HIDDEN", "It depends", "what it leaves out"):
        assert secret not in text
        assert secret in "\n".join(cell.source for cell in course.teacher.cells)
    assert "next_one = draws(student + 1)" in text, "scaffolding stays"
    assert "mean is one number" in text, "the visible check stays"


def test_a_notebook_keeps_the_method_that_its_exercises_need_and_no_ledger(course):
    text = "\n".join(cell.source for cell in course.released.cells)
    assert "def draws(seed)" in text
    assert "extra = 0" in text, "a function's names may be made below it"
    assert "ledger.close" not in text


def test_points_of_an_argued_answer_are_its_rubric(course):
    argued = course.teacher.cells[-1]
    assert argued.metadata.nbgrader.points == 2
    assert argued.metadata.nbgrader.solution
    sheet = (course.folder / "sheet.md").read_text()
    assert "Points: 7, of which 5" in sheet
    assert "Before: arithmetic." in sheet
    assert "1. *Run it.* Take the mean of `draws` with your number. (2)" in sheet


def test_the_same_chapter_gives_the_same_bytes(course, toy, tmp_path):
    teacher, _ = teachers(toy)
    release(teacher, tmp_path)
    for kind in ("source", "release"):
        file = f"{kind}/{course.name}/{course.name}.ipynb"
        assert (tmp_path / file).read_bytes() == (course.folder / file).read_bytes()


def test_some_exercises_alone(toy):
    notebook, chosen = teachers(toy, ("ex-toy-mean",))
    assert [one.label for one in chosen] == ["ex-toy-mean"]
    assert [c.metadata.nbgrader.grade_id for c in checked(notebook)] == ["ex-toy-mean"]


@pytest.mark.parametrize(
    ("labels", "said"),
    [(("ex-toy-men",), "did you mean ex-toy-mean"), (("ex-toy-two",), "`own` of ex-toy-mean is used")],
)
def test_an_unknown_exercise_and_one_that_rests_on_another_are_refused(toy, labels, said):
    with pytest.raises(Refusal, match=said):
        teachers(toy, labels)


def test_a_chapter_without_exercises_is_refused(toy):
    whole = toy.source.read_text()
    toy.source.write_text(whole.partition("## Exercises")[0])
    try:
        with pytest.raises(Refusal, match="toy/index has no exercises"):
            teachers(toy)
    finally:
        toy.source.write_text(whole)


def test_a_folder_holds_one_assignment(toy, tmp_path):
    (tmp_path / "source" / "other").mkdir(parents=True)
    (tmp_path / "source" / "other" / "other.ipynb").touch()
    with pytest.raises(Refusal, match="holds the assignment other"):
        assign(toy, (), str(tmp_path))


def test_a_number_has_a_key_of_its_own(toy):
    key = key_of(toy, ("ex-toy-mean",), "7")
    assert key == {"ex-toy-mean": np.random.default_rng(7).normal(size=5).mean()}


@pytest.mark.parametrize("number", ["", "12a", "-1", "1" * 16, "１２", "1 2"])
def test_numbers_with_other_characters_are_refused(number):
    with pytest.raises(Refusal, match="write 1 to 15 digits"):
        seed(number)


def test_a_long_number_is_a_seed_below_two_to_the_32():
    assert seed("007") == 7
    assert seed("202612345678901") == 202612345678901 % 2**32


@pytest.mark.parametrize(
    ("answer", "written"),
    [(np.float64(0.5), "0.5"), ([np.int64(2), True], "[2, true]"), (np.eye(2)[0], "[1.0, 0.0]")],
)
def test_an_answer_is_written_down(answer, written, capsys):
    assert hand_in("8", answer) == 8
    assert capsys.readouterr().out == f"{written}\n"


@pytest.mark.parametrize(
    ("text", "said"), [("id,name\n1,a\n", "no column `number`"), ("number\n1\n2\n1\n", "more than once: 1")]
)
def test_a_bad_roster_is_refused(tmp_path, text, said):
    (tmp_path / "roster.csv").write_text(text)
    with pytest.raises(Refusal, match=said):
        roster(str(tmp_path / "roster.csv"))


def test_folders_without_assignment_or_submissions_and_with_none_that_counts(course, tmp_path):
    ended = CliRunner().invoke(main, ["mark", str(tmp_path)])
    assert ended.exit_code == 1
    assert "holds 0 assignments" in ended.output
    shutil.copytree(course.folder / "release", tmp_path / "release")
    shutil.copy(course.folder / "gradebook.db", tmp_path)
    (tmp_path / "submitted").mkdir()
    ended = CliRunner().invoke(main, ["mark", str(tmp_path)])
    assert ended.exit_code == 1
    assert "is empty" in ended.output
    (tmp_path / "submitted" / "1.ipynb").write_text("{}")
    ended = CliRunner().invoke(main, ["mark", str(tmp_path)])
    assert ended.exit_code == 1
    assert "nothing could be marked" in ended.output
    assert len(pd.read_csv(tmp_path / "marks" / "marks.csv")) == 1


def test_where_nothing_closes_a_process_off_limits_hold(course, monkeypatch):
    monkeypatch.setattr(sandbox, "closed", lambda: False)
    notebook = course.solved("303")
    answers(notebook)[0].source = "open('large', 'wb').write(bytes(60 * 2**20))"
    answers(notebook)[1].source = "hold = bytearray(10**10)"
    graded, _ = sandbox.grade(nbformat.writes(notebook), course.folder, "303", 30)
    ran = nbformat.reads(graded, as_version=4)
    assert [cell.outputs[-1].ename for cell in answers(ran)] == ["OSError", "MemoryError"]


def test_what_outlasts_everything_and_what_kills_its_kernel_has_a_remark(course, tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "STARTING", 0)
    slow, dead = course.solved("304"), course.solved("305")
    slow.cells += [nbformat.v4.new_code_cell("import time\ntime.sleep(60)") for _ in range(10)]
    answers(dead)[0].source = "import os\nos._exit(1)"
    assert sandbox.grade(nbformat.writes(slow), course.folder, "304", 1) == ("", "ended after 3 seconds")
    monkeypatch.undo()
    nbformat.write(dead, tmp_path / "305.ipynb")
    (one,) = mark(course.folder, [tmp_path / "305.ipynb"], 60)
    assert "its kernel died" in one.remarks[-1]
    assert not one.page


def test_needed_follows_changes_queries_and_loops():
    cells = [
        "x = {}\ny = 1\nz = 2",
        "for name in y, z:\n    x[name] = name",
        "lim = 2",
        "lim = 3",
        "f = d.query('a > @lim')",
        "ledger.record(x, f)",
    ]
    assert needed(cells, {"x"}) == cells[:2]
    assert needed(cells, {"f"}) == cells[3:5]
    assert names("def f(): return g(h)\nfor i in n: f(i)") == ({"f", "i"}, {"g", "h", "n"})
