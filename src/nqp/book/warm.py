"""Kernels that begin with their imports done: on Linux, copies of a process that has imported."""

import atexit
import json
import os
import re
import select
import signal
import sys
from functools import partial
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Lock
from types import SimpleNamespace
from typing import Any

import nbformat
from jupyter_client.provisioning import LocalProvisioner

PROGRAM = Path(__file__).with_name("copied.py")
IMPORTED = re.compile(r"^ *(?:import|from) +(\w+)", re.MULTILINE)
# but none that sets up logging or looks for its kernel when imported: pyfixest itself, seaborn, doubleml
ALL_NEED = ("pandas", "scipy.stats", "matplotlib.pyplot", "statsmodels.formula.api", "linearmodels", "yaml")
ALL_NEED += ("formulaic", "great_tables", "maketables", "joblib", "nbformat", "myst_nb.ext.glue", "pyproj")
SOME_NEED = ("sklearn.ensemble", "sklearn.linear_model", "geopandas", "libpysal", "esda", "spreg")
# what differs from kernel to kernel; no library asks for it when imported
OWN = ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JOBLIB_TEMP_FOLDER", "TMPDIR", "PYTEST_CURRENT_TEST")
_originals: dict[tuple[str, ...], Popen] = {}  # what is copied, by the environment that libraries have seen
_lock = Lock()


class WarmKernel(LocalProvisioner):
    """Starts a notebook's kernel as a copy; where none can be made, as jupyter_client does."""

    notebook: nbformat.NotebookNode

    async def launch_kernel(self, cmd: list[str], **how: Any) -> dict[str, Any]:
        """Start it."""
        if sys.platform == "linux":
            python, _, *words = cmd
            asked = {"libraries": _libraries(self.notebook), "words": words, "cwd": str(how["cwd"])}
            self.process = _copy(python, how["env"], asked)
        if self.process is None:
            return await super().launch_kernel(cmd, **how)
        self.pid = self.pgid = self.process.pid
        return self.connection_info


def _libraries(notebook: nbformat.NotebookNode) -> list[str]:
    """Return what to import first: nothing for a notebook that neither estimates nor draws."""
    named = {name for c in notebook.cells if c.cell_type == "code" for name in IMPORTED.findall(c.source)}
    if named.isdisjoint(("pyfixest", *(name.partition(".")[0] for name in ALL_NEED))):
        return []
    return [*ALL_NEED, *(name for name in SOME_NEED if name.partition(".")[0] in named)]


def _copy(python: str, env: dict[str, str], asked: dict[str, Any]) -> SimpleNamespace | None:
    """Return a copy that is a kernel, as `subprocess.Popen` describes a process: it is no child of this one."""
    shared = [f"{k}={v}" for k, v in env.items() if k not in OWN and not k.startswith("NQP_")]
    key = (python, *sorted(shared))
    with _lock:
        try:
            os.close(os.pidfd_open(os.getpid()))  # an old kernel of Linux has none
            if key not in _originals:
                how = {"stdin": PIPE, "stdout": PIPE, "text": True, "start_new_session": True}
                _originals[key] = Popen([python, str(PROGRAM)], env=env, **how)
                atexit.register(_originals[key].communicate)  # which ends it
            original = _originals[key]
            print(json.dumps(asked | {"env": env}), file=original.stdin, flush=True)
            if not (kernel := int(original.stdout.readline())):
                return None
            end = os.fdopen(os.pidfd_open(kernel), "rb", buffering=0)
        except (OSError, ValueError):  # it could not start, or ended
            return None
    return SimpleNamespace(
        **dict.fromkeys(("stdin", "stdout", "stderr")),
        pid=kernel,
        poll=lambda: 0 if select.select([end], [], [], 0)[0] else None,
        wait=end.close,
        send_signal=partial(signal.pidfd_send_signal, end.fileno()),
    )
