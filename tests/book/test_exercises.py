"""Exercises have the form that marking relies on, in every chapter that has a box at a glance."""

import re

import pytest
from exercise_form import faults

from nqp.book.new import TEMPLATES

TEMPLATE = TEMPLATES / "notebooks" / "chapter.md"


def test_every_chapter_with_a_box_at_a_glance(root):
    boxed = [p for p in (root / "notebooks").glob("*/*.md") if "```{glance}" in p.read_text()]
    sections = [p for p in boxed if p.parent.name != "synthesis" and p.stem != "appendix"]
    wrong = {p.relative_to(root).as_posix(): said for p in sections if (said := faults(p))}
    assert not wrong, "\n".join(f"{name}: {one}" for name, said in wrong.items() for one in said)


def test_the_template_has_the_form():
    assert faults(TEMPLATE) == []


@pytest.mark.parametrize(
    ("pattern", "replacement", "said"),
    [
        ("student = 42", "student = 1", "student = 42"),
        ("# points: 2\n", "", "# points: 2"),
        (r"\*Tolerance\*", "Within", "lacks"),
        ("`how_many`, a", "`other`, a", "does not look at other"),
        ("remove-cell, check", "check", "not tagged remove-cell"),
        ("remove-cell, check", "remove-cell", "0 cells tagged check"),
        ("### END HIDDEN TESTS\n", "", "between their marks"),
        (', "error is one number"', "", "with a message"),
        ("good answer contains", "answer has", "good answer contains"),
        ("### END SOLUTION\n", "", "without END SOLUTION"),
        (r"````\{solution\}[\s\S]*?````\n", "", "argue: no solution"),
    ],
)
def test_each_fault_is_named(tmp_path, pattern, replacement, said):
    text, changed = re.subn(pattern, replacement, TEMPLATE.read_text())
    assert changed
    path = tmp_path / "chapter.md"
    path.write_text(text)
    assert any(said in fault for fault in faults(path)), faults(path)
