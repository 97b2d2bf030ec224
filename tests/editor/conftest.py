"""The window that most tests of the editor begin with: open, with its canvas."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.editor.a_window import opened


@pytest.fixture
def window(qtbot: Any) -> Iterator[Any]:
    made = opened(qtbot)
    made.bring_canvas()
    yield made
    made.close()
