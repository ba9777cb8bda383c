"""Omitted-variable formula, dropped rows, moderators and p values on regressions and published numbers."""

import numpy as np
import pytest
from scipy.stats import chi2

from printcheck import moderation, omitted, pvalues
from printcheck.intervals import Interval, interval, rounding


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


def test_two_outcomes_can_always_be_matched_by_two_numbers_and_sizes_are_checked() -> None:
    short, long, added = ([interval(x) for x in values] for values in table(1, outcomes=2))
    short[0] = short[0] + 1.0
    assert omitted.omitted_regressors(short, long, added, names=("M", "D x M")).verdict == "consistent"
    with pytest.raises(ValueError, match="need 4 of theirs, not 3"):
        omitted.omitted_regressors(short, long, added[:3], names=("M", "D x M"))


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
    assert found.verdict == "cannot tell"


def test_moderator_level_and_relative_interaction() -> None:
    """A linear interaction with effect 1 + 2 M at M = 0.25 has effect 1.5, and 200 % more at M = 1."""
    found = moderation.moderator_level(interval(1.5), interval(1.0), interval(2.0), scale="a share")
    assert found.implied == "M = 0.25"
    cells = interval(1.0), interval(2.0)
    assert moderation.relative_interaction(*cells, rounding("200.0")).verdict == "consistent"
    assert moderation.relative_interaction(*cells, rounding("20.0")).verdict == "inconsistent"


@pytest.mark.parametrize("statistic", [0.5, 3.84, 12.706])
def test_p_of_one_restriction_is_chi_square(statistic) -> None:
    p = float(chi2.sf(statistic, 1))
    for digits in (3, 4, 6):
        cells = rounding(f"{statistic:.3f}"), rounding(f"{p:.{digits}f}")
        assert pvalues.chi2_p(*cells).verdict == "consistent"
    assert pvalues.chi2_p(interval(statistic), Interval(p + 0.01, p + 0.02)).verdict == "inconsistent"


def test_counts_against_a_list() -> None:
    assert pvalues.units_on_list(rounding("97"), listed=97, what="Pilots").verdict == "consistent"
    assert pvalues.units_on_list(rounding("97"), listed=98, what="Pilots").verdict == "inconsistent"


@pytest.mark.parametrize("seed", range(25))
def test_joint_f_of_two_regressors_bounds_the_correlation_of_their_estimates(seed) -> None:
    rng = np.random.default_rng(seed)
    n = 300
    common = rng.standard_normal(n)
    x = np.column_stack(
        [common + rng.uniform(0.1, 2) * rng.standard_normal(n) for _ in range(2)] + [np.ones(n)]
    )
    y = x @ np.array([0.3, 0.3, 1.0]) + rng.standard_normal(n)
    b = np.linalg.lstsq(x, y, rcond=None)[0]
    rss, tss = float(((y - x @ b) ** 2).sum()), float(((y - y.mean()) ** 2).sum())
    cov = rss / (n - 3) * np.linalg.inv(x.T @ x)
    t = b[:2] / np.sqrt(np.diag(cov)[:2])
    r = cov[0, 1] / np.sqrt(cov[0, 0] * cov[1, 1])
    f = (tss - rss) / 2 / (rss / (n - 3))
    assert f == pytest.approx((t @ t - 2 * r * t[0] * t[1]) / (2 * (1 - r**2)), rel=1e-10)
    assert omitted._correlation(*np.abs(t), f) <= abs(r) + 1e-10
    errors = np.sqrt(np.diag(cov)[:2])
    cells = [[rounding(f"{value:.5f}") for value in values] for values in (b[:2], errors)]
    found = omitted.rise_against_t(interval(0.0), rounding(f"{1 - rss / tss:.5f}"), *cells, df=n - 3)
    assert found.verdict == "consistent"


def test_a_large_rise_with_small_t_values_needs_estimates_that_move_together() -> None:
    cells = [[rounding("0.073"), rounding("0.091")], [rounding("0.039"), rounding("0.045")]]
    found = omitted.rise_against_t(rounding("0.893"), rounding("0.932"), *cells, df=5254)
    assert found.verdict == "cannot tell"
