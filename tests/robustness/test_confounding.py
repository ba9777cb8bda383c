"""ITCV and RIR, against what konfound prints."""

import pytest

from nqp.robustness import DesignError, itcv, rir


def test_documented_example(reference):
    case = reference["konfound"]["documented_example"]
    found = rir(case["estimate"], case["std_error"], case["n"], case["covariates"])
    assert round(found.threshold, 3) == case["threshold"]
    assert round(found.share, 3) == case["share"]
    assert found.cases == case["cases"]
    assert found.significant


def test_konfounds_own_tests(reference):
    for case in reference["konfound"]["tests"]:
        args = (case["estimate"], case["std_error"], case["n"], case["covariates"])
        assert rir(*args).share == pytest.approx(case["share"], abs=0.05)
        assert itcv(*args).correlation == pytest.approx(case["correlation"], abs=0.0006)
        assert itcv(*args).impact == pytest.approx(case["impact"], abs=0.0006)


def test_konfounds_printed_table(reference):
    for case in reference["konfound"]["mkonfound"]:
        args = (case["t"], 1.0, case["df"] + 2, 0)
        assert abs(round(itcv(*args).impact, 3)) == float(case["impact"])
        assert float(f"{itcv(*args).correlation:.3g}") == float(case["correlation"])
        assert itcv(*args).significant == rir(*args).significant == case["significant"]


def test_threshold_is_where_the_inference_turns():
    found = itcv(0.3, 0.1, 500, 4)
    corrected = (found.observed - found.impact) / (1 - abs(found.impact))
    assert corrected == pytest.approx(found.critical)
    weak = itcv(0.1, 0.1, 500, 4)
    assert weak.impact < 0
    assert (weak.observed - weak.impact) / (1 - abs(weak.impact)) == pytest.approx(weak.critical)


def test_scale_does_not_matter_and_sign_is_carried():
    assert itcv(0.3, 0.1, 500, 4).impact == pytest.approx(itcv(300, 100, 500, 4).impact)
    assert itcv(-0.3, 0.1, 500, 4).impact == -itcv(0.3, 0.1, 500, 4).impact
    assert rir(0.3, 0.1, 500, 4).cases == rir(-0.3, 0.1, 500, 4).cases
    assert rir(0, 0.1, 500, 4).share == 100


@pytest.mark.parametrize(
    ("args", "match"),
    [
        ((1, 0, 100, 3), "std_error is 0: it must be above zero"),
        ((1, 1, 6, 3), "6 observations are too few for 3 covariates"),
        ((1, 1, 100, 3, 5), "alpha is 5: it must lie between 0 and 1"),
    ],
)
def test_refusals(args, match):
    for function in (itcv, rir):
        with pytest.raises(DesignError, match=match):
            function(*args)
