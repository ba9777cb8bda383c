"""Omitted-variable formula, dropped rows, moderators and p values on regressions and published numbers."""

import numpy as np
import pytest

from printcheck import counts, moderation, omitted
from printcheck.intervals import interval, rounding


def coefficients(y: np.ndarray, *regressors: np.ndarray) -> np.ndarray:
    x = np.column_stack([*regressors, np.ones(len(y))])
    return np.linalg.lstsq(x, y, rcond=None)[0]


def table(seed: int, outcomes: int = 4) -> tuple[list[float], list[float], list[float]]:
    """Return coefficients of a treatment without and with a moderator and their product, for several outcomes."""
    rng = np.random.default_rng(seed)
    n = 400
    m = rng.normal(1, 1, n)
    d = (rng.random(n) < 0.3 + 0.2 * (m > 1)).astype(float)
    short, long, added = [], [], []
    for _ in range(outcomes):
        y = rng.normal(0.3, 0.3) * d + rng.normal() * m + rng.normal() * d * m + rng.standard_normal(n)
        short.append(coefficients(y, d)[0])
        full = coefficients(y, d, m, d * m)
        long.append(full[0])
        added += [full[1], full[2]]
    return short, long, added


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("digits", [2, 3, 8])
def test_rounded_regressions_keep_the_omitted_variable_formula(seed, digits) -> None:
    cells = [[rounding(f"{x:.{digits}f}") for x in values] for values in table(seed)]
    assert omitted.omitted_regressors(*cells, names=("M", "D x M")).verdict == "consistent"


@pytest.mark.parametrize("seed", range(10))
def test_a_planted_coefficient_breaks_the_formula(seed) -> None:
    short, long, added = ([rounding(f"{x:.4f}") for x in values] for values in table(seed))
    short[2] = short[2] + 0.3
    assert omitted.omitted_regressors(short, long, added, names=("M", "D x M")).verdict == "inconsistent"


def test_two_outcomes_can_always_be_matched_by_two_numbers() -> None:
    short, long, added = ([interval(x) for x in values] for values in table(1, outcomes=2))
    short[0] = short[0] + 1.0
    assert omitted.omitted_regressors(short, long, added, names=("M", "D x M")).verdict == "consistent"


def test_dropped_rows_carry_the_share_of_residuals_that_r2_says() -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal(2000)
    y = x + rng.standard_normal(2000)
    y[:4] += np.array([30, -30, 30, -30])

    def r2(rows: slice) -> tuple[float, float]:
        b = coefficients(y[rows], x[rows])
        rss = float(((y[rows] - b[0] * x[rows] - b[1]) ** 2).sum())
        return 1 - rss / float(((y[rows] - y[rows].mean()) ** 2).sum()), rss

    (all_r2, all_rss), (kept_r2, kept_rss) = r2(slice(None)), r2(slice(4, None))
    total = [all_rss / (1 - all_r2), kept_rss / (1 - kept_r2)]
    kept = 1 - (1 - kept_r2) * total[1] / total[0]  # on one total sum of squares, as the check assumes
    found = omitted.dropped_rows(interval(all_r2), interval(kept), rounding("2000"), rounding("1996"))
    share = 100 * (1 - kept_rss / all_rss)
    assert found.implied == f"{share:.1f} to {share:.1f} %"
    assert found.verdict == "measured"


def test_moderator_level_and_relative_interaction() -> None:
    """A linear interaction with effect 1 + 2 M at M = 0.25 has effect 1.5, and 200 % more at M = 1."""
    found = moderation.moderator_level(interval(1.5), interval(1.0), interval(2.0), scale="a share")
    assert found.implied == "M = 0.25"
    cells = interval(1.0), interval(2.0)
    assert moderation.relative_interaction(*cells, rounding("200.0")).verdict == "consistent"
    assert moderation.relative_interaction(*cells, rounding("20.0")).verdict == "inconsistent"


def test_counts_against_a_list() -> None:
    assert counts.units_on_list(rounding("97"), listed=97, what="Pilots").verdict == "consistent"
    assert counts.units_on_list(rounding("97"), listed=98, what="Pilots").verdict == "inconsistent"


def test_a_change_holds_the_exact_one() -> None:
    found = omitted.relative_change(rounding("0.50"), rounding("0.25"), what="controls")
    low, high = (float(end) for end in found.implied.removesuffix(" %").split(" to "))
    assert low <= -50 <= high
    assert found.verdict == "measured"
