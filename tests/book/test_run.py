"""Execution: staleness, parameters, failures, the same bytes."""

import re

import nbformat
import pytest
from chapter_cases import write_chapter

from nqp.book.chapters import Chapter, ChapterError, all_chapters, select
from nqp.book.keys import is_fresh, stored
from nqp.book.parameters import read_cell
from nqp.book.run import RunFailed, run, state

INDEX, BASELINE = Chapter("open_benchmark", "index"), Chapter("open_benchmark", "baseline")


def test_chapters_come_in_the_books_order(small_book):
    assert all_chapters() == [INDEX, BASELINE]
    assert select(["open_benchmark/baseline"]) == [BASELINE]
    assert select(["open_benchmark"]) == select([]) == [INDEX, BASELINE]


def test_an_unknown_chapter_is_refused_with_the_nearest(small_book):
    with pytest.raises(
        ChapterError, match=r"no paper or chapter 'open_benchmrk' \(did you mean open_benchmark"
    ):
        select(["open_benchmrk"])
    write_chapter(small_book, "open_benchmark", "basics", "1")
    with pytest.raises(ChapterError, match="notebooks/ holds open_benchmark/basics"):
        all_chapters()


def test_two_executions_give_the_same_bytes(small_book):
    run([INDEX])
    first = INDEX.executed.read_bytes()
    assert len(run([INDEX], force=True)) == 1
    assert INDEX.executed.read_bytes() == first
    assert "Run this chapter" in first.decode()
    assert "`share = 0.5`: a number, 0 to 1" in first.decode()
    assert "nqp.reads" not in "".join(
        cell.source for cell in nbformat.read(INDEX.executed, as_version=4).cells
    )


def test_printed_text_is_one_output_however_it_arrived(small_book):
    code = 'import time\n\nfor i in range(4):\n    print("piece", i, flush=True)\n    time.sleep(0.3)\nprint("end")'
    write_chapter(small_book, "open_benchmark", "index", code)
    run([INDEX])
    outputs = nbformat.read(INDEX.executed, as_version=4).cells[-1].outputs
    assert [o.text for o in outputs] == ["piece 0\npiece 1\npiece 2\npiece 3\nend\n"]


def test_only_what_is_stale_runs(small_book):
    assert len(run(select([]))) == 2
    assert run(select([])) == []
    assert state(INDEX) == "fresh"
    INDEX.source.write_text(INDEX.source.read_text().replace("# A title", "# Another title"))
    assert state(INDEX) == "stale"
    assert [e.chapter for e in run(select([]))] == [INDEX]


def test_parameters_stay_until_they_are_reset(small_book):
    run(select([]), {"draws": 7})
    assert stored(BASELINE)["overrides"] == {"draws": 7}
    page = BASELINE.executed.read_text()
    assert "draws 7" in page
    assert "This page was executed with `draws = 7`" in page
    assert run(select([]), keep=True) == []
    run(select([]))
    assert stored(BASELINE)["overrides"] == {}
    assert "not with the book's defaults" not in BASELINE.executed.read_text()


def test_a_kept_value_that_is_no_longer_taken_gives_way_to_the_default(small_book):
    run([BASELINE], {"share": 0.9, "draws": 7})
    BASELINE.source.write_text(BASELINE.source.read_text().replace("0 to 1", "0 to 0.8"))
    baseline = Chapter("open_benchmark", "baseline")
    run([baseline], keep=True)
    assert stored(baseline)["overrides"] == {"draws": 7}


def test_quick_uses_few_draws(small_book):
    run(select([]), quick=True)
    assert "draws 50" in BASELINE.executed.read_text()


@pytest.mark.parametrize(
    ("line", "few"),
    [
        ("draws = 500  # at least 2", 50),
        ("draws = 500  # at least 100", 100),
        ("world_seeds = 40  # at least 3", 3),
        ("window = 5  # 2 to 7", None),
        ("seed = 7  # at least 0", None),
        ("shift = 1.0  # at least 1", None),
    ],
)
def test_few_of_what_is_repeated_and_nothing_else(line, few):
    (parameter,) = read_cell(line, "open_benchmark").values()
    assert parameter.few == few


