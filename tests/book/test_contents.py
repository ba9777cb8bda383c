"""The table of contents follows from the folders."""

import shutil

import pytest
import yaml
from chapter_cases import write_chapter
from test_papers_hold_together import edit

from nqp.book.chapters import Chapter, ChapterError, all_chapters
from nqp.book.contents import HEAD, pages, write_contents
from nqp.evidence import Ledger


def test_the_committed_contents_follow_from_the_folders(root, tmp_path, monkeypatch):
    for name in ("_toc.yml", "data", "notebooks"):
        copy = shutil.copytree if (root / name).is_dir() else shutil.copy
        copy(root / name, tmp_path / name)
    (tmp_path / "book").mkdir()
    for page in (root / "book").glob("*.md"):
        shutil.copy(page, tmp_path / "book")
    monkeypatch.setenv("NQP_ROOT", str(tmp_path))
    assert not write_contents()
    assert len(pages()) == len(set(pages()))


def test_new_chapters_and_pages_enter_in_their_place(small_book):
    for page in ("intro", "check_tables", "reexecute", "evidence", "references"):
        (small_book / "book" / f"{page}.md").write_text(f"# {page}\n")
    write_chapter(small_book, "cluster_pilot", "appendix", "1")
    write_chapter(small_book, "cluster_pilot", "spatial", "1")
    write_chapter(small_book, "synthesis", "audit", "1")
    write_chapter(small_book, "synthesis", "a_page_of_ours", "1")
    edit(small_book, "cluster_pilot", "short: cluster pilots", "short: two words")
    assert write_contents()
    text = (small_book / "_toc.yml").read_text()
    assert text.startswith(HEAD)
    parts = {part["caption"]: [c["file"] for c in part["chapters"]] for part in yaml.safe_load(text)["parts"]}
    assert list(parts)[:3] == [
        "How to use this book",
        "Li, Chen, She, Chen & Xu (2026): the open benchmark",
        "Li & Wei (2025): two words",
    ]
    assert list(parts)[-2:] == ["Across papers", "Back matter"]
    assert parts["Ye (2024): industrial agglomeration"] == ["book/industrial_agglomeration/paper"]
    assert "  - file: book/industrial_agglomeration/paper\n    title: The paper\n" in text
    assert parts["How to use this book"] == ["book/evidence", "book/reexecute", "book/check_tables"]
    assert parts["Li & Wei (2025): two words"] == [
        "book/cluster_pilot/paper",
        "book/cluster_pilot/spatial",
        "book/cluster_pilot/appendix",
    ]
    assert parts["Across papers"] == ["book/synthesis/audit", "book/synthesis/a_page_of_ours"]
    assert not write_contents()


def test_a_paper_may_have_one_appendix_which_keeps_no_ledger(small_book):
    write_chapter(small_book, "cluster_pilot", "appendix", "1")
    assert all_chapters()[-1] == Chapter("cluster_pilot", "appendix")
    with pytest.raises(ValueError, match="unknown section 'appendix'"):
        Ledger("cluster_pilot", "appendix")
    write_chapter(small_book, "cluster_pilot", "appendix_two", "1")
    with pytest.raises(ChapterError, match="notebooks/ holds cluster_pilot/appendix_two"):
        all_chapters()
