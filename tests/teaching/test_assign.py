"""Both editions, the sheet, the key: what is in them, and what is not."""

import pytest
from handed_in import checked

from nqp.papers import Refusal
from nqp.teaching import seed
from nqp.teaching.course import assign, key_of
from nqp.teaching.editions import teachers
from nqp.teaching.needed import needed, reads


def test_the_student_gets_no_solution_and_no_hidden_test(course):
    text = "\n".join(cell.source for cell in course.released.cells)
    for secret in ("own.mean", "secret of the mean", "by_hand", "HIDDEN", "It depends", "what it leaves out"):
        assert secret not in text
        assert secret in "\n".join(cell.source for cell in course.teacher.cells)
    assert "next_one = draws(student + 1)" in text, "scaffolding stays"
    assert "mean is one number" in text, "the visible check stays"


def test_a_notebook_keeps_the_method_that_its_exercises_need_and_no_ledger(course):
    text = "\n".join(cell.source for cell in course.released.cells)
    assert "def draws(seed)" in text
    assert "extra = 0" in text, "a function's names may be made below it"
    assert "A mean is a sum over its count, see the page." in text
    for left_out in ("ledger", "unused", "twice", "With ", "footcite"):
        assert left_out not in text


def test_points_of_an_argued_answer_are_its_rubric(course):
    argued = course.teacher.cells[-1]
    assert argued.metadata.nbgrader.points == 2
    assert argued.metadata.nbgrader.solution
    sheet = (course.folder / "sheet.md").read_text()
    assert "Points: 7, of which 5" in sheet
    assert "Before: arithmetic." in sheet


def test_the_same_chapter_gives_the_same_bytes(course, toy, tmp_path):
    assign(toy, (), str(tmp_path))
    for kind in ("source", "release"):
        file = f"{kind}/{course.name}/{course.name}.ipynb"
        assert (tmp_path / file).read_bytes() == (course.folder / file).read_bytes()


def test_some_exercises_alone(toy):
    notebook, chosen = teachers(toy, ("ex-toy-mean",))
    assert [one.label for one in chosen] == ["ex-toy-mean"]
    assert [c.metadata.nbgrader.grade_id for c in checked(notebook)] == ["ex-toy-mean"]


@pytest.mark.parametrize(
    ("labels", "said"),
    [(("ex-toy-men",), "did you mean ex-toy-mean"), (("ex-toy-two",), "uses `by_hand` of ex-toy-mean")],
)
def test_an_unknown_exercise_and_one_that_rests_on_another_are_refused(toy, labels, said):
    with pytest.raises(Refusal, match=said):
        teachers(toy, labels)


def test_a_chapter_without_exercises_is_refused(toy):
    whole = toy.source.read_text()
    toy.source.write_text(whole.partition("## Exercises")[0])
    try:
        with pytest.raises(Refusal, match="toy/index has no exercises"):
            teachers(toy, ())
    finally:
        toy.source.write_text(whole)


def test_a_folder_holds_one_assignment(course, toy, tmp_path):
    (tmp_path / "source" / "other").mkdir(parents=True)
    (tmp_path / "source" / "other" / "other.ipynb").touch()
    with pytest.raises(Refusal, match="holds the assignment other"):
        assign(toy, (), str(tmp_path))


def test_every_number_has_a_key_of_its_own(toy):
    import numpy as np

    first, second = (key_of(toy, (), number)["ex-toy-mean"] for number in ("7", "8"))
    assert float(first.removeprefix("mean = ")) == np.random.default_rng(7).normal(size=5).mean()
    assert first != second


@pytest.mark.parametrize("number", ["", "12a", "-1", "1" * 16, "１２", "1 2"])
def test_numbers_with_other_characters_are_refused(number):
    with pytest.raises(Refusal, match="write 1 to 15 digits"):
        seed(number)


def test_a_long_number_is_a_seed_below_two_to_the_32():
    assert seed("007") == 7
    assert 0 <= seed("202612345678901") < 2**32


def test_needed_follows_changes_queries_and_loops():
    cells = [
        "x = {}\ny = 1\nz = 2",
        "for name in y, z:\n    x[name] = name",
        "name = 'other'",
        "f = d.query('a > @lim')",
    ]
    assert needed(cells, {"x"}) == [cells[0], cells[1], "", ""]
    assert "lim" in reads(cells[3])
