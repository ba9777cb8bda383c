"""What a chapter begins with: the panel of the chosen evidence, how to call it, and the ledger."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from nqp.evidence import Ledger, published
from nqp.papers import paper
from nqp.show import figure_style

if TYPE_CHECKING:
    from nqp.twin.assemble import Twin

NO_EFFECT = "no_effect"
Result = TypeVar("Result")


@dataclass(frozen=True)
class OpenChapter:
    """A chapter with its panel."""

    ledger: Ledger
    panel: pd.DataFrame  # a copy of the twin's, or of the one in the reader's licensed file
    twin: "Twin | None"  # none when the panel is the reader's
    calibrated: frozenset[str]  # ids that the twin was built to give, the ledger's `target`

    @property
    def label(self) -> str:
        """How captions name the panel."""
        return self.twin.label if self.twin else "your licensed file"

    @property
    def short(self) -> str:
        """The same in two or three words, for titles and keys of figures."""
        return "SYNTHETIC twin" if self.twin else "your licensed file"

    @property
    def about(self) -> str:
        """A sentence on where the results of this run come from."""
        if self.twin:
            return f"Results called twin come from a {self.label}."
        return (
            "The panel of this run is your licensed file. Sentences on the twin describe a run with default"
            " parameters; what needs a planted truth is left out."
        )

    @cached_property
    def printed(self) -> pd.Series:
        """Values of all printed numbers of the paper, by id."""
        return published(self.ledger.paper.slug)["value"]

    def null(self, estimate: Callable[[pd.DataFrame], Result], rows: pd.DataFrame) -> Result | None:
        """Return the same estimate on a twin with no planted effect, the ledger's `null`; nothing where there is none.

        `rows` are those that were estimated on, whatever was added or left out; they get the outcomes that the same
        seed gives the same cities and years in the world without effect.
        """
        other = self._without_effect
        if other is None:
            return None
        keys = list(other.columns[:2])  # unit and year
        changed = [name for name in other if name in rows and not other[name].equals(self.twin.panel[name])]
        drawn = other.set_index(keys).loc[list(rows[keys].itertuples(index=False, name=None)), changed]
        return estimate(rows.assign(**{name: drawn[name].to_numpy() for name in changed}))

    @cached_property
    def _without_effect(self) -> pd.DataFrame | None:
        from nqp.twin import generate

        twin = self.twin
        if twin is None or NO_EFFECT not in twin.study.worlds or twin.world == NO_EFFECT:
            return None
        return generate(twin.study.slug, twin.seed, world=NO_EFFECT).panel


def open_chapter(
    slug: str, section: str, *, evidence: str, seed: int, world: str = "as_printed", licensed_file: str = ""
) -> OpenChapter:
    """Open a chapter of a paper whose data are licensed, such as ``cluster_pilot``, and set the style of its figures.

    The evidence is ``twin``, of a seed and a world, or ``licensed``, the reader's file (see
    `nqp.licensed.licensed_panel`); anything else is a ValueError.
    """
    if evidence not in ("twin", "licensed"):
        raise ValueError(f"evidence is {evidence!r}; use twin or licensed")
    figure_style()
    ledger = Ledger(paper(slug).slug, section)
    if evidence == "licensed":
        from nqp.licensed import licensed_panel

        own = licensed_panel(slug, section=section, licensed_file=licensed_file)
        return OpenChapter(ledger, own, None, frozenset())
    from nqp.twin import generate

    twin = generate(slug, seed, world=world)
    return OpenChapter(ledger, twin.panel.copy(), twin, twin.study.calibrated(world))


def say(**numbers: float | int | str) -> None:
    """Keep numbers for the text under their names, to ten digits: beyond them lies rounding."""
    from myst_nb import glue

    for name, value in numbers.items():
        glue(name, value if isinstance(value, int | str) else float(f"{value:.10g}"), display=False)
