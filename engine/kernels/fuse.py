"""Writes generated kernels to the cache folder, named by the hash of their content, and imports them.

One module per neuron model, input and plasticity stack.  The name holds everything the machine code
depends on (the text, the arithmetic, numba's version), so numba's cache on disk hits at the next start
and can never serve a stale rule; turning a knob writes nothing.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import stat
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numba
import platformdirs
from llvmlite import binding
from numba.core import caching as numba_caching
from numba.core import config as numba_config

from engine.errors import ModelError
from engine.kernels import maths
from engine.once import lately

settings: Any = numba_config
locator: Any = numba_caching._CacheLocator

SHARED = ("P_", "K_")
"""What the names of parameters and constants begin with; where all share one, no array is made of it."""

CONTRACT = "4"
"""Grows when the driver calls kernels in another way than before."""

HEADER = '''"""Written by Neuropil from the hooks of {about}; deleting it is safe."""

from math import copysign

from numba import cfunc, types
from numba import float32, float64, int32, int64, uint64, uint8

from engine.kernels.calls import only, part, view
from engine.kernels.chance import binomial, normal, poisson, uniform
from engine.kernels.drawing import counted, drawn_bits, tabled
from engine.kernels.lags import fetch, kept
from engine.kernels.lanes import any_marked, either, noted
from engine.kernels.naming import named
from engine.kernels.passes import Straight
from engine.kernels.maths import clip, exp, expm1, floor, log, log1p, pow, sqrt, tanh, where
'''


@dataclass(frozen=True)
class Kernel:
    """A kernel as text: its name, the arrays it takes (name, dtype) and the lines of its body.

    Besides its arrays every kernel takes the steps `s0, s1` and the target tiles `g0, g1` it works on.
    """

    name: str
    arrays: tuple[tuple[str, str], ...]
    body: tuple[str, ...]

    def text(self) -> str:
        """The function the driver calls with the addresses of the arrays; arrays nobody reads are left out.

        One function, not an entry and a body: each would be compiled by itself, and the body twice.
        """
        return _text(self)


@lately
def _text(kernel: Kernel) -> str:
    body = "\n".join(indent([*kernel.body]))
    views = []
    for i, (name, dtype) in enumerate(kernel.arrays):
        found = re.findall(rf"\b{name}\b(\[0\])?", body)
        if name[:2] in SHARED and found and all(found):
            body = re.sub(rf"\b{name}\[0\]", f"only(packed, {i}, {dtype})", body)
        elif found:
            views.append(f"    {name} = view(packed, {i}, {dtype})")
    return (
        "\n\n@cfunc(types.void(int64, int64, int64, int64, int64), cache=True, "
        "error_model='numpy', _nrt=False, pipeline_class=Straight)\n"
        f"def {kernel.name}_entry(packed, s0, s1, g0, g1):\n" + "\n".join([*views, body]) + "\n"
    )


def indent(lines: list[str], depth: int = 1) -> list[str]:
    """The lines, `depth` levels further in."""
    return ["    " * depth + line if line else "" for line in lines]


@cache
def folder() -> Path:
    """The cache folder: of this user alone, for this version of numba and this processor."""
    base = os.environ.get("NEUROPIL_CACHE") or platformdirs.user_cache_path("neuropil")
    processor = hashlib.blake2b(_processor().encode(), digest_size=4).hexdigest()
    python = f"py{sys.version_info[0]}{sys.version_info[1]}"
    place = Path(base) / "kernels" / f"numba-{numba.__version__}-{python}-{processor}"
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if hasattr(os, "getuid"):
            found = place.stat()
            if found.st_uid != os.getuid():
                raise PermissionError(f"{place} belongs to somebody else")
            if stat.S_IMODE(found.st_mode) & 0o077:
                place.chmod(0o700)
    except OSError:
        place = Path(tempfile.mkdtemp(prefix="neuropil-kernels-"))
    return place


def _machine_code() -> Path:
    """Where numba keeps what it compiles of the modules in the folder: `NUMBA_CACHE_DIR` says otherwise."""
    if not settings.CACHE_DIR:
        return folder() / "__pycache__"
    return Path(settings.CACHE_DIR, locator.get_suitable_cache_subpath(str(folder() / "any.py")))


def _processor() -> str:
    asked = os.environ.get("NUMBA_CPU_NAME")
    return asked or f"{binding.get_host_cpu_name()} {binding.get_host_cpu_features().flatten()}"


def wipe() -> None:
    """Forget every cached kernel; they are written and compiled again when needed."""
    shutil.rmtree(folder(), ignore_errors=True)
    folder.cache_clear()
    compiled.cache_clear()


def _named(about: str, kernels: tuple[Kernel, ...]) -> tuple[str, str]:
    """The module's name and text; the name holds the hash of all its machine code depends on."""
    text = HEADER.format(about=about) + "".join(kernel.text() for kernel in kernels)
    marks = "\n".join((text, maths.fingerprint(), CONTRACT, numba.__version__))
    key = hashlib.blake2b(marks.encode(), digest_size=8).hexdigest()
    return f"{_stem(about)}_{key}", text


def _stem(about: str) -> str:
    """The part of a module's name that says what it is made of."""
    return "".join(c if c.isalnum() else "_" for c in about)[:60]


def may_be_cached(about: str) -> bool:
    """Whether there is a module made of this, of whatever text: asked first, as texts take long to write."""
    stem = f"{_stem(about)}_"
    if any(name.startswith(f"neuropil_kernels.{stem}") for name in [*sys.modules]):
        return True
    return next(folder().glob(f"{stem}*.py"), None) is not None


def is_cached(about: str, kernels: tuple[Kernel, ...]) -> bool:
    """Whether `compiled` would find machine code, here or on disk."""
    name, _ = _named(about, kernels)
    if f"neuropil_kernels.{name}" in sys.modules:
        return True
    return len(list(_machine_code().glob(f"{name}.*_entry*.nbi"))) >= len(kernels)


@cache
def compiled(about: str, kernels: tuple[Kernel, ...]) -> ModuleType:
    """The imported module that holds these kernels, compiled now or taken from the cache.

    Raises:
        ModelError: the text does not compile; the message holds what numba said.
    """
    name, text = _named(about, kernels)
    try:
        return _load(name, text)
    except (
        Exception
    ) as damaged:  # a damaged cache entry: numba raises anything from EOFError to UnpicklingError
        _forget(name)
        try:
            return _load(name, text)
        except Exception as error:
            raise ModelError(f"{about}: the kernel does not compile: {error}") from damaged


def load(name: str, text: str) -> ModuleType:
    """The imported module of this text under a name that holds the hash of all it depends on."""
    return _load(name, text)


def _load(name: str, text: str) -> ModuleType:
    path = folder() / f"{name}.py"
    if not path.is_file() or path.read_text("utf-8") != text:
        beside = path.with_suffix(f".{os.getpid()}.new")
        beside.write_text(text, "utf-8")
        beside.replace(path)
    full = f"neuropil_kernels.{name}"
    spec = importlib.util.spec_from_file_location(full, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[full] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[full]
        raise
    return module


def _forget(name: str) -> None:
    for stale in [*folder().glob(f"{name}*"), *_machine_code().glob(f"{name}*")]:
        stale.unlink(missing_ok=True)


def entry(module: ModuleType, kernel: str) -> Any:
    """The compiled entry of a kernel of that module."""
    return getattr(module, f"{kernel}_entry")
