"""The document and the engine each hold the network and hear of the other's changes late: both end up equal.

Only edits are under test here, without undo; how receipts keep undo in step is tested with the live session.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import EditRefused
from engine.network import edits as every
from engine.network.ids import Ids
from tests.one_of_everything import circuit, portrait
from tests.random_edits import Draw, Explored, any_edit


def grown(luck, engine, ids):
    """One synapse that the engine grows somewhere, as its own edit."""
    d = Draw(engine, luck)
    fitting = [
        p for p in engine.projections.values()
        if len(engine.populations[p.pre]) and len(engine.populations[p.post])
    ]  # fmt: skip
    if not fitting:
        return every.RemoveSynapses([])
    projection = d.choose(fitting)
    pre, post = (
        d.choose(engine.populations[side].neuron_ids.tolist()) for side in (projection.pre, projection.post)
    )
    return every.AddSynapses(projection.id, ids.fresh(1), [pre], [post], [0.0], [1.0], restoring=True)


@given(data=st.data())
@settings(max_examples=60)
def test_news_that_crosses_on_the_way_leaves_both_equal(data):
    luck = Explored(data)
    document, engine = circuit(), circuit()
    engine_ids = Ids(-1, -1)
    to_engine, to_document = [], []
    for _ in range(luck.number(1, 12)):
        what = luck.number(0, 4)
        if what == 0:
            edit = any_edit(Draw(document, luck))
            trial = engine.copy()
            try:  # an edit the engine would refuse goes back to the user: another protocol, tested elsewhere
                for waiting in to_engine:
                    waiting.apply(trial)
                edit.apply(trial)
                edit.apply(document)
            except EditRefused:
                continue
            to_engine.append(edit)
        elif what == 1:
            edit = grown(luck, engine, engine_ids)
            edit.apply(engine)
            to_document.append(edit)
        elif what == 2:
            synapses = Draw(engine, luck).synapses
            edit = every.RemoveSynapses(luck.several(synapses.tolist(), 3), restoring=True)
            edit.apply(engine)
            to_document.append(edit)
        elif what == 3 and to_engine:
            to_engine.pop(0).apply(engine)
        elif what == 4 and to_document:
            to_document.pop(0).apply(document)
    for edit in to_engine:
        edit.apply(engine)
    for edit in to_document:
        edit.apply(document)
    assert portrait(document) == portrait(engine)
