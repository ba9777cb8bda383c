"""Planted chains: what finds which is known, and one draw is an ordinary regression."""

import numpy as np
import pytest

from nqp.mechanisms import path_and_product
from nqp.panel import PanelError


@pytest.fixture(scope="module")
def found(panel, model):
    def of(path, link, slope, **options):
        return path_and_product(
            panel, model, path=path, link=link, slope=slope, **{"draws": 200, "seed": 3} | options
        )

    return of


def test_nothing_planted_is_found_about_as_often_as_the_level_says(found):
    assert found(0, 0, 0).between(0.01, 0.13).all()


def test_a_chain_moves_the_path_and_not_the_product(found):
    chain = found(0.5, 5.0, 0)
    assert chain["path found"] == 1
    assert chain["product found"] < 0.13


def test_moderation_without_a_chain_moves_the_product_and_not_the_path(found, panel):
    amplifier = found(0, 0, panel["entreact"].std())
    assert amplifier["product found"] == 1
    assert amplifier["path found"] < 0.13


def test_the_same_seed_gives_the_same_and_rows_may_come_in_any_order(panel, model, found):
    shuffled = path_and_product(
        panel.sample(frac=1, random_state=1), model, path=0.1, link=1, slope=0.05, draws=50, seed=9
    )
    assert shuffled.equals(found(0.1, 1, 0.05, draws=50, seed=9))
    assert not shuffled.equals(found(0.1, 1, 0.05, draws=50, seed=10))


def test_an_unbalanced_panel_is_refused(panel, model):
    with pytest.raises(PanelError):
        path_and_product(panel.iloc[1:], model, path=0, link=0, slope=0, draws=2, seed=1)


def test_the_share_is_that_of_pyfixest(panel, model):
    """The same moderators, drawn by the documented order, and tested one by one by another engine."""
    import pandas as pd
    import pyfixest as pf

    ordered = panel.sort_values(["id", "year"])
    n, t, draws = ordered["id"].nunique(), ordered["year"].nunique(), 20
    rng = np.random.default_rng(4)
    rng.normal(size=(n, 1)), rng.normal(size=(n, t)), rng.choice([-1.0, 1.0], size=(n, 1, draws))
    noise = rng.normal(size=(n, t, draws)).reshape(n * t, draws)
    p = []
    for column in noise.T:
        data = pd.DataFrame(ordered).assign(m=0.03 * ordered["did"].to_numpy() + column)
        fit = pf.feols(f"m ~ did + {' + '.join(model.controls)} | id + year", data, {"CRV1": "id"},
                       ssc=pf.ssc(k_adj=False))  # fmt: skip
        p.append(fit.pvalue()["did"])
    ours = path_and_product(panel, model, path=0.03, link=0, slope=0, draws=draws, seed=4)
    assert ours["path found"] == pytest.approx(np.mean(np.array(p) < 0.05))
