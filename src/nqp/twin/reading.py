"""Reading a ``twin.yml``: every mistake is named with file and key before anything is drawn."""

from collections.abc import Iterable
from typing import Any

import yaml

from nqp.data.manifest import path_of
from nqp.evidence.published import published
from nqp.papers import PaperError, paper, papers, suggest
from nqp.twin.declared import declare
from nqp.twin.study_file import AS_PRINTED, FILE, STATS, ContradictoryTargets, StudyFile, Target, TwinError

EFFECTS = ("unit", "unit+year", "unit+province-year")


def available() -> list[str]:
    """Return the papers that have a twin."""
    return [slug for slug, one in papers().items() if FILE in one.files]


def read_study(slug: str) -> StudyFile:
    """Read ``twin.yml`` of a paper.

    Raises
    ------
    TwinError
        When the paper has no twin, or its file cannot be used; the message names the key.
    """
    if paper(slug).slug not in available():
        raise TwinError(f"{slug} has no twin; papers with one: {', '.join(available())}")
    return parse_study(slug, yaml.safe_load(path_of(paper(slug).file(FILE)).read_text(encoding="utf-8")))


def parse_study(slug: str, raw: dict[str, Any]) -> StudyFile:
    """Turn the content of a ``twin.yml`` into a `StudyFile` and refuse what cannot be used."""
    try:
        declared = declare(raw, f"data/papers/{slug}/{FILE}")
    except PaperError as unknown:
        raise TwinError(str(unknown)) from unknown
    study = StudyFile(paper(slug), declared, published(slug))
    for check in (_treatments, _covariates, _columns, _targets, _worlds):
        check(study)
    return study


def _known(study: StudyFile, key: str, what: str, names: Iterable[str], known: Iterable[str]) -> None:
    known = list(known)
    for name in names:
        if name not in known:
            said = f"unknown {what} {name!r}{suggest(name, known)}; there are {', '.join(known) or 'none'}"
            raise study.mistake(key, said)


def _treatments(study: StudyFile) -> None:
    declared, policies = study.declared.treatments, study.paper.policies or {}
    _known(study, "treatments", "treatment", declared, study.paper.treatments)
    _known(study, "treatments", "policy", [t.policy for t in declared.values() if t.policy], policies)
    for term in study.headline:
        if term not in declared or study.headline[term][0] not in study.columns:
            raise study.mistake("columns", f"the paper's headline {'.'.join(study.headline[term])} is not declared")


def _covariates(study: StudyFile) -> None:
    declared, columns = study.declared.covariates, study.declared.subsamples
    drawn = [name for name, spec in study.declared.treatments.items() if not spec.policy]
    needed = [*study.controls, *study.declared.moderators, *drawn]
    split = [rule.column for rule in columns.values() if rule.rows]
    _known(study, "covariates", "control, moderator or treatment", declared, [*needed, *split])
    for name in needed:
        if name not in declared:
            raise study.mistake("covariates", f"{name} of paper.yml is not drawn; say how, or `{name}: {{}}`")
    for name in declared:
        if missing := [stat for stat in STATS if stat not in study.moments(name)]:
            said = f"print has no {', '.join(missing)} of it in table {study.declared.descriptives or '(none)'}"
            raise study.mistake(f"covariates: {name}", f"{said}; declare them here")
    for name in study.dimensions:
        if "mean" not in study.moments(name):
            raise study.mistake(f"outcome, dimensions: {name}", "no mean is printed; declare one here")


def _columns(study: StudyFile) -> None:
    declared = study.declared
    for name, column in study.columns.items():
        key = f"columns: {name}"
        _known(study, key, "outcome", [column.outcome], [study.outcome, *study.dimensions])
        _known(study, key, "control", column.controls, study.controls)
        _known(study, key, "subsample", [column.rows], ["all", *declared.subsamples])
        _known(study, key, "effects", [column.effects], EFFECTS)
        _known(study, key, "instrument", [column.instrument] if column.instrument else [], declared.instruments)
        if column.rho:
            study.value(column.rho, key)


def _targets(study: StudyFile) -> None:
    """Refuse ids that are not printed, and two values for one coefficient, such as a table and a text that disagree."""
    first: dict[tuple[str, str], Target] = {}
    for target in study.targets:
        other = first.setdefault((target.column, target.term), target)
        if other is not target:
            raise ContradictoryTargets(
                f"{study.mistake('targets', other.id)} = {other.value:g} and {target.id} = {target.value:g} are the"
                f" same coefficient, {target.term} of {target.column}: residual {target.value - other.value:+.6f}."
                " Keep one under `targets` and move the other to `untargeted` with the reason"
            )
    numbers = study.numbers.index
    for number in study.declared.untargeted:
        if not any(one == number or one.startswith(f"{number}.") for one in numbers):
            study.value(number, "untargeted")


def _worlds(study: StudyFile) -> None:
    if AS_PRINTED not in study.worlds or study.worlds[AS_PRINTED].departs:
        raise study.mistake("worlds", f"the world {AS_PRINTED} must be there, with treatment as print has it")
    for name, world in study.worlds.items():
        key = f"worlds: {name}"
        _known(study, key, "target", world.drop, [t.id for t in study.targets])
        _known(study, key, "dimension", world.rise, study.dimensions)
        if world.departs and (world.drop or world.loose or world.rise):
            raise study.mistake(key, "effect, drift and spillover go with no loose, drop or rise: no target is solved")
