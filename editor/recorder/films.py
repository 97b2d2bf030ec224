"""Films: a stream of pictures becomes an .mp4 through ffmpeg or a .gif through Pillow.

Both come with the extra `video`.  A film is written beside its place and moved there when it is whole, so
that an interrupted recording leaves nothing behind.
"""

from __future__ import annotations

import importlib.util
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import FileError, UsageError

Picture = NDArray[np.uint8]
"""(height, width, 3): red, green, blue."""

NEEDED = {".mp4": ("imageio_ffmpeg", "imageio-ffmpeg"), ".gif": ("PIL", "Pillow")}


def check(suffix: str) -> None:
    """Refuse a film whose writer is not installed, and say how to get it."""
    module, package = NEEDED[suffix]
    if importlib.util.find_spec(module) is None:
        raise UsageError(f"a {suffix} film takes {package}: pip install 'neuropil[video]'")


def write(path: Path, pictures: Iterator[Picture], size: tuple[int, int], fps: int) -> int:
    """Write all pictures, (height, width) each, as a film; returns how many there were.

    Raises:
        FileError: when the film cannot be written.  Nothing is left of it then.
    """
    suffix = path.suffix.lower()
    check(suffix)
    writer: Callable[[str, Iterator[Picture], tuple[int, int], int], int]
    writer = _write_mp4 if suffix == ".mp4" else _write_gif
    try:
        handle, aside = tempfile.mkstemp(suffix=suffix, prefix=".film-", dir=path.absolute().parent)
    except OSError as error:
        raise FileError(f"cannot write {str(path)!r}: {error.strerror}") from error
    os.close(handle)
    try:
        count = writer(aside, pictures, size, fps)
        os.chmod(aside, 0o666 & ~_umask())
        os.replace(aside, path)
    except OSError as error:
        raise FileError(f"cannot write {str(path)!r}: {error.strerror or error}") from error
    finally:
        Path(aside).unlink(missing_ok=True)
    return count


def _write_mp4(path: str, pictures: Iterator[Picture], size: tuple[int, int], fps: int) -> int:
    import imageio_ffmpeg

    even = (size[0] + size[0] % 2, size[1] + size[1] % 2)  # the codec halves both for colour
    stream: Any = imageio_ffmpeg.write_frames(
        path, even, fps=fps, codec="libx264", pix_fmt_in="rgb24", macro_block_size=2, quality=8,
        output_params=["-movflags", "+faststart"], ffmpeg_log_level="error",
    )  # fmt: skip
    stream.send(None)
    count = 0
    try:
        for picture in pictures:
            padded = np.pad(picture, ((0, even[1] - size[1]), (0, even[0] - size[0]), (0, 0)), mode="edge")
            stream.send(padded.tobytes())
            count += 1
    finally:
        stream.close()
    return count


def _write_gif(path: str, pictures: Iterator[Picture], size: tuple[int, int], fps: int) -> int:
    from PIL import Image

    count = 0

    def reduced() -> Iterator[Any]:
        nonlocal count
        for picture in pictures:
            count += 1
            yield Image.fromarray(picture).quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)

    stream = reduced()
    first = next(stream, None)
    if first is None:
        raise UsageError("a film needs at least one picture")
    wait = max(20, 10 * round(100 / fps))  # ms, in hundredths of a second; viewers slow down below two
    with open(path, "wb") as file:
        first.save(file, format="GIF", save_all=True, append_images=stream, duration=wait, loop=0)
    return count


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
