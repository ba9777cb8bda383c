"""The ledger of a chapter: every published number of its section with a verdict, or the chapter fails."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

import pandas as pd

from nqp.evidence.entries import EVIDENCE, LEDGER_KEY, Entry, Estimate, LedgerError, read_estimate
from nqp.evidence.judging import Judgement, judge_proxy, judge_same_data, judge_twin, printed_error
from nqp.evidence.published import published, symbols
from nqp.evidence.verdicts import REASONS
from nqp.panel import some, tidy
from nqp.papers import SECTIONS, paper, suggest
from nqp.show.comparison import comparison, summary
from nqp.show.html import Html
from nqp.show.words import named

Explanation = tuple[str, str]
EXPLAINED = ("near", "differs", "outside", "opposite sign", "opposite sign, significant")


class Ledger:
    """Collects the verdicts of a chapter, such as ``open_benchmark`` and ``baseline``."""

    def __init__(self, slug: str, section: str) -> None:
        self.paper = paper(slug)
        if section not in SECTIONS:
            raise ValueError(f"unknown section {section!r}; the sections are {', '.join(SECTIONS)}")
        self.section = section
        self._numbers = published(slug)
        self.published = self._numbers[self._numbers["chapter"] == section]
        self._shown: set[str] = set()
        self._explained: set[str] = set()
        self._entries: dict[tuple[str, str], Entry] = {}

    def record(
        self,
        column: str,
        fit: Any,
        *,
        evidence: str,
        terms: Iterable[str] | None = None,
        names: Mapping[str, str] | None = None,
        reasons: Mapping[str, Explanation] | None = None,
        target: Collection[str] = (),
        null: Any = None,
    ) -> pd.DataFrame:
        """Record a fitted model against one printed column.

        Parameters
        ----------
        column : beginning of the ids, such as ``t3.c3``
        fit : a result `tidy` can read, or a frame that `tidy` returned
        evidence : ``printed``, ``open``, ``twin`` or ``licensed``
        terms : printed terms to record; by default all that is printed in the column
        names : engine's name of a printed term, such as ``{"_cons": "Intercept"}``
        reasons : for an id that may differ, a label from `REASONS` and one sentence
        target : for twins, the ids of all printed numbers that the twin was built to give
        null : for twins, the same fit on a twin with no planted effect; the estimates are returned as `tidy` does
        """
        known = (pd.DataFrame, type(None))
        frame, null_frame = (one if isinstance(one, known) else tidy(one) for one in (fit, null))
        found = {}
        for number, (term, stat) in self._ids(column, terms).items():
            if self._is_proxy(evidence) and stat != "coef":
                continue  # a proxy's standard error or R2 has no sign to compare
            name = (names or {}).get(term, term)
            found[number] = read_estimate(frame, name, stat, number)
            if null_frame is not None:
                without = read_estimate(null_frame, name, stat, number)
                found[number] = replace(found[number], null=without.value)
        self._enter(found, evidence, reasons or {}, target)
        return frame

    def record_value(
        self,
        number: str,
        value: float,
        *,
        evidence: str,
        engine: str = "",
        p_value: float = math.nan,
        reasons: Mapping[str, Explanation] | None = None,
        target: Collection[str] = (),
        null: float | None = None,
    ) -> None:
        """Record one number that is not read off a column, such as a mean, under its id.

        A number on an open proxy needs its `p_value`; the other arguments are those of `record`.
        """
        if number not in self.published.index:
            raise self._unknown(number)
        without = math.nan if null is None else float(null)
        found = {number: Estimate(float(value), float(p_value), engine, without)}
        self._enter(found, evidence, reasons or {}, target)

    def not_checkable(self, column: str, reason: str, why: str, *, evidence: str = "printed") -> None:
        """Give every number whose id is or begins with `column` the verdict ``not checkable`` and its reason."""
        said = Judgement("not checkable", _explain(column, reason, why))
        numbers = self._ids(column)
        self._add(self._entry(number, Estimate(math.nan), evidence, said) for number in numbers)

    @property
    def rows(self) -> pd.DataFrame:
        """The entries so far, one row a number and kind of evidence."""
        return pd.DataFrame(map(asdict, self._entries.values()), columns=list(Entry.__annotations__))

    def show(self, table: str, *, row: Callable[[str], str] = str, **how: Any) -> Html:
        """Return a printed table with the replicated numbers under the printed; `row` maps a term to its row.

        With ``rows``, terms such as ``INN`` or statistics such as ``r2``, the other rows are folded; ``heads`` go over
        columns, by number such as ``c1``. Rows of panels that number columns alike begin with the panel: ``A: INN``.
        """
        numbers = self.published[self.published["table"] == table]
        if numbers.empty:
            raise self._unknown(table)
        self._shown.add(table)
        place = "Numbers of the text" if table == "text" else f"Table {table[1:]} of {self.paper.label}"
        called = named(numbers, symbols(self.paper), row)
        return comparison(called, self.rows, title=place, name=table, **how)

    def glue(self, table: str, **how: Any) -> None:
        """Keep what `show` returns, for a `glue` of the table's name anywhere on the page."""
        from myst_nb import glue

        glue(table, self.show(table, **how), display=False)

    def close(self) -> None:
        """End the chapter, unless a number of its section has no verdict, or a difference no reason; they are named."""
        recorded = {number for number, _ in self._entries}
        without = self.published["table"].drop(list(recorded), errors="ignore")
        if len(without):
            raise LedgerError(
                f"{len(without)} published numbers of {self.paper.slug}/{self.section} have no verdict:"
                f" {some(without.index, 8)}. Record them, or say with not_checkable() why not"
            )
        if idle := sorted(self._explained - recorded):
            raise LedgerError(f"reasons are given for {some(idle, 8)}, which this chapter does not record")
        if bare := [e.id for e in self._entries.values() if e.verdict == "differs" and not e.reason]:
            raise LedgerError(
                f"{len(bare)} numbers differ from print without a reason: {some(bare, 8)}. Pass"
                f" reasons={{id: (label, sentence)}} with a label out of: {', '.join(REASONS)}"
            )
        met = dict.fromkeys(self.published["table"])
        shown = [summary(self.rows), *(self.show(table) for table in met if table not in self._shown)]
        _publish("".join(map(str, shown)), self.rows)

    def _ids(self, column: str, terms: Iterable[str] | None = None) -> dict[str, tuple[str, str]]:
        """Ids below a column, each with its term and statistic."""
        known = self.published.index
        below = self.published[known.str.startswith(f"{column}.") | (known == column)]
        parts = {f"{column}.{term}": below[below["term"] == term] for term in terms or ()}
        parts = {column: below} if terms is None else parts
        if absent := [name for name, rows in parts.items() if rows.empty]:
            raise self._unknown(absent[0])
        return {row.Index: (row.term, row.stat) for rows in parts.values() for row in rows.itertuples()}

    def _unknown(self, number: str) -> LedgerError:
        known = list(self.published.index)
        stems = [n.rsplit(".", cut)[0] for cut in (1, 2) for n in known]
        hint = suggest(number, dict.fromkeys([*known, *stems, *self.published["table"]]))
        return LedgerError(f"{self.paper.slug}/{self.section} has no published number {number!r}{hint}")

    def _is_proxy(self, evidence: str) -> bool:
        return evidence == "open" and not self.paper.open_data

    def _enter(
        self, found: dict[str, Estimate], evidence: str, reasons: Mapping, target: Collection[str]
    ) -> None:
        """Judge numbers against print and add them; every id that is passed along must be printed."""
        for number in (*reasons, *target):
            if number not in self._numbers.index:
                raise self._unknown(number)
        self._explained |= set(reasons)
        entries = []
        for number, estimate in found.items():
            if not math.isfinite(estimate.value):
                raise LedgerError(
                    f"{number}: the estimate from {estimate.engine or 'the chapter'} is {estimate.value}; was the"
                    " regressor dropped or absorbed, or does the sample hold missing values?"
                )
            said = self._judge(number, estimate, evidence, number in target)
            if said.verdict in EXPLAINED and number in reasons:
                said = replace(said, reason=_explain(number, *reasons[number]))
            entries.append(self._entry(number, estimate, evidence, said))
        self._add(entries)

    def _judge(self, number: str, estimate: Estimate, evidence: str, aimed: bool) -> Judgement:
        printed = self._numbers.loc[number]
        if self._is_proxy(evidence):
            return judge_proxy(estimate, printed)
        if evidence != "twin":
            return judge_same_data(estimate, printed)
        if aimed:
            return Judgement("by design")
        return judge_twin(estimate, printed, printed_error(self._numbers, number))

    def _entry(self, number: str, estimate: Estimate, evidence: str, said: Judgement) -> Entry:
        if evidence not in EVIDENCE:
            raise LedgerError(f"{number}: unknown evidence {evidence!r}; use one of {', '.join(EVIDENCE)}")
        aimed = "yes" if said.verdict == "by design" else "no"
        return Entry(
            **{"study": self.paper.slug, "section": self.section, "id": number, "evidence": evidence},
            **asdict(said),
            published=self._numbers.at[number, "printed"],
            replicated=estimate.value,
            target=aimed if evidence == "twin" else "",
            engine=estimate.engine,
        )

    def _add(self, entries: Iterable[Entry]) -> None:
        """Add all entries or, when one of them is refused, none."""
        new = {(entry.id, entry.evidence): entry for entry in entries}
        for number, evidence in sorted(new.keys() & self._entries.keys()):
            raise LedgerError(f"{number} is already recorded with evidence {evidence!r}")
        self._entries |= new


def _explain(number: str, label: str, sentence: str) -> str:
    """Return the reason given for a number as it is kept."""
    if label not in REASONS:
        raise LedgerError(f"{number}: unknown reason {label!r}; use one of: {', '.join(REASONS)}")
    if not sentence.strip():
        raise LedgerError(f"{number}: the reason {label!r} needs one sentence that says what was found")
    return f"{label}: {sentence}"


def _publish(shown: str, rows: pd.DataFrame) -> None:
    """Leave the rows in the notebook, to ten digits, where `nqp run` collects them, under what the reader sees."""
    from IPython.display import display

    kept = rows.assign(replicated=[f"{v:.10g}" if math.isfinite(v) else "" for v in rows["replicated"]])
    display({"text/html": shown}, raw=True, metadata={LEDGER_KEY: kept.to_dict("records")})
