"""A chapter opens on the twin or on the reader's file, and knows the twin with no planted effect."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

import nqp.twin
from nqp.chapter import OpenChapter, open_chapter
from nqp.evidence import Ledger
from nqp.twin import generate


@dataclass(frozen=True)
class Study:
    """What a chapter asks of a twin's study file."""

    slug: str
    worlds: tuple[str, ...]


@pytest.fixture(scope="module")
def twin():
    return generate("cluster_pilot", 3)


@pytest.fixture
def chapter(twin, monkeypatch):
    """A chapter of a paper that declares a world with no effect, in which every outcome is another."""

    def drawn(slug, seed, *, world):
        assert (slug, seed, world) == ("cluster_pilot", 3, "no_effect")
        return replace(twin, world=world, panel=twin.panel.assign(NQP=-twin.panel["NQP"]))

    monkeypatch.setattr(nqp.twin, "generate", drawn)
    declared = replace(twin, study=Study("cluster_pilot", ("as_printed", "no_effect")))
    return OpenChapter(Ledger("cluster_pilot", "baseline"), twin.panel, declared, frozenset())


def test_a_chapter_opens_on_the_twin(twin):
    chapter = open_chapter("cluster_pilot", "baseline", evidence="twin", seed=3)
    assert chapter.panel.equals(twin.panel)
    assert chapter.label == twin.label
    assert "t3.c1.INN.coef" in chapter.calibrated
    assert chapter.printed["t3.c1.INN.coef"] == 0.0178
    assert "SYNTHETIC" in chapter.label
    assert "SYNTHETIC" in chapter.short
    assert chapter.label in chapter.about


def test_a_chapter_opens_on_the_readers_file(twin, monkeypatch):
    asked = {}
    monkeypatch.setattr("nqp.licensed.licensed_panel", lambda slug, **more: asked.update(more) or twin.panel)
    chapter = open_chapter("cluster_pilot", "spatial", evidence="licensed", seed=3, licensed_file="mine.csv")
    assert asked == {"section": "spatial", "licensed_file": "mine.csv"}
    assert chapter.twin is None
    assert chapter.calibrated == frozenset()
    assert "SYNTHETIC" not in chapter.label + chapter.short + chapter.about
    assert chapter.null(len, twin.panel) is None


@pytest.mark.parametrize("evidence", ["open", "Twin", ""])
def test_another_kind_of_evidence_is_refused(evidence):
    with pytest.raises(ValueError, match=f"evidence is '{evidence}'; use twin or licensed"):
        open_chapter("cluster_pilot", "baseline", evidence=evidence, seed=3)


def test_the_null_estimate_is_made_on_the_same_rows(chapter, twin):
    rows = twin.panel.sample(frac=0.3, random_state=1).assign(added=1.0)
    rows.index = np.arange(len(rows)) + 5000
    given = chapter.null(lambda frame: frame, rows)
    assert given.drop(columns="NQP").equals(rows.drop(columns="NQP"))
    np.testing.assert_array_equal(given["NQP"], -rows["NQP"])


def test_there_is_no_null_estimate_without_such_a_world(chapter, twin):
    for worlds, world in ((("as_printed",), "as_printed"), (("as_printed", "no_effect"), "no_effect")):
        one = replace(twin, study=Study("cluster_pilot", worlds), world=world)
        assert replace(chapter, twin=one).null(len, twin.panel) is None