def test_a_log_gets_one_line_a_chapter_and_no_progress_bar(small_book, capfd):
    run(select([]), jobs=2)
    said = capfd.readouterr().err
    assert sorted(re.sub(r"\d+", "N", line) for line in said.splitlines()) == [
        "  open_benchmark/baseline: done in N s",
        "  open_benchmark/index: done in N s",
    ]
    assert "\r" not in said


def test_a_failed_chapter_does_not_stop_the_others(small_book):
    write_chapter(small_book, "open_benchmark", "index", 'x = 1\nraise ValueError("no city 42")')
    with pytest.raises(RunFailed) as failed:
        run(select([]))
    said = str(failed.value)
    assert "open_benchmark/index stopped" in said
    assert "ValueError: no city 42" in said
    assert 'raise ValueError("no city 42")' in said
    assert state(INDEX) == "failed"
    assert not INDEX.executed.exists()
    assert is_fresh(BASELINE, {})
    assert (small_book / "build" / "failed" / "open_benchmark" / "index.ipynb").is_file()


def test_a_killed_kernel_is_a_failed_chapter(small_book):
    write_chapter(
        small_book, "open_benchmark", "index", "import os, signal\n\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    with pytest.raises(RunFailed, match="open_benchmark/index stopped(.|\n)*DeadKernelError"):
        run(select([]))
    assert is_fresh(BASELINE, {})


def test_a_failure_keeps_the_last_good_notebook(small_book):
    run([INDEX])
    good = INDEX.executed.read_bytes()
    write_chapter(small_book, "open_benchmark", "index", "1 / 0")
    with pytest.raises(RunFailed, match="ZeroDivisionError: division by zero"):
        run([INDEX])
    assert INDEX.executed.read_bytes() == good
    assert state(INDEX) == "failed"
    write_chapter(small_book, "open_benchmark", "index", "1 / 1")
    run([INDEX])
    assert state(INDEX) == "fresh"


def test_nothing_half_written_is_left(small_book):
    run(select([]))
    assert not list(small_book.rglob("*.part"))
    nbformat.validate(nbformat.read(INDEX.executed, as_version=4))


def test_pairs_follow_the_text_and_back(small_book):
    run([BASELINE])
    notebook = nbformat.read(BASELINE.pair, as_version=4)
    assert any("parameters" in c.metadata.get("tags", []) for c in notebook.cells)
    notebook.cells[-1].source = 'print("edited in the notebook")'
    nbformat.write(notebook, BASELINE.pair)
    run([BASELINE])
    assert "edited in the notebook" in BASELINE.source.read_text()
    assert "edited in the notebook" in BASELINE.executed.read_text()
    assert ":tags: [parameters]" in BASELINE.source.read_text()


def test_an_unreachable_cluster_is_said(small_book):
    with pytest.raises(RunFailed, match="no Dask scheduler answers at tcp://127.0.0.1:9"):
        run([INDEX], cluster="tcp://127.0.0.1:9")


def test_a_dask_cluster_gives_the_same_bytes(small_book, monkeypatch):
    from distributed import LocalCluster

    run(select([]))
    local = [c.executed.read_bytes() for c in (INDEX, BASELINE)]
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        assert len(run(select([]), force=True, cluster=cluster.scheduler_address)) == 2
    assert [c.executed.read_bytes() for c in (INDEX, BASELINE)] == local


def test_a_changed_page_says_how_many_sentences_it_cannot_vouch_for(small_book):
    source = write_chapter(small_book, "open_benchmark", "baseline", "1")
    run([BASELINE], {"draws": 7})
    assert "so marked on this page: 0." in BASELINE.executed.read_text()
    text = "\n{.as-default}\nIt holds.\n\nSo [does this]{.as-default}, but not `{.as-default}`.\n"
    source.write_text(source.read_text() + text)
    run([BASELINE], {"draws": 7})
    page = BASELINE.executed.read_text()
    assert "so marked on this page: 2." in page
    assert ":class: nqp-changed" in page
    run([BASELINE])
    assert "nqp-changed" not in BASELINE.executed.read_text()
