"""One command at a time changes a checkout."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from nqp.papers import Refusal
from nqp.paths import build_dir, root


class Occupied(Refusal):
    """Another command works in this checkout, or it lacks what no command can do without."""


@contextmanager
def alone(command: str) -> Iterator[None]:
    """Hold the checkout, or refuse and say who holds it; the system lets go of it when a process ends, however."""
    if not (root() / "requirements.lock").is_file():
        raise Occupied(
            f"{root()} has no requirements.lock; bring it back with `git checkout requirements.lock`, or solve the"
            " dependencies anew with `make lock`"
        )
    path = build_dir() / "running"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            file.seek(0)
            raise Occupied(
                f"{file.read() or 'another command'} works in {root()}; wait until it ends, or end it"
            ) from held
        file.truncate(0)
        file.write(f"process {os.getpid()} (`{command}`, since {datetime.now():%Y-%m-%d %H:%M:%S})")
        file.flush()
        yield
