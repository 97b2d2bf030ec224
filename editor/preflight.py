"""What this machine lacks before a window can open, and which package brings it.

Qt ends the whole process when a system library is missing, which nothing in Python can catch.  So the
libraries are tried here first, with ctypes, and each missing one is named by its Debian package.
Nothing in this module imports Qt.
"""

from __future__ import annotations

import ctypes
import importlib.metadata
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.errors import NeuropilError

ALWAYS = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libX11.so.6": "libx11-6",
}
"""What QtGui needs to load at all, with or without a screen."""

ON_X11 = {
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
ON_WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
NEED_NO_SCREEN = ("offscreen", "minimal", "vnc", "linuxfb", "eglfs", "vkkhrdisplay", "minimalegl")
CRASHES = ((6, 9, 1), (6, 9, 2), (6, 10, 1))


class CannotDraw(NeuropilError):
    """Qt cannot be loaded on this machine; the message says what is missing and what brings it."""


@dataclass(frozen=True)
class Lack:
    """One thing that is missing or wrong, and what would put it right."""

    what: str
    cure: str


def lacks(
    *,
    needs_screen: bool,
    environment: Mapping[str, str] | None = None,
    system: str = sys.platform,
    can_load: Callable[[str], bool] | None = None,
    answers: Callable[[str], bool] | None = None,
    qt_version: str | None = None,
) -> list[Lack]:
    """Everything that would stop Qt on this machine, worst first; empty when it may be imported.

    With `needs_screen` a place to show a window is asked for too; without it only what drawing into
    memory takes.  The other arguments stand in for the machine in tests.
    """
    environment = os.environ if environment is None else environment
    found = wrong_qt(installed_qt() if qt_version is None else qt_version, sys.version_info[:2])
    if system != "linux":
        return found
    platform = chosen_platform(environment) if needs_screen else "offscreen"
    libraries = {**ALWAYS, **{"xcb": ON_X11, "wayland": ON_WAYLAND}.get(platform, {})}
    found += missing_libraries(libraries, can_load or loads)
    if platform == "none":
        found.append(
            Lack(
                "there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set",
                "start it on a desktop, or over ssh with `ssh -X`",
            )
        )
    elif platform == "xcb" and not any("libxcb" in lack.what for lack in found):
        display = environment.get("DISPLAY", "")
        if not (answers or x11_answers)(display):
            found.append(
                Lack(
                    f"no display answers at DISPLAY={display!r}", "check DISPLAY, or start an X server there"
                )
            )
    return found


def chosen_platform(environment: Mapping[str, str]) -> str:
    """The Qt platform a start would use: "xcb", "wayland", one that needs no screen, or "none"."""
    wanted = environment.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
    if wanted in NEED_NO_SCREEN:
        return wanted
    has_wayland, has_x11 = bool(environment.get("WAYLAND_DISPLAY")), bool(environment.get("DISPLAY"))
    if not (has_wayland or has_x11):
        return "none"
    if wanted.startswith("wayland") or (not wanted and has_wayland and not has_x11):
        return "wayland"
    if wanted == "xcb" or not has_wayland:
        return "xcb"
    return "wayland" if environment.get("XDG_SESSION_TYPE") == "wayland" else "xcb"


def installed_qt() -> str:
    """The version of PySide6 in this environment, "" when there is none; read without importing it."""
    for distribution in ("PySide6-Essentials", "PySide6_Essentials"):
        try:
            return importlib.metadata.version(distribution)
        except importlib.metadata.PackageNotFoundError:
            continue
    return ""


def wrong_qt(version: str, python: tuple[int, ...]) -> list[Lack]:
    """Why this version of PySide6 must not be started here, if it must not."""
    cure = "install another: pip install 'PySide6-Essentials>=6.8,!=6.9.1,!=6.9.2,!=6.10.1,<6.12'"
    if not version:
        return [Lack("PySide6 is not installed", "install it: pip install 'PySide6-Essentials>=6.8,<6.12'")]
    numbers = tuple(int(each) for each in re.findall(r"\d+", version)[:3])
    if numbers >= (6, 12) and python < (3, 12):
        there = ".".join(str(each) for each in python)
        return [Lack(f"PySide6 {version} ends Python {there} after some thousand calls", cure)]
    if numbers in CRASHES:
        return [Lack(f"PySide6 {version} is known to crash", cure)]
    return []


def missing_libraries(libraries: Mapping[str, str], can_load: Callable[[str], bool]) -> list[Lack]:
    """One lack naming every library that cannot be loaded and the packages that bring them all."""
    missing = [library for library in libraries if not can_load(library)]
    if not missing:
        return []
    packages = list(dict.fromkeys(libraries[library] for library in missing))
    few = len(missing) == 1
    return [
        Lack(
            f"{'a system library is' if few else 'system libraries are'} missing: {', '.join(missing)}",
            f"on Debian or Ubuntu: sudo apt-get install {' '.join(packages)}",
        )
    ]


def loads(library: str) -> bool:
    """Whether the system can load a shared library by its name."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def x11_answers(display: str) -> bool:
    """Whether an X server accepts us at this display; asked through libxcb, which is there by now."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    try:
        return bool(xcb.xcb_connection_has_error(connection) == 0)
    finally:
        xcb.xcb_disconnect(connection)


def message(found: list[Lack], *, wanted: str) -> str:
    """What to tell the user: what was wanted, what is missing, how to cure it, what works meanwhile."""
    lines = [f"neuropil cannot {wanted} here."]
    for lack in found:
        lines += [f"  {lack.what[0].upper()}{lack.what[1:]}.", f"    {lack.cure}"]
    lines.append("Without a window you can still:")
    lines.append("    neuropil run FILE --for 10s           run a file and print a summary")
    if not any("PySide6" in lack.what or "librar" in lack.what for lack in found):
        lines.append("    neuropil render FILE OUT.png          draw its picture, or a film of it")
    else:
        lines.append(
            "    neuropil render FILE OUT.svg|.png     draw its picture, once the libraries are there"
        )
    return "\n".join(lines)
