"""The exercises of the book's own chapters can be assigned."""

import builtins
import subprocess
import sys

import pytest
from click.testing import CliRunner

from nqp.book.chapters import Chapter, all_chapters
from nqp.cli import main
from nqp.teaching.editions import teachers
from nqp.teaching.needed import names

FIT = [c for c in all_chapters() if "# points:" in c.source.read_text()]


@pytest.mark.parametrize("chapter", FIT, ids=lambda c: c.slug)
def test_every_name_of_an_edition_is_made_in_it_and_a_check_reads_the_answer_alone(chapter):
    teacher, chosen = teachers(chapter)
    assert sum(bool(one.check) for one in chosen) >= 2
    assert any(not one.check and one.points for one in chosen)
    code = [cell for cell in teacher.cells if cell.cell_type == "code"]
    linted = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F821", "-"]
    text = "\n\n".join(cell.source for cell in code)
    assert text.count("student_number =") == 1, "a chapter's own name hides the student's number"
    ended = subprocess.run(linted, input=text, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout
    set_up = [cell.source for cell in code if not {*cell.metadata} or cell.metadata.nbgrader.locked]
    set_up = [source for source in set_up if "# points:" not in source]
    known = names("\n".join(set_up))[0] | {*dir(builtins)}
    for one in chosen:
        if one.check:
            assert not names(one.check)[1] - known - {one.answer}, f"{one.label} reads what students make"


def test_a_paper_alone_is_no_assignment():
    ended = CliRunner().invoke(main, ["assign", "open_benchmark"])
    assert ended.exit_code == 1
    assert "name one, such as open_benchmark/index" in ended.output


def test_model_answers_of_a_chapter_are_right_for_numbers_far_apart_and_rest_on_them(capsys):
    told = {}
    for number in ("0", "49", "202612345678"):
        teacher, _ = teachers(Chapter("open_benchmark", "index"), (), number)
        names_of_notebook: dict = {}
        for cell in teacher.cells:
            if cell.cell_type == "code":
                exec(cell.source, names_of_notebook)  # a check stops where an answer is wrong
            if cell.metadata.get("nbgrader", {}).get("grade") and cell.cell_type == "code":
                told.setdefault(cell.metadata.nbgrader.grade_id, set()).add(capsys.readouterr().out)
            capsys.readouterr()
    assert {label: len(answers) for label, answers in told.items()} == dict.fromkeys(told, 3)
    assert len(told) == 3
