"""Run the cells of a notebook in a kernel of its own, in memory: nothing of this process changes."""

import os
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from nqp.book.processes import following

DIED = "the kernel died in this cell: killed, short of memory (try --jobs 1), or by a crash of compiled code"
QUIET = "--IPKernelApp.log_level=50"  # or it warns of its port and of being stopped
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
ALWAYS = {
    **dict.fromkeys(THREADS, "1"),  # chapters run side by side
    "JUPYTER_PREFER_ENV_PATH": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYTHONHASHSEED": "0",
    "TQDM_DISABLE": "1",
}


class Kernel(AsyncKernelManager):
    """A kernel of this interpreter, whatever kernels the user has installed; it ends with this process."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """How it is started."""
        return KernelSpec(
            argv=following("ipykernel.kernelapp:launch_new_instance", "-f", "{connection_file}")
        )


def environment(folder: Path, **own: str) -> dict[str, str]:
    """Return the environment that makes two executions give the same bytes; temporary files go to the folder."""
    places = ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JOBLIB_TEMP_FOLDER", "TMPDIR")
    home = Path(os.environ.get("HOME", ""))
    mine = {} if home.is_dir() and os.access(home, os.W_OK) else {"MPLCONFIGDIR": str(folder)}
    return {**os.environ, **ALWAYS, **dict.fromkeys(places, str(folder)), **mine, **own}


def run_cells(notebook: nbformat.NotebookNode, folder: Path, timeout: int, **how: Any) -> tuple[str, str]:
    """Execute code cells in place until one stops; return why, and the source of that cell, or two empty texts.

    Parameters
    ----------
    folder : where the kernel is told how to be reached
    timeout : seconds that a cell may take
    how : the kernel's ``cwd`` and ``env``
    """
    rules = {
        "force_raise_errors": True,
        "raise_on_iopub_timeout": True,
        "iopub_timeout": 60,
        "timeout": timeout,
    }
    rules |= {"record_timing": False, "extra_arguments": [QUIET]}
    for attempts_left in (2, 1, 0):  # kernels that start together may pick the same port and die: nothing ran
        client = NotebookClient(notebook, Kernel(connection_file=str(folder / "kernel.json")), **rules)
        client.reset_execution_trackers()
        where = ""
        try:
            with client.setup_kernel(cleanup_kc=True, **how):
                for number, cell in enumerate(notebook.cells):
                    where = cell.source
                    client.execute_cell(cell, number)
            return "", ""
        except CellExecutionError as stop:
            return f"{stop.ename}: {stop.evalue}", where
        except CellTimeoutError:
            return f"it took longer than {timeout} seconds; `nqp run --timeout SECONDS` gives it more", where
        except DeadKernelError:
            return f"DeadKernelError: {DIED}", where
        except RuntimeError as died:
            if "before replying" not in str(died) or not attempts_left:
                return f"RuntimeError: {died}", where
