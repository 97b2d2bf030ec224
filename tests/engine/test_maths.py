"""The arithmetic of the kernels is accurate, and its bits do not depend on the processor."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.kernels import maths
from tests.engine.maths_bits import all_of, digest, powers, samples

ROOT = Path(__file__).parents[2]


def units_off(got, exact):
    """The largest distance in units of the last place."""
    return float(np.max(np.abs(got.astype(np.longdouble) - exact) / np.spacing(np.abs(got))))


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="no extended precision to compare with")
@pytest.mark.parametrize(
    ("row", "exact", "most"),
    [
        (0, np.exp, 1.5),
        (1, np.expm1, 3.0),
        (2, lambda x: np.log(np.abs(x)), 1.5),
        (3, lambda x: np.log1p(np.abs(x)), 1.5),
        (4, np.tanh, 3.0),
        (5, lambda x: np.sqrt(np.abs(x)), 0.5),
    ],
    ids=["exp", "expm1", "log", "log1p", "tanh", "sqrt"],
)
def test_each_function_is_within_a_few_units_of_the_last_place(row, exact, most):
    x = samples()
    assert units_off(all_of(x)[row], exact(x.astype(np.longdouble))) <= most


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="no extended precision to compare with")
def test_powers_are_within_1e_14_even_where_the_exponent_is_large():
    rng = np.random.default_rng(5)
    x = np.concatenate([rng.uniform(0, 1, 20_000), np.exp(rng.uniform(-9, 9, 20_000))])
    y = np.concatenate([rng.uniform(0, 1, 20_000), rng.uniform(-70, 70, 20_000)])
    exact = np.power(x.astype(np.longdouble), y.astype(np.longdouble))
    assert float(np.max(np.abs(powers(x, y) - exact) / exact)) < 1e-15
    y = rng.integers(-32, 33, x.size).astype(float)
    exact = np.power(x.astype(np.longdouble), y.astype(np.longdouble))
    assert float(np.max(np.abs(powers(x, y) - exact) / exact)) < 1e-14


def test_whole_powers_of_whole_numbers_are_exact():
    for base in range(1, 12):
        for exponent in range(13):
            assert maths.pow(float(base), float(exponent)) == base**exponent
    assert maths.pow(2.0, -3.0) == 0.125
    assert maths.pow(-2.0, 3.0) == -8.0


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (0.0, 0.0, 1.0),
        (0.0, 0.3, 0.0),
        (0.0, -1.0, np.inf),
        (1.0, np.nan, 1.0),
        (-2.0, 0.5, np.nan),
        (np.nan, 2.0, np.nan),
        (0.5, np.inf, 0.0),
        (2.0, 2000.0, np.inf),
        (2.0, -1074.0, 0.0),
        (0.25, 0.5, 0.5),
    ],
)
def test_the_corners_of_pow(x, y, expected):
    np.testing.assert_equal(maths.pow(x, y), expected)


def test_exp_is_exactly_zero_below_708_and_never_subnormal():
    assert maths.exp(-708.0000001) == 0.0
    assert maths.exp(-np.inf) == 0.0
    x = np.linspace(-720, -700, 20_001)
    values = all_of(x)[0]
    smallest = np.finfo(float).tiny
    assert ((values == 0.0) | (values >= smallest)).all()
    assert (values[x >= -708] > 0).all()


def test_a_nan_stays_a_nan_and_infinities_are_met():
    for function in (maths.exp, maths.expm1, maths.log, maths.log1p, maths.tanh, maths.sqrt):
        assert np.isnan(function(np.nan))
    assert maths.exp(710.0) == np.inf
    assert maths.log(0.0) == -np.inf
    assert np.isnan(maths.log(-1.0))
    assert maths.log1p(-1.0) == -np.inf
    assert maths.expm1(-800.0) == -1.0
    assert (maths.tanh(50.0), maths.tanh(-50.0)) == (1.0, -1.0)


def test_exact_points():
    assert maths.exp(0.0) == 1.0
    assert maths.expm1(0.0) == 0.0
    assert maths.log(1.0) == 0.0
    assert maths.tanh(0.0) == 0.0
    assert maths.floor(-0.5) == -1.0
    assert (maths.clip(5.0, 0.0, 1.0), maths.clip(-5.0, 0.0, 1.0), maths.clip(0.3, 0.0, 1.0)) == (1, 0, 0.3)
    assert (maths.where(True, 1.0, 2.0), maths.where(False, 1.0, 2.0)) == (1.0, 2.0)


def test_a_processor_without_vector_or_fused_instructions_gives_the_same_bits(tmp_path):
    environment = {
        **os.environ,
        "NUMBA_CPU_NAME": "generic",
        "NUMBA_CPU_FEATURES": "",
        "NUMBA_CACHE_DIR": str(tmp_path),
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2,-AVX512F",
        "PYTHONPATH": str(ROOT),
    }
    script = "from tests.engine.maths_bits import digest; print(digest())"
    other = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert other.stdout.strip() == digest()


def test_the_fingerprint_changes_with_the_source(tmp_path, monkeypatch):
    before, home = maths.fingerprint(), Path(maths.__file__)
    for folder, more in (("same", b""), ("other", b"#")):
        (tmp_path / folder).mkdir()
        for source in home.parent.glob("*.py"):
            (tmp_path / folder / source.name).write_bytes(source.read_bytes())
        copy = tmp_path / folder / "maths.py"
        copy.write_bytes(copy.read_bytes() + more)
        monkeypatch.setattr(maths, "__file__", str(copy))
        assert (maths.fingerprint() == before) == (folder == "same")
