"""The ledger of a chapter: every published number of its section with a verdict, or the chapter fails."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from nqp.evidence.entries import (
    COEFFICIENT_STATS,
    EVIDENCE,
    LATER_STATS,
    LEDGER_KEY,
    MODEL_STATS,
    Entry,
    Estimate,
    Explanation,
    LedgerError,
    calibrated,
    explain,
    standing_reason,
    ten_digits,
)
from nqp.evidence.published import published
from nqp.evidence.verdicts import REASONS, exact_verdict, sign_verdict, twin_verdict
from nqp.panel import some, tidy
from nqp.papers import SECTIONS, paper, suggest
from nqp.show.comparison import Html, comparison, summary


class Ledger:
    """Collects a chapter's verdicts.

    Parameters
    ----------
    study, section : the chapter, such as ``open_benchmark`` and ``baseline``

    Examples
    --------
    >>> ledger = Ledger("open_benchmark", "baseline")             # doctest: +SKIP
    >>> ledger.record("t3.c3", fit, terms=["did"], evidence="open")  # doctest: +SKIP
    >>> ledger.show("t3")                                          # doctest: +SKIP
    >>> ledger.close()                                             # doctest: +SKIP
    """

    def __init__(self, study_slug: str, section: str) -> None:
        self.study = paper(study_slug)
        if section not in SECTIONS:
            raise ValueError(f"unknown section {section!r}; the sections are {', '.join(SECTIONS)}")
        self.section = section
        self._numbers = published(study_slug)
        self.published = self._numbers[self._numbers["chapter"] == section]
        self._elsewhere: tuple[str, ...] = ()
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
        target: bool | Collection[str] = False,
        later: bool = False,
        df: float | None = None,
        se_scale: float = 1.0,
    ) -> pd.DataFrame:
        """Record a fitted model against one printed column.

        Parameters
        ----------
        column : beginning of the ids, such as ``t3.c3``
        fit : a result `tidy` can read, or a frame that `tidy` returned
        evidence : ``printed``, ``open``, ``twin`` or ``licensed``
        terms : printed terms to record; by default every term printed in the column, and the model's n and R2
        names : engine's name of a printed term where the two differ, such as ``{"_cons": "Intercept"}``
        reasons : for an id that may differ, a label from `REASONS` and one sentence
        target : for twins, whether the twin was calibrated on these numbers, or the ids of all that it was
            calibrated on
        later : True when the printed values will be entered later; an id without one gets ``published later``,
            and one that then differs is shown as not yet explained instead of failing the chapter
        df, se_scale : passed to `tidy`

        Returns
        -------
        DataFrame
            The estimates that were recorded, as `tidy` returns them.
        """
        frame = fit if isinstance(fit, pd.DataFrame) else tidy(fit, df=df, se_scale=se_scale)
        rows = frame.set_index("term")
        names = dict(names or {})
        wanted = self._ids(column, terms, later)
        if (
            evidence == "open" and not self.study.open_data
        ):  # a proxy's standard error or R2 has no sign to compare
            wanted = {number: pair for number, pair in wanted.items() if pair[1] == "coef"}
        self._add(
            self._entry(
                number,
                self._read(rows, names.get(term, term), stat, number),
                stat,
                evidence,
                reasons,
                target,
                later,
            )
            for number, (term, stat) in wanted.items()
        )
        return frame

    def record_value(
        self,
        number: str,
        value: float | Estimate,
        *,
        evidence: str,
        engine: str = "",
        reasons: Mapping[str, Explanation] | None = None,
        target: bool | Collection[str] = False,
        later: bool = False,
    ) -> None:
        """Record one number that is no regression coefficient, such as a mean, under its id."""
        estimate = value if isinstance(value, Estimate) else Estimate(float(value), engine=engine)
        if number not in self.published.index and not later:
            raise self._unknown(number)
        stat = number.rsplit(".", 1)[-1]
        self._add([self._entry(number, estimate, stat, evidence, reasons, target, later)])

    def not_checkable(self, column: str, reason: str, why: str, *, evidence: str = "printed") -> None:
        """Give every number whose id is or begins with `column` the verdict ``not checkable`` and its reason."""
        explanation = explain(column, {column: (reason, why)})
        printed = self.published["printed"]
        self._add(
            self._row(number, evidence, printed[number], math.nan, "not checkable", explanation)
            for number in self._ids(column, None, later=False)
        )

    def elsewhere(self, *tables: str) -> None:
        """Leave tables to another chapter, which records them under their ids wherever they are printed."""
        self._elsewhere = tuple(f"{table}." for table in tables)

    @property
    def rows(self) -> pd.DataFrame:
        """The entries so far, one row a number and kind of evidence."""
        return pd.DataFrame(
            [asdict(entry) for entry in self._entries.values()], columns=list(Entry.__annotations__)
        )

    def show(self, table: str, *, row: Callable[[str], str] = str) -> Html:
        """Return a printed table with the replicated number under each printed one, cell by cell, with verdicts.

        `row` maps a printed term to the row it stands in; by default each term has its own.
        """
        numbers = self.published[self.published["table"] == table]
        if numbers.empty:
            tables = ", ".join(self.published["table"].unique()) or "none"
            raise LedgerError(f"{self.study.slug}/{self.section} has no table {table!r}; it has {tables}")
        return comparison(numbers, self.rows, row=row)

    def close(self) -> None:
        """End the chapter: every published number of its section has a verdict, every difference a reason.

        Raises
        ------
        LedgerError
            Naming the numbers without verdict, or those that differ without a reason.
        """
        recorded = {number for number, _ in self._entries}
        missing = [number for number in self.published.index if number not in recorded]
        open_ends = [number for number in missing if not number.startswith(self._elsewhere or ("/",))]
        if open_ends:
            raise LedgerError(
                f"{len(open_ends)} published numbers of {self.study.slug}/{self.section} have no verdict:"
                f" {some(open_ends, 8)}. Record them, or say with not_checkable() why not"
            )
        bare = [e.id for e in self._entries.values() if e.verdict == "differs" and not e.reason]
        if bare:
            raise LedgerError(
                f"{len(bare)} numbers differ from print without a reason: {some(bare, 8)}. Pass"
                f" reasons={{id: (label, sentence)}} with a label out of: {', '.join(REASONS)}"
            )
        _publish(self.rows)

    def _ids(self, column: str, terms: Iterable[str] | None, later: bool) -> dict[str, tuple[str, str]]:
        """Ids below a column, each with its term and statistic."""
        numbers = self._numbers if later else self.published
        below = numbers[numbers.index.str.startswith(f"{column}.") | (numbers.index == column)]
        ids = {str(n): (str(r["term"]), str(r["stat"])) for n, r in below.iterrows()}
        if terms is None:
            if not ids:
                raise self._unknown(column)
            return ids
        wanted: dict[str, tuple[str, str]] = {}
        for term in terms:
            of_term = {n: pair for n, pair in ids.items() if pair[0] == term}
            if not of_term and later:
                of_term = {f"{column}.{term}.{stat}": (term, stat) for stat in LATER_STATS}
            if not of_term:
                raise self._unknown(f"{column}.{term}")
            wanted |= of_term
        return wanted

    def _unknown(self, number: str) -> LedgerError:
        known = list(self.published.index)
        stems = [n.rsplit(".", 1)[0] for n in known]
        hint = suggest(
            number, [*known, *dict.fromkeys(stems), *dict.fromkeys(n.rsplit(".", 2)[0] for n in known)]
        )
        return LedgerError(f"{self.study.slug}/{self.section} has no published number {number!r}{hint}")

    def _read(self, rows: pd.DataFrame, term: str, stat: str, number: str) -> Estimate:
        first = rows.iloc[0]
        if stat in MODEL_STATS:
            return Estimate(float(first[stat]), engine=str(first["engine"]))
        if term not in rows.index:
            raise LedgerError(
                f"{number}: the fitted model has no term {term!r}{suggest(term, rows.index)};"
                f" it has {', '.join(map(str, rows.index))}. Pass names={{printed term: fitted term}}"
            )
        if stat not in COEFFICIENT_STATS:
            raise LedgerError(
                f"{number}: no rule reads the statistic {stat!r} off a model; use record_value()"
            )
        found = rows.loc[term]
        return Estimate(
            value=float(found[COEFFICIENT_STATS[stat]]),
            conf_low=float(found["conf_low"]),
            conf_high=float(found["conf_high"]),
            p_value=float(found["p_value"]),
            engine=str(found["engine"]),
        )

    def _entry(
        self,
        number: str,
        estimate: Estimate,
        stat: str,
        evidence: str,
        reasons: Mapping[str, Explanation] | None,
        target: bool | Collection[str],
        later: bool,
    ) -> Entry:
        """Judge one number against print."""
        if not math.isfinite(estimate.value):
            raise LedgerError(
                f"{number}: the estimate from {estimate.engine or 'the chapter'} is {estimate.value}; was the"
                " regressor dropped or absorbed, or does the sample hold missing values?"
            )
        reason = explain(number, reasons or {})
        if number not in self._numbers.index:
            return self._row(
                number, evidence, "", estimate.value, "published later", reason, engine=estimate.engine
            )
        printed = self._numbers.loc[number]
        verdict = self._judge(estimate, printed, stat, evidence)
        aimed = calibrated(number, target) if evidence == "twin" else ""
        reason = "" if verdict in ("match", "recovered") else reason or standing_reason(verdict, later, aimed)
        return self._row(
            number,
            evidence,
            printed["printed"],
            estimate.value,
            verdict,
            reason,
            target=aimed,
            engine=estimate.engine,
        )

    def _judge(self, estimate: Estimate, printed: pd.Series, stat: str, evidence: str) -> str:
        if evidence == "twin":
            low, high = estimate.conf_low, estimate.conf_high
            return twin_verdict(estimate.value, printed["value"], stat, low, high)
        if evidence == "open" and not self.study.open_data:
            return sign_verdict(estimate.value, printed["value"], estimate.p_value)
        return exact_verdict(estimate.value, printed["value"], printed["decimals"], stat)

    def _row(self, number: str, evidence: str, *values: Any, target: str = "", engine: str = "") -> Entry:
        if evidence not in EVIDENCE:
            raise LedgerError(f"{number}: unknown evidence {evidence!r}; use one of {', '.join(EVIDENCE)}")
        return Entry(self.study.slug, self.section, number, evidence, *values, target, engine)

    def _add(self, entries: Iterable[Entry]) -> None:
        """Add all entries or, when one of them is refused, none."""
        new = {(entry.id, entry.evidence): entry for entry in entries}
        for number, evidence in sorted(new.keys() & self._entries.keys()):
            raise LedgerError(f"{number} is already recorded with evidence {evidence!r}")
        self._entries |= new


def _publish(rows: pd.DataFrame) -> None:
    """Leave the rows in the notebook, where `nqp run` collects them, under a summary for the reader."""
    from IPython.display import display

    records = [r | {"replicated": ten_digits(r["replicated"])} for r in rows.to_dict("records")]
    display({"text/html": summary(rows)._repr_html_()}, raw=True, metadata={LEDGER_KEY: records})
