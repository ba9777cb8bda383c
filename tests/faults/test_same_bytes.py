"""The same seed gives the same bytes, however many threads linear algebra may use."""

import os
import subprocess
import sys

import pytest

RESAMPLE = """
import hashlib
import numpy as np
import pandas as pd
from nqp.mechanisms import TwoWayModel, bootstrap_indirect, permute_groups
from nqp.robustness import placebo
from threadpoolctl import threadpool_info

assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {THREADS}
units, years, rng = 600, 20, np.random.default_rng(1)
frame = pd.DataFrame({"id": np.repeat(range(units), years), "year": np.tile(range(years), units)})
first = rng.integers(5, 30, units)
frame["d"] = (frame["year"] >= first[frame["id"]]).astype(float)
frame["side"] = (frame["id"] % 2).astype(float)
controls = [f"x{k}" for k in range(12)]
frame = frame.join(pd.DataFrame(rng.normal(size=(len(frame), 14)), columns=[*controls, "m", "y"]))
model = TwoWayModel("y", "d", controls)
made = {
    "bootstrap": bootstrap_indirect(frame, model, "m", draws=500, seed=3),
    "permutation": permute_groups(frame, model, "side", (1, 0), draws=199, seed=3).draws,
    "placebo": placebo(frame, "y", "d", controls, unit="id", time="year", draws=500, seed=3).draws,
}
for name, draws in made.items():
    print(name, hashlib.sha256(draws.to_numpy().tobytes()).hexdigest())
"""


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core: linear algebra has one thread")
def test_draws_do_not_depend_on_the_number_of_threads():
    made = []
    for threads in ("1", "2"):
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": threads, "MKL_NUM_THREADS": threads}
        environment["OMP_NUM_THREADS"] = threads
        command = [sys.executable, "-c", RESAMPLE.replace("THREADS", threads)]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        made.append(ended.stdout)
    assert len(made[0].split()) == 6
    assert made[0] == made[1]
