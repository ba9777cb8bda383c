"""Kernels that begin with their imports done: on Linux, copies of one process that has imported."""

import atexit
import json
import os
import re
import select
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Lock
from typing import Any

import nbformat
from jupyter_client.provisioning import LocalProvisioner

PROGRAM = Path(__file__).with_name("copied.py")
IMPORTED = re.compile(r"^ *(?:import|from) +(\w+)", re.MULTILINE)
# but none that sets up logging or looks for its kernel when imported: pyfixest itself, seaborn, doubleml
ALL_NEED = (
    "pandas",
    "scipy.stats",
    "scipy.optimize",
    "matplotlib.pyplot",
    "statsmodels.formula.api",
    "linearmodels",
)
ALL_NEED += (
    "formulaic",
    "great_tables",
    "maketables",
    "joblib",
    "yaml",
    "nbformat",
    "myst_nb.ext.glue",
    "pyproj",
)
SOME_NEED = ("sklearn.ensemble", "sklearn.linear_model", "geopandas", "libpysal", "esda", "spreg")
OWN = ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JOBLIB_TEMP_FOLDER", "TMPDIR", "PYTEST_CURRENT_TEST")
_lock = Lock()


class Copy:
    """A kernel's process as `subprocess.Popen` describes one; it is no child of this process."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid, self._end = pid, os.fdopen(os.pidfd_open(pid), "rb", buffering=0)

    def poll(self) -> int | None:
        """Return a number once it has ended."""
        return 0 if select.select([self._end], [], [], 0)[0] else None

    def wait(self) -> int:
        """Let go of it after it ended."""
        self._end.close()
        return 0

    def send_signal(self, number: int) -> None:
        """Send a signal to it, and never to another that came to have its number."""
        signal.pidfd_send_signal(self._end.fileno(), number)


class WarmKernel(LocalProvisioner):
    """Starts a notebook's kernel as a copy; where none can be made, as jupyter_client does."""

    notebook: nbformat.NotebookNode

    async def launch_kernel(self, cmd: list[str], **how: Any) -> dict[str, Any]:
        """Start it."""
        self.process = _copy(cmd, _libraries(self.notebook), str(how["cwd"]), how["env"])
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


class Original:
    """The process that is copied. Libraries read the environment when imported, so all copies must share it."""

    one: "Original | None" = None
    usable = sys.platform == "linux"

    def __init__(self, cmd: list[str], env: dict[str, str]) -> None:
        self.shared = _shared(env)
        how = {"stdin": PIPE, "stdout": PIPE, "text": True, "start_new_session": True}
        self.process = Popen([*cmd, str(PROGRAM)], env=env, **how)
        atexit.register(self.process.communicate)  # which ends it


def _shared(env: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if name not in OWN and not name.startswith("NQP_")}


def _copy(cmd: list[str], libraries: list[str], cwd: str, env: dict[str, str]) -> Copy | None:
    """Return a copy that is a kernel."""
    at = cmd.index("-m")
    with _lock:
        try:
            if not Original.usable:
                return None
            one = Original.one = Original.one or Original(cmd[:at], env)
            if one.shared != _shared(env):
                return None
            asked = {"libraries": libraries, "words": cmd[at + 1 :], "cwd": cwd, "env": env}
            print(json.dumps(asked), file=one.process.stdin, flush=True)
            kernel = int(one.process.stdout.readline())
            return Copy(kernel) if kernel else None
        except (OSError, ValueError):  # it could not start, or died
            Original.usable = False
            return None
