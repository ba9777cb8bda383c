"""The library's repairs for few clusters, on which a chapter leans, against answers that do not come from it."""

from itertools import product

import diff_diff as dd
import numpy as np
import pytest
from diff_diff.linalg import LinearRegression


def test_cr2_on_two_groups_is_welchs_error_with_his_degrees_of_freedom():
    """CR2 with one row a cluster is sqrt(s1^2 / n1 + s0^2 / n0) (Welch 1938)."""
    few, many = 3, 27
    y = np.random.default_rng(1).normal(size=few + many)
    x = np.column_stack([np.repeat([1.0, 0.0], [few, many]), np.ones(few + many)])
    fit = LinearRegression(include_intercept=False, vcov_type="hc2_bm", cluster_ids=np.arange(len(y)))
    found = fit.fit(x, y).get_inference(0)
    assert found.se == pytest.approx(np.sqrt(y[:few].var(ddof=1) / few + y[few:].var(ddof=1) / many))
    of_equal = (1 / few**2 / (few - 1) + 1 / many**2 / (many - 1)) ** -1 * (1 / few + 1 / many) ** 2
    assert found.df == pytest.approx(of_equal)


def test_wild_bootstrap_is_the_share_of_all_sign_vectors():
    """Cameron, Gelbach & Miller (2008), the null imposed, all 2^8 sign vectors written out."""
    rng, clusters, size = np.random.default_rng(2), 8, 6
    by = np.repeat(np.arange(clusters), size)
    x = np.column_stack([rng.normal(size=clusters)[by] + rng.normal(size=by.size), np.ones(by.size)])
    y = 0.3 * x[:, 0] + rng.normal(size=clusters)[by] + rng.normal(size=by.size)

    def t_of(outcome):
        slope = np.linalg.lstsq(x, outcome)[0]
        left = outcome - x @ slope
        net = x[:, 0] - x[:, 0].mean()
        scores = np.bincount(by, weights=net * left)
        return slope[0] / np.sqrt((scores**2).sum())

    restricted = y - y.mean()
    drawn = [t_of(y.mean() + restricted * np.array(signs)[by]) for signs in product((-1, 1), repeat=clusters)]
    share = np.mean(np.abs(drawn) >= abs(t_of(y)) - 1e-12)
    found = dd.wild_bootstrap_se(x, y, y, by, 0, n_bootstrap=2**clusters, seed=3)
    assert found.p_value == pytest.approx(share, abs=2 / 2**clusters)  # the sample itself may count or not
