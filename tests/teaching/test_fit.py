"""The exercises of the book's own chapters can be assigned."""

import builtins

import nbformat
import pytest
from click.testing import CliRunner

from nqp.book.chapters import Chapter, all_chapters
from nqp.cli import main
from nqp.teaching.editions import students, teachers
from nqp.teaching.needed import statements
from nqp.teaching.truth import judge

FIT = [
    c for c in all_chapters() if "{glance}" in c.source.read_text() and "# points:" in c.source.read_text()
]


@pytest.mark.parametrize("chapter", FIT, ids=lambda c: c.slug)
def test_every_chapter_gives_editions_in_which_each_name_is_made_before_it_is_read(chapter):
    teacher, chosen = teachers(chapter, ())
    assert sum(bool(one.check) for one in chosen) >= 2
    assert any(not one.check and one.points for one in chosen)
    made = {*dir(builtins), "number"}
    for cell in teacher.cells:
        if cell.cell_type == "code":
            for statement in statements(cell.source):
                # a function may read what is made before it is called; an inner name may look like an outer one
                unknown = statement.reads - made - statement.makes
                assert not unknown, f"{statement.source}: {unknown}"
                made |= statement.makes
    student = "\n".join(cell.source for cell in students(teacher).cells)
    assert "HIDDEN TESTS" not in student
    assert "\nledger." not in student


def test_the_command_says_what_is_wrong():

    ended = CliRunner().invoke(main, ["assign", "open_benchmark"])
    assert ended.exit_code == 1
    assert "name one, such as open_benchmark/index" in ended.output


def test_model_answers_of_a_chapter_are_right_for_seeds_far_apart(tmp_path):
    teacher, _ = teachers(Chapter("open_benchmark", "index"), ())
    nbformat.write(teacher, tmp_path / "teacher.ipynb")
    numbers = ["0", "49", "202612345678"]
    keys = judge(tmp_path / "teacher.ipynb", [(number, {}) for number in numbers], 1)
    answered = [
        (number, {label: said["key"] for label, said in one.items()})
        for number, one in zip(numbers, keys, strict=True)
    ]
    assert all(s["right"] for one in judge(tmp_path / "teacher.ipynb", answered, 1) for s in one.values())
