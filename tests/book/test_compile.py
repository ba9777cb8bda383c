"""No book with a page missing, and none that leaves a chapter out."""

from collections.abc import Iterator

import click
import pytest
from chapter_cases import write_chapter
from click.testing import CliRunner

from nqp.book.compile import BuildFailed, compile_book, html_dir
from nqp.cli import main


@pytest.mark.usefixtures("small_book")
def test_a_page_without_source_is_named():
    with pytest.raises(
        BuildFailed,
        match="pages without a source: book/intro, book/open_benchmark/index, book/open_b",
    ):
        compile_book()


def test_a_warning_leaves_the_last_good_book(small_book):
    (small_book / "_config.yml").write_text(
        'title: t\nonly_build_toc_files: true\nexecute:\n  execute_notebooks: "off"\n'
    )
    for path in (small_book / "notebooks").glob("*/*.md"):
        path.unlink()
    (small_book / "book" / "evidence.md").write_text("# Evidence\n")
    (small_book / "book" / "intro.md").write_text("# Intro\n\n{doc}`nowhere`\n")
    with pytest.raises(BuildFailed, match="a warning counts as an error(.|\n)*nowhere"):
        compile_book()
    assert not html_dir().exists()
    (small_book / "book" / "intro.md").write_text("# Intro\n\nNothing amiss.\n")
    assert compile_book()
    good = (html_dir() / "book" / "intro.html").read_bytes()
    assert b"Nothing amiss" in good
    assert not compile_book()
    (small_book / "book" / "intro.md").write_text("# Intro\n\nSome {doc}`nowhere`.\n")
    with pytest.raises(BuildFailed, match="The last book that was compiled whole stays"):
        compile_book()
    assert (html_dir() / "book" / "intro.html").read_bytes() == good
    assert (html_dir() / "index.html").is_file()


def test_the_command_refuses_with_one_message_and_code_1(small_book):
    write_chapter(small_book, "open_benchmark", "index", "1")
    for arguments, said in (
        (["run", "open_benchmark/index", "-p", "seeed=3"], "did you mean seed?"),
        (["run", "nowhere"], "no paper or chapter 'nowhere'"),
        (["scorecard", "open_bench"], "unknown paper 'open_bench'"),
    ):
        ended = CliRunner().invoke(main, arguments)
        assert ended.exit_code == 1
        assert said in ended.output
        assert "Traceback" not in ended.output


@pytest.mark.usefixtures("small_book")
def test_list_shows_state_and_parameters():
    ended = CliRunner().invoke(main, ["list"])
    assert ended.exit_code == 0
    assert [line.split() for line in ended.output.splitlines()] == [
        ["open_benchmark/index", "never", "run", "-"],
        ["open_benchmark/baseline", "never", "run", "-"],
    ]
    listed = CliRunner().invoke(main, ["list", "--parameters"]).output
    assert "    share = 0.5: a number, 0 to 1\n" in listed
    assert "    draws = 500: a whole number\n" in listed


def commands(group: click.Group) -> Iterator[click.Command]:
    """Yield a group, its commands and theirs."""
    yield group
    for one in group.commands.values():
        yield from commands(one) if isinstance(one, click.Group) else [one]


@pytest.mark.parametrize("command", list(commands(main)), ids=lambda one: one.name)
def test_every_help_has_an_example(command):
    assert command.help
    assert command.epilog.startswith("Example: nqp ")
