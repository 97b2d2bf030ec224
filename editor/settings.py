"""What the window remembers between starts: theme, layout, recent files; a damaged file is ignored, aloud.

Qt-free.  One small JSON file in the user's configuration folder.  It never holds anything that
cannot be made again, so when it is unreadable the program starts with its defaults, keeps the
damaged file beside it under another name, and says so (`Settings.complaint`).
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LARGEST = 1_000_000
"""Bytes; a settings file above this is damaged or not ours."""

RECENT = 12


def default_path() -> Path:
    """Where the settings of this user live; `NEUROPIL_SETTINGS` puts them elsewhere."""
    if given := os.environ.get("NEUROPIL_SETTINGS"):
        return Path(given)
    import platformdirs

    return Path(platformdirs.user_config_dir("neuropil", appauthor=False)) / "settings.json"


@dataclass
class Settings:
    """The remembered choices, each with a default that needs no file."""

    path: Path | None = None
    theme: str = "dark"
    recent: list[str] = field(default_factory=list)
    geometry: bytes = b""
    docks: bytes = b""
    folded: list[str] = field(default_factory=list)
    speed: float = 1.0
    hints: bool = True
    last_folder: str = ""
    others: dict[str, Any] = field(default_factory=dict)
    """Entries this version does not know; kept, so that a newer version finds them again."""
    complaint: str = ""
    """What was wrong with the file, in words for the status line; empty when all was well."""

    @classmethod
    def load(cls, path: Path | None = None) -> Settings:
        """Read the settings; whatever is wrong with the file, the defaults are there."""
        path = path or default_path()
        settings = cls(path=path)
        try:
            if not path.exists():
                return settings
            if path.stat().st_size > LARGEST:
                raise ValueError(f"it is larger than {LARGEST // 1000} kB")
            found = json.loads(path.read_text(encoding="utf-8"))
            if not isinstance(found, dict):
                raise ValueError("it does not hold named entries")
        except (OSError, ValueError, RecursionError) as wrong:
            settings.complaint = f"Settings ignored: {path.name} is damaged ({_short(wrong)})"
            settings._set_aside()
            return settings
        odd = settings._take(found)
        if odd:
            settings.complaint = f"Settings partly ignored: {', '.join(odd)} in {path.name}"
        return settings

    def save(self) -> str:
        """Write the file whole or not at all; returns what went wrong in words, or nothing."""
        if self.path is None:
            return ""
        beside = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(self._entries(), indent=1, sort_keys=True), encoding="utf-8")
            os.replace(beside, self.path)
        except OSError as wrong:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
            return f"Settings not saved to {self.path}: {_short(wrong)}"
        return ""

    def opened(self, file: str | Path) -> None:
        """Put this file first in the list of recent ones."""
        name = str(Path(file).absolute())
        self.recent = [name, *(other for other in self.recent if other != name)][:RECENT]
        self.last_folder = str(Path(name).parent)

    def _entries(self) -> dict[str, Any]:
        return {
            **self.others,
            "theme": self.theme,
            "recent": self.recent,
            "geometry": base64.b64encode(self.geometry).decode("ascii"),
            "docks": base64.b64encode(self.docks).decode("ascii"),
            "folded": self.folded,
            "speed": self.speed,
            "hints": self.hints,
            "last_folder": self.last_folder,
        }

    def _take(self, found: dict[str, Any]) -> list[str]:
        """Use each entry that makes sense; returns the names of those that do not."""
        odd = []
        for name, value in found.items():
            if name in ("geometry", "docks"):
                good = isinstance(value, str)
                try:
                    value = base64.b64decode(value, validate=True) if good else b""
                except (binascii.Error, ValueError):
                    good = False
            elif name == "theme":
                good = value in ("dark", "light")
            elif name in ("recent", "folded"):
                good = isinstance(value, list) and all(isinstance(one, str) for one in value)
                value = value[:100] if good else value
            elif name == "speed":
                good = type(value) in (int, float) and 0 <= value < 1e6
            elif name == "hints":
                good = isinstance(value, bool)
            elif name == "last_folder":
                good = isinstance(value, str)
            else:
                self.others[name] = value
                continue
            if good:
                setattr(self, name, value)
            else:
                odd.append(name)
        return odd

    def _set_aside(self) -> None:
        """Keep the damaged file under another name, so that saving the new one loses nothing."""
        assert self.path is not None
        try:
            os.replace(self.path, self.path.with_name(self.path.name + ".damaged"))
        except OSError:
            self.complaint += "; it could not be set aside"


def _short(wrong: BaseException) -> str:
    text = str(wrong).splitlines()[0] if str(wrong) else type(wrong).__name__
    return text[:120]
