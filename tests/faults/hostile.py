"""Files that mean harm, or were harmed: each must be refused, and nothing else may happen.

`corpus()` gives them by name.  They are built from a good file by breaking one thing, with checksums made
right again, so that each reaches the check it is meant for.
"""

from __future__ import annotations

import io
import json
import pickle
import struct
import zipfile
import zlib
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from engine.files.save import save
from tests.faults.circuit import Pretended, rich

Entries = list[tuple[str, bytes]]


def good(path: Path) -> bytes:
    """A healthy file with a bit of everything, saved mid-run."""
    simulation = Pretended(rich())
    simulation.run(1.0)
    save(simulation, path, layout={"zoom": 1.0}, preview=b"\x89PNG not really")
    return path.read_bytes()


def unzipped(raw: bytes) -> Entries:
    """The entries of a good file, in order."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def zipped(
    entries: Entries, *, vouch: bool = True, method: int = zipfile.ZIP_STORED, squeeze: tuple[str, ...] = ()
) -> bytes:
    """A zip of these entries; with `vouch`, about.json's checksums agree; those of `squeeze` are deflated."""
    if vouch:
        digests = {
            name: blake2b(data, digest_size=16).hexdigest()
            for name, data in entries
            if name not in ("mimetype", "about.json")
        }
        entries = [
            (
                name,
                json.dumps({**json.loads(data), "entries": digests}).encode()
                if name == "about.json"
                else data,
            )
            for name, data in entries
        ]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED if name in squeeze else method)
    return out.getvalue()


def npy(
    descr: str, shape: str, data: bytes = b"", *, version: bytes = b"\1\0", fortran: str = "False"
) -> bytes:
    """An .npy with any header one likes."""
    words = f"{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}".encode()
    words += b" " * (-(10 + len(words) + 1) % 64) + b"\n"
    return b"\x93NUMPY" + version + struct.pack("<H", len(words)) + words + data


class Touch:
    """Unpickling this would run a program."""

    def __reduce__(self) -> Any:
        return (__import__("os").system, ("touch /tmp/neuropil-was-here",))


