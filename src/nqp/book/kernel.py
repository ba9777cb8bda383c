"""Run the cells of a notebook in a kernel of its own, in memory: nothing of this process changes."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from papermill import execute_notebook
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError

from nqp.book.processes import FOLLOW
from nqp.book.warm import WarmKernel

DIED = "the kernel died in this cell: killed, short of memory (try --jobs 1), or by a crash of compiled code"
RULES = {
    # it warns of its port and of being stopped; where FOLLOW does nothing, it looks after its parent every second
    "extra_arguments": ["--IPKernelApp.log_level=50", f"--IPKernelApp.exec_lines={FOLLOW}"],
    "force_raise_errors": True,
    "iopub_timeout": 60,
    "raise_on_iopub_timeout": True,
    "record_timing": False,
}
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
ALWAYS = {
    **dict.fromkeys(THREADS, "1"),  # chapters run side by side
    "JE_ARROW_MALLOC_CONF": "background_thread:false",  # pyarrow would start a thread when it is imported
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYTHONHASHSEED": "0",
    "TQDM_DISABLE": "1",
}


def environment(folder: Path, **own: str) -> dict[str, str]:
    """Return the environment that makes two executions give the same bytes; temporary files go to the folder."""
    places = ["IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JOBLIB_TEMP_FOLDER", "TMPDIR"]
    home = Path(os.environ.get("HOME", ""))
    if not (home.is_dir() and os.access(home, os.W_OK)):
        places.append("MPLCONFIGDIR")
    return {**os.environ, **ALWAYS, **dict.fromkeys(places, str(folder)), **own}


class InMemory(Engine):
    """Papermill's engine for kernels of this module; nothing is written, and no folder or environment changes."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: NotebookExecutionManager, kernel_name: str, **how: Any) -> None:
        """Leave all to `run`, the caller's function of a notebook."""
        how["run"](nb_man.nb)


papermill_engines.register("nqp", InMemory)


def through_papermill(
    notebook: nbformat.NotebookNode, changed: Mapping[str, Any], **how: Any
) -> tuple[nbformat.NotebookNode, str, str]:
    """Execute a notebook with changed parameters; return it with its outputs, and what `run_cells` says of it."""
    ended: list[tuple[nbformat.NotebookNode, str, str]] = []

    def run(parameterised: nbformat.NotebookNode) -> None:
        ended.append((parameterised, *run_cells(parameterised, **how)))

    options = {"kernel_name": "python3", "language": "python", "engine_name": "nqp", "progress_bar": False}
    with suppress(PapermillExecutionError):  # papermill marks the cell; `run_cells` has said it
        execute_notebook(notebook, None, parameters=dict(changed), run=run, **options)
    return ended[0]


def run_cells(notebook: nbformat.NotebookNode, folder: Path, timeout: int, **how: Any) -> tuple[str, str]:
    """Execute code cells in place until one stops; return why, and the source of that cell, or two empty texts.

    A cell may take `timeout` seconds. `how` are the kernel's ``cwd`` and ``env``; the folder is its own.
    """
    for attempts_left in (2, 1, 0):  # kernels that start together may pick the same port and die: nothing ran
        where, own = "", {"connection_file": str(folder / "kernel.json")}
        only_ours = KernelSpecManager(kernel_dirs=[])
        kernel = AsyncKernelManager(kernel_spec_manager=only_ours, **own)
        kernel.provisioner = WarmKernel(kernel_spec=kernel.kernel_spec, parent=kernel)
        kernel.provisioner.notebook = notebook
        client = NotebookClient(notebook, kernel, timeout=timeout, **RULES)
        client.reset_execution_trackers()
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
