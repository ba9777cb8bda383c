"""Mediation from t values: R's printed Sobel test, and simulated regressions."""

from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
import yaml

from printcheck import interval, rounding
from printcheck.mediation import (
    VARIANTS,
    both_t_from_three,
    product_z,
    share_mediated,
    sobel_bound,
    sobel_threshold,
    sobel_z,
    total_less_direct,
)

REFERENCE = yaml.safe_load((Path(__file__).parents[1] / "reference" / "sobel_mtcars_bda.yaml").read_text())


def mtcars():
    y, m, d = (np.array(REFERENCE[k]) for k in ("outcome_mpg", "mediator_hp", "treatment_wt"))
    first = sm.OLS(m, sm.add_constant(d)).fit()
    second = sm.OLS(y, sm.add_constant(np.column_stack([m, d]))).fit()
    return first.tvalues[1], second.tvalues[1]


@pytest.mark.parametrize("name", ["Sobel", "Aroian", "Goodman"])
def test_z_from_t_values_alone_is_what_r_prints(name):
    z = product_z(*mtcars(), VARIANTS[name])
    assert f"{z:.7f}" == REFERENCE["printed"][name.lower()]["z"]


def test_printed_z_is_recognised_and_a_changed_one_is_not():
    t = [interval(v) for v in mtcars()]
    right = sobel_z(*t, rounding("-1.5071302"))
    assert right.verdict == "consistent"
    assert "as Sobel gives" in right.sentence
    assert sobel_z(*t, rounding("-1.5171302")).verdict == "inconsistent"


def paths(seed: int):
    rng = np.random.default_rng(seed)
    x, w = rng.normal(size=(2, 200))
    m = 0.4 * x + w + rng.normal(size=200)
    y = 0.3 * x + 0.5 * m - w + rng.normal(size=200)
    fit = lambda out, *inside: sm.OLS(out, sm.add_constant(np.column_stack([*inside, w]))).fit()  # noqa: E731
    return fit(y, x), fit(y, m), fit(m, x), fit(y, x, m)


def test_both_t_values_follow_exactly():
    total, mediator, a, both = paths(0)
    t = [interval(f.tvalues[1]) for f in (total, mediator, a)]
    exact = both_t_from_three(*t, interval(both.tvalues[1]), interval(both.tvalues[2]), df=total.df_resid)
    assert exact.verdict == "consistent"
    off = both_t_from_three(
        *t, interval(both.tvalues[1] + 1e-6), interval(both.tvalues[2]), df=total.df_resid
    )
    assert off.verdict == "inconsistent"


@pytest.mark.parametrize("digits", [2, 3, 4])
@pytest.mark.parametrize("seed", range(12))
def test_rounding_is_never_inconsistent(seed, digits):
    total, mediator, a, both = paths(seed)
    t = [
        rounding(f"{v:.2f}")
        for v in (total.tvalues[1], mediator.tvalues[1], a.tvalues[1], *both.tvalues[1:3])
    ]
    z = rounding(f"{product_z(a.tvalues[1], both.tvalues[2]):.{digits}f}")
    assert both_t_from_three(*t, df=total.df_resid).verdict == "consistent"
    assert sobel_z(t[2], t[4], z).verdict == "consistent"
    assert sobel_bound([t[2], t[4]], z).verdict == "consistent"
    assert sobel_bound([t[2]], z).verdict == "consistent"
    c, direct, slope_a, slope_b = (
        rounding(f"{v:.{digits}f}") for v in (total.params[1], both.params[1], a.params[1], both.params[2])
    )
    assert total_less_direct(c, direct, slope_a, slope_b).verdict == "consistent"
    share = 100 * a.params[1] * both.params[2] / total.params[1]
    found = share_mediated(c, slope_a, slope_b)
    low, high = (float(one) for one in found.implied.removesuffix(" %").split(" to "))
    assert low - 0.1 <= share <= high + 0.1
    assert found.verdict == "measured"


def test_z_above_its_bound_is_caught():
    assert sobel_bound([rounding("2.41")], rounding("2.764")).verdict == "inconsistent"
    assert total_less_direct(*map(rounding, ("0.50", "0.20", "0.40", "0.50"))).verdict == "inconsistent"


def test_threshold_of_the_product_of_two_null_paths():
    # Shepp (1964): X Y / sqrt(X^2 + Y^2) is N(0, 1/4) for independent standard normals
    x, y = np.random.default_rng(1).normal(size=(2, 400_000))
    z = np.abs(x * y / np.hypot(x, y))
    assert (z > 0.98).mean() == pytest.approx(0.05, abs=0.002)
    # one path far from zero: the normal threshold applies, and 0.97 rejects a third of the time
    far = np.abs(x * (y + 30) / np.hypot(x, y + 30))
    result = sobel_threshold(rounding("0.97"), [rounding("1.20"), rounding("2.76")])
    assert result.verdict == "cannot tell"
    assert f"up to {(far > 0.97).mean():.2f}" in result.sentence.replace("0.332", "0.33")
    assert "1 of 2 printed z lie between it and 1.96" in result.sentence
    assert sobel_threshold(rounding("1.96")).verdict == "consistent"
