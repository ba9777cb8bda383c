"""Whether answers are right: the teacher's edition decides, in processes that no student's code enters."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pandas as pd

from nqp.papers import Refusal
from nqp.paths import root
from nqp.teaching.numbers import plain, seed

Names = dict[str, Any]
STOPPED = ""  # in place of an exercise: why a number could not be judged


def judge(teacher: Path, handed_in: list[tuple[str, Names]], jobs: int) -> list[Names]:
    """Check the answers of each student number against the truth of its seed.

    Parameters
    ----------
    teacher : the teacher's edition
    handed_in : student numbers, each with its answers by exercise; an exercise without an answer is absent
    jobs : students at a time

    Returns
    -------
    For each number and exercise ``right``, ``said`` (why not) and ``key``, the model answer; instead of them, at
    `STOPPED`, why a number could not be judged. A `Refusal` says where the set-up stops.
    """

    shares = [handed_in[first::jobs] for first in range(min(jobs, len(handed_in)))]
    with ThreadPoolExecutor(jobs) as pool:
        parts = list(pool.map(partial(_judge_share, teacher), shares))
    return [parts[place % jobs][place // jobs] for place in range(len(handed_in))]


def _judge_share(teacher: Path, share: list[tuple[str, Names]]) -> list[Names]:
    from nqp.book.kernel import environment
    from nqp.book.processes import scratch

    with scratch() as folder:
        ended = subprocess.run(
            [sys.executable, "-m", "nqp.teaching.truth", str(teacher.resolve())],
            input=json.dumps(share),
            capture_output=True,
            text=True,
            cwd=root(),
            env=environment(folder, MPLBACKEND="agg", NQP_ROOT=str(root())),
        )
    if ended.returncode:
        raise Refusal(
            f"{teacher}: the teacher's edition stops: {(ended.stderr.strip().splitlines() or ['?'])[-1]}"
        )
    return json.loads(ended.stdout)


def main() -> None:
    """Run the set-up once; then, for each student, what follows it, from the same state."""
    cells = nbformat.read(sys.argv[1], as_version=4).cells
    names: Names = {}  # stays the same object: functions of the set-up look their names up in it
    with redirect_stdout(io.StringIO()):
        for cell in cells:
            own = cell.metadata.get("nbgrader", {})
            if own.get("locked") and not own["grade"] and own["grade_id"] != "seed":
                _run(cell.source, names)
        before, said = dict(names), []
        for number, answers in json.load(sys.stdin):
            names.clear()
            names.update({name: _own_copy(value) for name, value in before.items()}, student=seed(number))
            try:
                said.append(dict(_each(cells, answers, names)))
            except Exception as stop:  # the chapter's code may stop for one seed; the others are judged
                said.append({STOPPED: f"the model answer stops for {number}: {type(stop).__name__}: {stop}"})
    print(json.dumps(said))


def _own_copy(value: Any) -> Any:
    """Copy what a cell may change in place."""
    return value.copy() if isinstance(value, np.ndarray | pd.DataFrame | pd.Series | dict | list) else value


def _run(code: str, names: Names) -> None:
    exec(compile(code, "<cell>", "exec"), names)


def _each(cells: list[nbformat.NotebookNode], answers: Names, names: Names) -> Iterator[tuple[str, Names]]:
    """Yield what is to say of each exercise; its model answer is made first, its check runs on the student's."""
    for cell in cells:
        own = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code" or own.get("grade_id") in (None, "seed") or own["locked"] > own["grade"]:
            continue
        if own["solution"]:
            _run(cell.source, names)
            continue
        label, answer = own["grade_id"], cell.metadata["nqp"]["answer"]
        model = names[answer]
        said = f"no answer: the cells leave nothing in `{answer}`"
        if label in answers:
            names[answer] = _as_computed(answers[label])
            said = _checked(cell.source, names)
            names[answer] = model
        if said:  # a check may make what later ones use
            _run(cell.source, names)
        yield label, {"right": not said, "said": said, "key": plain(model)}


def _as_computed(answer: Any) -> Any:
    return np.array(answer) if isinstance(answer, list) else answer


def _checked(check: str, names: Names) -> str:
    try:
        _run(check, names)
    except AssertionError as wrong:
        return str(wrong)
    except Exception as wrong:  # whatever an answer of a strange form brings about
        return f"the answer cannot be compared ({type(wrong).__name__}: {wrong})"
    return ""


if __name__ == "__main__":
    main()
