"""Before Qt is touched: what is missing is named, with the package that brings it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from editor import preflight
from tests.leftovers import PROJECT

GOOD = "6.11.3"


def lacks(environment=None, missing=(), *, needs_screen=True, answers=True, qt=GOOD, system="linux"):
    return preflight.lacks(
        needs_screen=needs_screen,
        environment={"DISPLAY": ":0"} if environment is None else environment,
        system=system,
        can_load=lambda library: library not in missing,
        answers=lambda display: answers,
        qt_version=qt,
    )


def test_a_complete_machine_lacks_nothing():
    assert lacks() == []


@pytest.mark.parametrize("library", [*preflight.ALWAYS, *preflight.ON_X11])
def test_every_missing_library_is_named_with_its_package(library):
    package = {**preflight.ALWAYS, **preflight.ON_X11}[library]
    (lack,) = lacks(missing=[library])
    assert library in lack.what
    assert lack.cure.endswith(f"apt-get install {package}")


def test_several_missing_libraries_are_one_command_without_repeats():
    missing = ["libglib-2.0.so.0", "libgthread-2.0.so.0", "libxcb-cursor.so.0"]
    (lack,) = lacks(missing=missing)
    assert lack.cure.endswith("apt-get install libglib2.0-0 libxcb-cursor0")


def test_drawing_into_memory_needs_no_x11_library_and_no_display():
    assert lacks({}, missing=preflight.ON_X11, needs_screen=False) == []


def test_a_wayland_session_needs_no_x11_library():
    assert lacks({"WAYLAND_DISPLAY": "wayland-0"}, missing=preflight.ON_X11) == []
    assert lacks({"WAYLAND_DISPLAY": "wayland-0"}, missing=["libwayland-client.so.0"]) != []


def test_without_a_display_the_message_offers_run_and_render():
    found = lacks({})
    said = preflight.message(found, wanted="open a window")
    assert "no display" in said
    assert "neuropil run" in said
    assert "neuropil render" in said


def test_a_display_that_does_not_answer_is_named():
    (lack,) = lacks({"DISPLAY": ":77"}, answers=False)
    assert ":77" in lack.what


def test_an_empty_display_number_is_not_answered_by_this_machine():
    if not preflight.loads("libxcb.so.1"):
        pytest.skip("there is no libxcb on this machine")
    assert not preflight.x11_answers(":7654")


def test_the_offscreen_platform_needs_no_display():
    assert lacks({"QT_QPA_PLATFORM": "offscreen"}, missing=preflight.ON_X11) == []


@pytest.mark.parametrize(
    ("environment", "platform"),
    [
        ({}, "none"),
        ({"QT_QPA_PLATFORM": "xcb"}, "none"),
        ({"DISPLAY": ":0"}, "xcb"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "w"}, "xcb"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "w", "XDG_SESSION_TYPE": "wayland"}, "wayland"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "w", "QT_QPA_PLATFORM": "wayland;xcb"}, "wayland"),
        ({"QT_QPA_PLATFORM": "offscreen:size=9x9"}, "offscreen"),
    ],
)
def test_the_platform_is_the_one_qt_would_choose(environment, platform):
    assert preflight.chosen_platform(environment) == platform


@pytest.mark.parametrize(
    ("version", "python", "refused"),
    [
        ("6.12.0", (3, 11), True),
        ("6.12.0", (3, 12), False),
        ("6.11.3", (3, 11), False),
        ("6.9.1", (3, 13), True),
        ("6.9.2", (3, 13), True),
        ("6.10.1", (3, 13), True),
        ("6.10.0", (3, 13), False),
        ("", (3, 12), True),
    ],
)
def test_a_qt_that_crashes_is_refused_with_its_cure(version, python, refused):
    found = preflight.wrong_qt(version, python)
    assert bool(found) == refused
    if refused:
        assert "pip install" in found[0].cure


def test_other_systems_are_not_asked_for_linux_libraries():
    assert lacks({}, missing=[*preflight.ALWAYS, *preflight.ON_X11], system="darwin") == []


def test_the_libraries_tried_are_those_qt_links():
    """Read off the Qt that is installed: nothing it links from the system goes untried."""
    qt = pytest.importorskip("PySide6").__path__[0]
    objdump = (
        subprocess.run(
            ["objdump", "-p", f"{qt}/Qt/plugins/platforms/libqxcb.so", f"{qt}/Qt/lib/libQt6Gui.so.6"],
            capture_output=True,
            text=True,
            check=False,
        )
        if sys.platform == "linux" and _has_objdump()
        else None
    )
    if objdump is None or objdump.returncode:
        pytest.skip("there is no objdump on this machine")
    linked = {line.split()[1] for line in objdump.stdout.splitlines() if "NEEDED" in line}
    from_python = {"libstdc++.so.6", "libm.so.6", "libgcc_s.so.1", "libc.so.6", "libz.so.1"}
    ours = {library for library in linked if not library.startswith(("libQt6", "libicu", "ld-"))}
    assert ours - from_python <= {*preflight.ALWAYS, *preflight.ON_X11}


def _has_objdump() -> bool:
    import shutil

    return shutil.which("objdump") is not None


def test_the_start_says_what_is_missing_before_qt_is_imported():
    code = (
        "import sys; from editor.__main__ import main; code = main([]); "
        "assert 'PySide6' not in sys.modules, 'Qt was imported'; sys.exit(code)"
    )
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": PROJECT}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    assert "no display" in done.stderr
    assert "neuropil run" in done.stderr
    assert "Traceback" not in done.stderr
