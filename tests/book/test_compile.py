"""No book with a page missing, and none that leaves a chapter out."""

import pytest
from chapter_cases import write_chapter
from click.testing import CliRunner

from nqp.book.compile import BuildFailed, compile_book, html_dir, pages
from nqp.cli import main


def test_pages_follow_the_table_of_contents(root):
    assert pages()[0] == "book/intro"
    assert "book/open_benchmark/baseline" in pages()
    assert len(pages()) == len(set(pages()))


@pytest.mark.usefixtures("small_book")
def test_a_page_without_source_is_named():
    with pytest.raises(BuildFailed, match="_toc.yml lists pages without a source: book/intro"):
        compile_book()


def test_a_chapter_outside_the_contents_is_named(small_book):
    (small_book / "_toc.yml").write_text("format: jb-book\nroot: book/intro\n")
    (small_book / "book" / "intro.md").write_text("# Intro\n")
    with pytest.raises(BuildFailed, match="_toc.yml does not list the chapters open_benchmark/index"):
        compile_book()


def test_a_warning_leaves_no_book(small_book, root):
    (small_book / "_toc.yml").write_text("format: jb-book\nroot: book/intro\n")
    (small_book / "_config.yml").write_text(
        'title: t\nonly_build_toc_files: true\nexecute:\n  execute_notebooks: "off"\n'
    )
    for path in (small_book / "notebooks").glob("*/*.md"):
        path.unlink()
    (small_book / "book" / "intro.md").write_text("# Intro\n\n{doc}`nowhere`\n")
    with pytest.raises(BuildFailed, match="a warning counts as an error(.|\n)*nowhere"):
        compile_book()
    assert not (html_dir() / "index.html").exists()
    (small_book / "book" / "intro.md").write_text("# Intro\n\nNothing amiss.\n")
    assert compile_book()
    assert (html_dir() / "index.html").is_file()
    assert not compile_book()


def test_the_command_refuses_with_one_message_and_code_1(small_book):
    write_chapter(small_book, "open_benchmark", "index", "1")
    for arguments, said in (
        (["run", "open_benchmark/index", "-p", "seeed=3"], "did you mean seed?"),
        (["run", "nowhere"], "no study or chapter 'nowhere'"),
        (["scorecard", "open_bench"], "unknown paper 'open_bench'"),
    ):
        ended = CliRunner().invoke(main, arguments)
        assert ended.exit_code == 1
        assert said in ended.output
        assert "Traceback" not in ended.output


def test_list_shows_the_state(small_book):
    ended = CliRunner().invoke(main, ["list"])
    assert ended.exit_code == 0
    assert "open_benchmark/index" in ended.output
    assert "never run" in ended.output
