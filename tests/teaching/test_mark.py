"""Marking: right marks, one line for each kind of trouble, nothing lost, nothing changed outside."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from click.testing import CliRunner
from handed_in import Course, answers, checked

from nqp.cli import main
from nqp.papers import Refusal
from nqp.teaching import sandbox
from nqp.teaching.course import assign, roster, submissions
from nqp.teaching.marking import Marked, mark
from nqp.teaching.report import marks_of, write_report
from nqp.teaching.sandbox import Limits, closed
from nqp.teaching.truth import STOPPED, judge

OUTSIDE = """
import os, pathlib
for place in ({places}):
    try:
        pathlib.Path(place).write_text("changed")
    except OSError as refused:
        print(type(refused).__name__)
for pid in os.listdir("/proc"):
    if pid.isdigit() and int(pid) not in (1, os.getpid(), os.getppid()):
        os.kill(int(pid), 9)
"""
NETWORK = "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=20)\n"


def answer_with(source):
    """Spoil the first answer."""
    return lambda notebook: answers(notebook)[0].__setitem__("source", source)


def delete_a_check(notebook):
    notebook.cells.remove(checked(notebook)[0])


def edit_the_tests(notebook):
    for cell in checked(notebook):
        cell.source = "pass"
    answers(notebook)[0].source = "own, mean = draws(student), 0.0"


def other_assignment(notebook):
    notebook.metadata.nqp.assignment = "another-index"


SPOILED = {
    "201": (answer_with("this is no python"), 0, "2 cells stop: SyntaxError, NameError"),
    "202": (answer_with("own = draws(student)\nwhile True: pass"), 3, "interrupted: a cell took too long"),
    "203": (answer_with("own = draws(student)\nhold = bytearray(10**10)"), 3, "MemoryError"),
    "204": (delete_a_check, 5, "cells deleted and put back: ex-toy-mean"),
    "205": (edit_the_tests, 3, "locked cells edited and put back"),
    "206": (
        answer_with("own = draws(101)\nmean = own.mean()"),
        0,
        "ex-toy-mean: wrong, and the right answer for 101",
    ),
    "208": (other_assignment, 0, "of another assignment: another-index"),
    "209": (answer_with("own = draws(student)\nmean = object()"), 3, "ex-toy-mean: an answer is a number"),
    "212": (
        answer_with("own = draws(student)\nmean = 0.0\nabs = lambda x: 0"),
        3,
        "",
    ),
}


@pytest.fixture(scope="module")
def marked(course, tmp_path_factory):
    """One run over students who solve and students who spoil, through the command; returns marks by number."""
    other = tmp_path_factory.mktemp("outside") / "file"
    other.write_text("as it was")
    for number in ("101", "102", "20260103"):
        course.hand_in(number)
    for number, (spoil, _, _) in SPOILED.items():
        course.hand_in(number, spoil)
    course.hand_in("207", inside="101")
    (course.folder / "submitted" / "210.ipynb").write_text("no notebook")
    (course.folder / "submitted" / "211").mkdir()
    nbformat.write(course.unsolved("213"), course.folder / "submitted" / "213.ipynb")
    places = [
        other,
        course.folder / "submitted" / "101.ipynb",
        course.folder / "source" / "x",
        Path.cwd() / "escaped",
    ]
    course.hand_in(
        "214", answer_with(OUTSIDE.format(places=", ".join(repr(str(p)) for p in places)) + "own = draws(1)")
    )
    course.hand_in("215", answer_with(NETWORK))
    before = {p: p.read_bytes() for p in [other, *(course.folder / "submitted").glob("*.ipynb")]}
    names = course.folder / "roster.csv"
    names.write_text("number,name\n101,=1+1\n999,Absent\n")
    ended = CliRunner().invoke(
        main, ["mark", str(course.folder), "--students", str(names), "--seconds", "8", "--jobs", "2"]
    )
    assert ended.exit_code == 0, ended.output
    if closed():
        assert before == {p: p.read_bytes() for p in before}
        assert not (Path.cwd() / "escaped").exists()
        assert not (course.folder / "source" / "x").exists()
    return pd.read_csv(
        course.folder / "marks" / "marks.csv", dtype={"number": str}, keep_default_na=False
    ).set_index("number")


def test_solved_notebooks_get_full_marks_and_unsolved_ones_none(marked):
    assert (marked.loc[["101", "102", "20260103"], "points"] == 5).all()
    assert (marked.loc[["101", "102"], "to_read"] == "ex-toy-argue").all()
    assert marked.loc["213", "points"] == 0
    assert marked.loc["213", "to_read"] == ""


@pytest.mark.parametrize("number", SPOILED)
def test_a_spoiled_notebook_is_reported_and_the_rest_of_it_marked(marked, number):
    _, points, said = SPOILED[number]
    assert marked.loc[number, "points"] == points
    assert said in marked.loc[number, "remarks"]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("207", "holds the number '101', its file name says 207"),
        ("208", "another assignment"),
        ("210", "no notebook"),
        ("211", "0 notebooks"),
        ("999", "nothing handed in"),
    ],
)
def test_what_cannot_be_marked_has_a_line(marked, number, said):
    assert not marked.loc[number, "marked"]
    assert said in marked.loc[number, "remarks"]


def test_the_roster_names_students_and_strangers(marked):
    assert marked.loc["101", "name"] == "'=1+1", "no text of a roster runs as a formula"
    assert "not on the roster" in marked.loc["102", "remarks"]


@pytest.mark.skipif(not closed(), reason="the system closes no process off")
def test_a_submission_reaches_no_file_no_process_and_no_network(marked, course):
    page = (course.folder / "marks" / "feedback" / "214.html").read_text()
    assert page.count("OSError") >= 4
    assert "OSError" in marked.loc["215", "remarks"]


def test_feedback_gives_the_hint_and_neither_hidden_tests_nor_scripts(marked, course):
    page = (course.folder / "marks" / "feedback" / "205.html").read_text()
    assert "divide the sum by the count" in page
    assert "by_hand" not in page
    assert "Score: 3.0 / 5.0" in page


def test_the_summary_has_a_picture_and_says_how_submissions_ran(marked, course):
    page = (course.folder / "marks" / "summary.html").read_text()
    assert "<svg" in page
    assert ("without network" in page) == closed()


def test_twice_gives_the_same_bytes(course, tmp_path):
    path = course.folder / "source" / course.name / f"{course.name}.ipynb"
    notebook = course.solved("301")
    answers(notebook)[1].source = "print(object())\n1 / 0"
    (tmp_path / "submitted").mkdir()
    nbformat.write(notebook, tmp_path / "submitted" / "301.ipynb")
    runs = []
    for _ in range(2):
        done = mark(path, course.released, list(submissions(tmp_path)), Limits(60), 1, tell=lambda _: None)
        marks = marks_of(done, course.teacher, {})
        files = write_report(tmp_path / "marks", done, course.teacher, marks, "")
        runs.append([file.read_bytes() for file in files])
    assert len(runs[0]) == 3
    assert runs[0] == runs[1]


def test_scripts_in_outputs_do_not_reach_feedback(course, tmp_path):
    notebook = course.solved("302")
    script = "<script>alert(1)</script>"
    shown = {"text/html": script, "text/plain": "plain"}
    answers(notebook)[0].outputs = [nbformat.v4.new_output("display_data", shown)]
    notebook.cells.append(nbformat.v4.new_markdown_cell(f"**bold** {script}"))
    one = Marked("302", notebook, counts=True)
    write_report(tmp_path, [one], course.teacher, marks_of([one], course.teacher, {}), "")
    page = (tmp_path / "feedback" / "302.html").read_text()
    assert "<strong>bold</strong>" in page
    assert "plain" in page
    assert "<script>alert(1)" not in page


def test_marks_do_not_depend_on_who_else_hands_in(course):
    path = course.folder / "source" / course.name / f"{course.name}.ipynb"
    alone = [judge(path, [(number, {})], 1)[0] for number in ("7", "8")]
    assert judge(path, [("8", {}), ("7", {}), ("8", {})], 2) == [alone[1], alone[0], alone[1]]


def test_teachers_answers_are_right_for_many_seeds(course):
    path = course.folder / "source" / course.name / f"{course.name}.ipynb"
    numbers = [str(number) for number in range(6)]
    keys = judge(path, [(number, {}) for number in numbers], 2)
    answered = [{label: said["key"] for label, said in one.items()} for one in keys]
    for answers_of, right in ((answered, True), ([*answered[1:], answered[0]], False)):
        said = judge(path, list(zip(numbers, answers_of, strict=True)), 2)
        assert {each["right"] for one in said for each in one.values()} == {right}


def test_where_the_model_answer_stops_for_one_number_the_others_are_judged(course, tmp_path):
    broken = nbformat.reads(nbformat.writes(course.teacher), as_version=4)
    answers(broken)[0].source += "\nif student == 8: raise ValueError('no such draw')"
    nbformat.write(broken, tmp_path / "broken.ipynb")
    first, stopped = judge(tmp_path / "broken.ipynb", [("7", {}), ("8", {})], 1)
    assert set(first) == {"ex-toy-mean", "ex-toy-two"}
    assert stopped == {STOPPED: "the model answer stops for 8: ValueError: no such draw"}
    (tmp_path / "submitted").mkdir()
    nbformat.write(course.solved("8"), tmp_path / "submitted" / "8.ipynb")
    handed_in = list(submissions(tmp_path))
    (one,) = mark(tmp_path / "broken.ipynb", course.released, handed_in, Limits(60), 1, tell=lambda _: None)
    assert not one.counts
    assert "stops for 8" in one.remarks[-1]


def test_a_set_up_that_stops_is_refused(course, tmp_path):
    broken = nbformat.reads(nbformat.writes(course.teacher), as_version=4)
    next(c for c in broken.cells if "def draws" in c.source).source = "raise ValueError('no such thing')"
    nbformat.write(broken, tmp_path / "broken.ipynb")
    with pytest.raises(Refusal, match="stops: ValueError: no such thing"):
        judge(tmp_path / "broken.ipynb", [("1", {})], 1)


@pytest.mark.parametrize(
    ("text", "said"), [("id,name\n1,a\n", "no column `number`"), ("number\n1\n2\n1\n", "more than once: 1")]
)
def test_a_bad_roster_is_refused(tmp_path, text, said):
    (tmp_path / "roster.csv").write_text(text)
    with pytest.raises(Refusal, match=said):
        roster(str(tmp_path / "roster.csv"))


def test_folders_without_submissions_or_assignment_are_refused(toy, tmp_path):
    ended = CliRunner().invoke(main, ["mark", str(tmp_path)])
    assert ended.exit_code == 1
    assert "holds 0 assignments" in ended.output
    assign(toy, (), str(tmp_path))
    ended = CliRunner().invoke(main, ["mark", str(tmp_path)])
    assert ended.exit_code == 1
    assert "is empty" in ended.output


def test_where_nothing_can_be_marked_the_exit_code_says_so_and_the_report_why(toy, tmp_path):
    assign(toy, (), str(tmp_path))
    for name in ("1.ipynb", "2.txt", "abc.ipynb"):
        (tmp_path / "submitted" / name).write_text("{}")
    ended = CliRunner().invoke(main, ["mark", str(tmp_path)])
    assert ended.exit_code == 1
    assert "nothing could be marked" in ended.output
    assert len(pd.read_csv(tmp_path / "marks" / "marks.csv")) == 3


def test_nbgraders_own_commands_take_the_folder(toy, tmp_path):
    assign(toy, (), str(tmp_path))
    course = Course(tmp_path)
    for number, notebook in (("101", course.solved("101")), ("102", course.unsolved("102"))):
        place = tmp_path / "submitted" / number / course.name / f"{course.name}.ipynb"
        place.parent.mkdir(parents=True)
        nbformat.write(notebook, place)
    released = tmp_path / "release" / course.name / f"{course.name}.ipynb"
    ours = nbformat.read(released, as_version=4)
    shutil.rmtree(tmp_path / "release")
    for command in ("generate_assignment", "autograde", "generate_feedback"):
        said = [sys.executable, "-m", "nbgrader", command, course.name, "--course-dir", str(tmp_path)]
        subprocess.run(said, cwd=tmp_path, check=True, capture_output=True)
    theirs = nbformat.read(released, as_version=4)
    assert [c.source for c in theirs.cells] == [c.source for c in ours.cells]
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as book:
        scores = {number: book.find_submission(course.name, number).score for number in ("101", "102")}
    assert scores == {"101": 5, "102": 0}
    assert (tmp_path / "feedback" / "101" / course.name / f"{course.name}.html").is_file()


def test_where_nothing_closes_a_process_off_limits_hold(course, monkeypatch):
    monkeypatch.setattr(sandbox, "closed", lambda: False)
    notebook = course.solved("303")
    answers(notebook)[0].source = "open('large', 'wb').write(bytes(10**7))"
    answers(notebook)[1].source = "hold = bytearray(10**10)"
    ran, stopped = sandbox.run(notebook, Limits(seconds=30, memory=2048, file=1))
    assert not stopped
    assert [cell.outputs[-1].ename for cell in answers(ran)] == ["OSError", "MemoryError"]


def test_a_notebook_that_outlasts_everything_is_ended(course):
    notebook = course.solved("304")
    notebook.cells += [nbformat.v4.new_code_cell("import time\ntime.sleep(60)") for _ in range(10)]
    assert sandbox.run(notebook, Limits(seconds=1)) == (None, "ended after 3 seconds")
