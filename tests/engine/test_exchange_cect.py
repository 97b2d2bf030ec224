"""The developmental series opens from a wheel the user fetched, and from nothing else.

Point NEUROPIL_CECT_WHEEL at a file fetched with `pip download --no-deps cect` to check the published counts.
"""

import importlib
import itertools
import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from editor.gallery import catalogue
from engine.errors import FileError
from engine.exchange.cect import read_ages, turnover

WHEEL = os.environ.get("NEUROPIL_CECT_WHEEL", "")
with_wheel = pytest.mark.skipif(
    not WHEEL, reason="NEUROPIL_CECT_WHEEL does not name a cect wheel (pip download --no-deps cect)"
)
CELLS = ["AVAL", "AVBL", "DD1", "CEPshDL", "BWM-DL01"]
PUBLISHED = [
    (588, 187, 398),
    (672, 314, 340),
    (713, 299, 423),
    (836, 300, 679),
    (1012, 503, 513),
    (1181, 344, 1021),
]


def table(pairs, cells=CELLS):
    matrix = [[0.0] * len(cells) for _ in cells]
    for a, b, count in pairs:
        matrix[cells.index(a)][cells.index(b)] = float(count)
    return {"nodes": cells, "connections": {"Generic_CS": matrix, "Generic_GJ": []}}


@pytest.fixture
def wheel(tmp_path):
    """A small wheel with two ages."""
    path = tmp_path / "cect-0.whl"
    ages = [
        [("AVAL", "AVBL", 3), ("AVBL", "AVAL", 1), ("DD1", "BWM-DL01", 2)],
        [("AVAL", "AVBL", 5), ("DD1", "BWM-DL01", 2), ("AVAL", "CEPshDL", 1)],
    ]
    with zipfile.ZipFile(path, "w") as bundle:
        for n, pairs in enumerate(ages, 1):
            bundle.writestr(f"cect/cache/WitvlietDataReader{n}.json", json.dumps(table(pairs)))
            bundle.writestr(f"cect/data/witvliet_2020_{n} L{n}.xlsx", b"")
    return path


def test_ages_come_in_order_with_their_stage(wheel):
    ages = read_ages(wheel)
    assert [age.label for age in ages] == ["1, L1", "2, L2"]
    assert ages[0].chemical == {("AVAL", "AVBL"): 3, ("AVBL", "AVAL"): 1, ("DD1", "BWM-DL01"): 2}
    change = turnover(*ages)
    assert (change.kept, change.lost, change.gained, change.stronger, change.weaker) == (2, 1, 1, 1, 0)


def wired(net):
    name = {
        i: n for p in net.populations.values() for i, n in zip(p.neuron_ids.tolist(), p.names, strict=True)
    }
    return {
        (name[a], name[b]): round(abs(w) / 1.6)
        for p in net.projections.values()
        for a, b, w in zip(
            p.synapses.pre.tolist(), p.synapses.post.tolist(), p.synapses.weight.tolist(), strict=True
        )
    }


@pytest.fixture
def development():
    catalogue.examples()
    return importlib.import_module("editor.gallery.examples.development")


def test_a_network_goes_from_age_to_age_and_back(wheel, development):
    ages = read_ages(wheel)
    net = development.build_ages(ages)
    assert wired(net) == ages[0].chemical
    first = net.canonical()
    kept = net.projection("Inter, sign unknown to Inter, sign unknown").ids[:1]
    inverse = net.apply(development.to_age(net, ages[1]))
    assert wired(net) == ages[1].chemical
    assert np.isin(kept, net.projection("Inter, sign unknown to Inter, sign unknown").ids).all()
    net.apply(inverse)
    assert net.canonical()[0] == first[0]
    net.apply(development.to_age(net, ages[0]))
    assert wired(net) == ages[0].chemical
    assert "2 kept, 1 lost, 1 gained" in development.says(ages, 1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.write_bytes(b"nothing"), "not a wheel"),
        (lambda path: None, "cannot be read"),
        (lambda path: zipfile.ZipFile(path, "w").close(), "has no tables of Witvliet"),
        (lambda path: entry(path, "{"), "is damaged"),
        (
            lambda path: entry(path, '{"nodes": ["a"], "connections": {"Generic_CS": [[1, 2]]}}'),
            "is not 1 by 1",
        ),
    ],
)
def test_a_wheel_that_is_none_says_how_to_fetch_one_or_what_is_damaged(tmp_path, make, message):
    path = tmp_path / "cect-0.whl"
    make(path)
    with pytest.raises(FileError, match=message):
        read_ages(path)


def entry(path, text):
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr("cect/cache/WitvlietDataReader1.json", text)


@with_wheel
def test_the_published_turnover_comes_out_of_the_wheel(development):
    ages = read_ages(Path(WHEEL))
    assert [age.stage for age in ages] == ["L1", "L1", "L1", "L1", "L2", "L3", "adult", "adult"]
    changes = [turnover(a, b) for a, b in itertools.pairwise(ages[:7])]
    assert [(c.kept, c.lost, c.gained) for c in changes] == PUBLISHED
    assert 2.0 < sum(c.stronger for c in changes) / sum(c.weaker for c in changes) < 3.0
    ever = set().union(*(age.chemical for age in ages))
    always = set(ages[0].chemical).intersection(*(age.chemical for age in ages))
    assert (len(ever), len(always)) == (3676, 442)
    net = development.build_ages(ages)
    for age in ages:
        net.apply(development.to_age(net, age))
        assert wired(net) == age.chemical