def corpus(folder: Path) -> dict[str, bytes]:
    """Every hostile file, by what is wrong with it."""
    raw = good(folder / "good")
    entries = unzipped(raw)
    found: dict[str, bytes] = {}

    def changed(name: str, data: bytes | Callable[[bytes], bytes]) -> Entries:
        return [(n, (data(d) if callable(data) else data) if n == name else d) for n, d in entries]

    # -- not a network file at all
    found |= {
        "empty": b"",
        "one byte": b"P",
        "text": b"hello, neuron\n" * 40,
        "zeros": bytes(5000),
        "a pickle": pickle.dumps(Touch()),
        "an npy": npy("'<f8'", "(2,)", bytes(16)),
        "only an end record": raw[-22:],
        "an end record of zeros": b"PK\5\6" + bytes(18),
        "a plain zip": zipped([("readme.txt", b"hi")], vouch=False),
        "no mimetype": zipped([e for e in entries if e[0] != "mimetype"]),
        "another mimetype": zipped(changed("mimetype", b"application/epub+zip")),
        "no about": zipped([e for e in entries if e[0] != "about.json"], vouch=False),
        "no network": zipped([e for e in entries if e[0] != "network.json"]),
        "trailing rubbish": raw + b"x" * 100,
        "leading rubbish": b"x" * 100 + raw,
    }

    # -- the zip
    found |= {
        "a bomb": zipped([*entries, ("bomb.bin", bytes(30_000_000))], squeeze=("bomb.bin",)),
        "a bomb in a column": zipped(
            changed(_entry(entries, "/weight.npy"), npy("'<f8'", "(4000000,)", bytes(32_000_000))),
            squeeze=(_entry(entries, "/weight.npy"),),
        ),
        "deflated": zipped(entries, method=zipfile.ZIP_DEFLATED),
        "bzip2": zipped(entries, method=zipfile.ZIP_BZIP2),
        "lzma": zipped(entries, method=zipfile.ZIP_LZMA),
        "two of one name": _twice(entries),
        "checksums not vouched for": zipped(changed("network.json", b"{}"), vouch=False),
        "an entry nobody vouches for": zipped([*entries, ("extra.bin", b"1")], vouch=False),
        "a missing entry": zipped([e for e in entries if not e[0].endswith("weight.npy")], vouch=False),
    }
    for name in (
        "/etc/passwd",
        "../up",
        "a/../../up",
        "a//b",
        "a/./b",
        "C:/x",
        "C:x",
        "\\\\host\\x",
        "a\\b",
        "",
        "nul\x01",
        "n" * 500,
        "tab\tname",
        "a/b/",
        "con|pipe",
        'quo"te',
        "star*",
    ):
        found[f"an entry called {name[:20]!r}"] = zipped([*entries, (name, b"1")], vouch=False)
    for what, change in _zip_numbers().items():
        found[f"zip: {what}"] = change(bytearray(raw))
    found["an entry in two places at once"] = _overlapping(raw)
    found["many empty entries"] = zipped([*entries, *((f"e/{n}", b"") for n in range(3000))], vouch=False)

    # -- about.json
    about = json.loads(dict(entries)["about.json"])

    def said(**other: Any) -> bytes:
        return zipped(changed("about.json", json.dumps({**about, **other}).encode()))

    found |= {
        "a later format": said(version=2),
        "a much later format": said(version=10**15),
        "format 0": said(version=0),
        "format -1": said(version=-1),
        "format true": said(version=True),
        "format 1.0": said(version=1.0),
        "format in words": said(version="1"),
        "another format": said(format="other"),
        "other units": said(units={**about["units"], "time": "s"}),
        "no digests": zipped(changed("about.json", b'{"format": "neuropil", "version": 1}'), vouch=False),
        "digests that are numbers": zipped(
            changed("about.json", json.dumps({**about, "entries": {"network.json": 3}}).encode()), vouch=False
        ),
        "about is a list": zipped(changed("about.json", b"[]"), vouch=False),
    }

    # -- network.json as text
    text = dict(entries)["network.json"]
    for what, data in {
        "nothing": b"",
        "not JSON": b"{",
        "a list": b"[]",
        "a number": b"3",
        "null": b"null",
        "not text": b'{"title": "\xff\xfe"}',
        "a zero byte": text + b"\0",
        "two values": text + text,
        "NaN": text.replace(b'"slow": 1.0', b'"slow": NaN'),
        "Infinity": text.replace(b'"slow": 1.0', b'"slow": -Infinity'),
        "1e400": text.replace(b'"slow": 1.0', b'"slow": 1e400'),
        "a huge number": b'{"seed": ' + b"9" * 5000 + b"}",
        "a name twice": b'{"dt": 0.1, "dt": 0.2}',
        "a name twice deep down": b'{"x": [{"a": {"b": 1, "b": 2}}]}',
        "half a character": b'{"title": "\\ud800"}',
        "deep lists": b"[" * 100_000 + b"]" * 100_000,
        "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        "deep and open": b"[" * 3_000_000,
        "ten million values": b"[" + b"[]," * 3_000_000 + b"[]]",
        "too long": b'"' + b"x" * (1 << 25) + b'"',
        "comments": b"/* hi */ {}",
        "single quotes": b"{'dt': 0.1}",
        "a trailing comma": b'{"dt": 0.1,}',
        "python": b"__import__('os').system('touch /tmp/neuropil-was-here')",
    }.items():
        found[f"network.json: {what}"] = zipped(changed("network.json", data))

    # -- network.json as a network
    for what, change in _descriptions().items():
        description = json.loads(text)
        change(description)
        found[f"network: {what}"] = zipped(changed("network.json", json.dumps(description).encode()))

    # -- columns
    for what, data in {
        "empty": b"",
        "only magic": b"\x93NUMPY",
        "not npy": b"hello" * 30,
        "a pickle": pickle.dumps(Touch()),
        "objects": npy("'|O'", "(1,)", pickle.dumps([Touch()])),
        "text": npy("'<U4'", "(4,)", bytes(64)),
        "bytes": npy("'|S8'", "(1,)", bytes(8)),
        "void": npy("'|V8'", "(1,)", bytes(8)),
        "V0": npy("'|V0'", "(1000000000000,)"),
        "a record": npy("[('a', '<f8')]", "(1,)", bytes(8)),
        "dates": npy("'<M8[s]'", "(1,)", bytes(8)),
        "complex": npy("'<c16'", "(1,)", bytes(16)),
        "half precision": npy("'<f2'", "(1,)", bytes(2)),
        "big-endian": npy("'>f8'", "(1,)", bytes(8)),
        "8 GB claimed": npy("'<f8'", "(1073741824,)"),
        "2**70 claimed": npy("'<f8'", f"({2**70},)"),
        "(0, 10**18)": npy("'<f8'", f"(0, {10**18})"),
        "a negative size": npy("'<f8'", "(-1,)", bytes(8)),
        "40 dimensions": npy("'<f8'", f"({'1, ' * 40})", bytes(8)),
        "65 zeros": npy("'<f8'", f"({'0, ' * 65})"),
        "too few bytes": npy("'<i8'", "(12,)", bytes(95)),
        "too many bytes": npy("'<i8'", "(12,)", bytes(97)),
        "wrapping sizes": npy("'<f8'", f"({2**33}, {2**31}, 8)", bytes(8)),
        "code in the header": npy(
            "__import__('os').system('touch /tmp/neuropil-was-here')", "(1,)", bytes(8)
        ),
        "code in the shape": npy("'<f8'", "(print(1),)", bytes(8)),
        "a version of the future": npy("'<f8'", "(1,)", bytes(8), version=b"\x09\0"),
        "a header without end": b"\x93NUMPY\1\0\xff\xff" + b" " * 100,
        "version 2, 4 GB header": b"\x93NUMPY\2\0\xff\xff\xff\xff" + b" " * 100,
        "three dimensions": npy("'<f8'", "(1, 1, 1)", bytes(8)),
        "floats for ids": npy("'<f8'", "(12,)", bytes(96)),
        "ids of zero": npy("'<i8'", "(12,)", bytes(96)),
        "a flag of 7": npy("'|b1'", "(12,)", b"\7" * 12),
    }.items():
        found[f"synapse ids: {what}"] = zipped(changed(_entry(entries, "/id.npy"), data))
    other = np.array([1e300, np.nan, np.inf, 0.0] * 3)
    found["weights that are not numbers"] = zipped(changed(_entry(entries, "/weight.npy"), _saved(other)))
    found["delays before the spike"] = zipped(
        changed(_entry(entries, "/delay.npy"), _saved(np.full(12, -1.0)))
    )
    first = np.full(12, 900) + np.arange(12) // 2
    found["synapse ids given twice"] = zipped(changed(_entry(entries, "/id.npy"), _saved(first)))
    found["neuron ids that do not increase"] = zipped(
        changed(_entry(entries, "population-1/neuron_ids.npy"), _saved(np.array([2, 3, 4, 5, 7, 6])))
    )
    found["neuron ids of other neurons"] = zipped(
        changed(_entry(entries, "population-1/neuron_ids.npy"), _saved(np.array([2, 3, 4, 5, 6, 9])))
    )
    found["synapses of nobody"] = zipped(changed(_entry(entries, "/post.npy"), _saved(np.arange(12) + 10**6)))
    found["places that are not numbers"] = zipped(
        changed(_entry(entries, "positions.npy"), _saved(np.full((6, 3), np.nan)))
    )
    found["places in four dimensions"] = zipped(
        changed(_entry(entries, "positions.npy"), _saved(np.zeros((6, 4))))
    )
    found["targets beyond the file"] = zipped(
        changed(_entry(entries, "/targets.npy"), _saved(np.array([2**62])))
    )
    found["a run of objects"] = zipped(
        changed("run/population/1/v.npy", npy("'|O'", "(1,)", pickle.dumps([Touch()])))
    )
    return found


def _saved(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def _entry(entries: Entries, ending: str) -> str:
    return next(name for name, _ in entries if name.endswith(ending))


def _twice(entries: Entries) -> bytes:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return zipped([*entries, ("network.json", b"{}")], vouch=False)


def _zip_numbers() -> dict[str, Callable[[bytearray], bytes]]:
    """Ways to lie in the numbers of the zip, by the field of a header and the value it gets."""

    def put(where: bytes, offset: int, kind: str, value: int, which: int = 2) -> Callable[[bytearray], bytes]:
        def change(raw: bytearray) -> bytes:
            place = -1
            for _ in range(which):
                place = raw.index(where, place + 1)
            struct.pack_into(kind, raw, place + offset, value)
            return bytes(raw)

        return change

    local, central, end = b"PK\3\4", b"PK\1\2", b"PK\5\6"
    return {
        "encrypted": put(central, 8, "<H", 1),
        "with a descriptor": put(central, 8, "<H", 8),
        "method 8": put(central, 10, "<H", 8),
        "method 99": put(central, 10, "<H", 99),
        "checksum 0": put(central, 16, "<L", 0),
        "packed size 10": put(central, 20, "<L", 10),
        "full size 10": put(central, 24, "<L", 10),
        "4 GB": put(central, 24, "<L", 0xFFFFFFFE),
        "64-bit size without a number": put(central, 24, "<L", 0xFFFFFFFF),
        "a long name": put(central, 28, "<H", 0xFFFF),
        "a long extra": put(central, 30, "<H", 0xFFFF),
        "another disk": put(central, 34, "<H", 3),
        "elsewhere": put(central, 42, "<L", 0),
        "far away": put(central, 42, "<L", 0xFFFFFFF0),
        "local method": put(local, 8, "<H", 8),
        "local checksum": put(local, 14, "<L", 1),
        "local size": put(local, 22, "<L", 3),
        "local name": put(local, 26, "<H", 4),
        "local extra": put(local, 28, "<H", 9),
        "no local header": put(local, 0, "<L", 0),
        "no central header": put(central, 0, "<L", 0),
        "no end": put(end, 0, "<L", 0, 1),
        "0 entries": put(end, 10, "<H", 0, 1),
        "one entry more": put(end, 10, "<H", 999, 1),
        "64-bit without a locator": put(end, 10, "<H", 0xFFFF, 1),
        "directory size": put(end, 12, "<L", 12, 1),
        "directory elsewhere": put(end, 16, "<L", 0, 1),
        "directory far away": put(end, 16, "<L", 0xFFFFFFF0, 1),
        "a long remark": put(end, 20, "<H", 500, 1),
    }


def _overlapping(raw: bytes) -> bytes:
    """Two entries of the directory that are the same bytes, each with a header that agrees."""
    place = raw.index(b"PK\1\2")
    listing = raw[place : raw.index(b"PK\5\6")]
    # An entry whose bytes contain another whole entry, header and all.
    inner = (
        b"PK\3\4"
        + struct.pack("<5H3L2H", 20, 0, 0, 0, 0x21, zlib.crc32(b"hi"), 2, 2, 5, 0)
        + b"inner"
        + b"hi"
    )
    outer_head = b"PK\3\4" + struct.pack(
        "<5H3L2H", 20, 0, 0, 0, 0x21, zlib.crc32(inner), len(inner), len(inner), 5, 0
    )
    body = raw[:place] + outer_head + b"outer" + inner
    rows = b""
    for name, data, at in (
        (b"outer", inner, place),
        (b"inner", b"hi", place + len(outer_head) + 5),
    ):
        rows += (
            b"PK\1\2"
            + struct.pack(
                "<6H3L5H2L",
                20,
                20,
                0,
                0,
                0,
                0x21,
                zlib.crc32(data),
                len(data),
                len(data),
                5,
                0,
                0,
                0,
                0,
                0,
                at,
            )
            + name
        )
    count = struct.unpack_from("<H", raw, raw.index(b"PK\5\6") + 10)[0] + 2
    listing += rows
    return body + listing + b"PK\5\6" + struct.pack("<4H2LH", 0, 0, count, count, len(listing), len(body), 0)


def _descriptions() -> dict[str, Callable[[dict[str, Any]], Any]]:
    """Networks that cannot be."""

    def first(section: str, **values: Any) -> Callable[[dict[str, Any]], Any]:
        return lambda d: d[section][0].update(values)

    def without(section: str, name: str) -> Callable[[dict[str, Any]], Any]:
        return lambda d: d[section][0].pop(name)

    return {
        "dt 0": lambda d: d.update(dt=0.0),
        "dt negative": lambda d: d.update(dt=-0.1),
        "dt in words": lambda d: d.update(dt="0.1"),
        "seed negative": lambda d: d.update(seed=-1),
        "seed too large": lambda d: d.update(seed=2**64),
        "sweep 0": lambda d: d.update(sweep=0),
        "slow 0": lambda d: d.update(slow=0.0),
        "precision": lambda d: d.update(precision="half"),
        "populations missing their list": lambda d: d.update(populations={}),
        "a population that is a number": lambda d: d["populations"].append(3),
        "no model": without("populations", "model"),
        "no label": without("populations", "label"),
        "no id": without("populations", "id"),
        "id 0": first("populations", id=0),
        "id in words": first("populations", id="1"),
        "id true": first("populations", id=True),
        "id too large": first("populations", id=2**63),
        "id of another": lambda d: d["populations"][1].update(id=d["populations"][0]["id"]),
        "sign 2": first("populations", sign=2),
        "kind": first("populations", kind="plant"),
        "names of nobody": first("populations", names=["a"]),
        "a parameter that is a list": first("populations", params={"tau_m": [1.0]}),
        "a parameter that is null": first("populations", params={"tau_m": None}),
        "a column that is not there": first("populations", params={"tau_m": {"column": "nowhere"}}),
        "a column that leads out": first("populations", neuron_ids={"column": "../../../etc/passwd"}),
        "a column of somebody else": first("populations", neuron_ids={"column": "params.tau_m"}),
        "a projection from nowhere": first("projections", pre=10**9),
        "a projection to nowhere": first("projections", post=-5),
        "astrocytes from nowhere": first("projections", astrocytes=10**9),
        "bounds in words": first("projections", w_max="many"),
        "rules that are text": first("projections", rules="stdp"),
        "a rule without a name": first("projections", rules=[{"params": {}}]),
        "a rule that is a number": first("projections", rules=[7]),
        "a rule with lists": first("projections", rules=[{"slug": "x", "params": {"a": [1]}}]),
        "synapses without columns": first("projections", synapses={}),
        "synapses without ids": first(
            "projections", synapses={"columns": ["pre", "post", "weight", "delay"]}
        ),
        "synapses that are missing": first(
            "projections", synapses={"columns": ["id", "pre", "post", "weight", "delay", "gone"]}
        ),
        "an input without targets": first("inputs", targets=None),
        "an input with a model of 3": first("inputs", model=3),
        "a probe every nothing": first("probes", every=None),
        "a probe of 3": first("probes", what=3),
        "a modulator without a label": without("modulators", "label"),
        "notes that are numbers": first("populations", notes={"sign": 3}),
    }
