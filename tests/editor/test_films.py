"""A film is the pictures it was given, whole or not there at all."""

from __future__ import annotations

import numpy as np
import pytest

from editor.recorder import films
from engine.errors import FileError, UsageError

SIZE = (48, 32)


def pictures(count, size=SIZE):
    """A red square that moves to the right on blue."""
    for k in range(count):
        picture = np.zeros((size[1], size[0], 3), np.uint8)
        picture[..., 2] = 255
        picture[8:16, 4 * k : 4 * k + 8] = (255, 0, 0)
        yield picture


def test_a_gif_holds_every_picture_in_order(tmp_path):
    image = pytest.importorskip("PIL.Image")
    path = tmp_path / "film.gif"
    assert films.write(path, pictures(6), SIZE, 25) == 6
    with image.open(path) as film:
        assert (film.n_frames, film.size) == (6, SIZE)
        for k in (0, 3, 5):
            film.seek(k)
            shown = np.asarray(film.convert("RGB"), int)
            assert abs(shown[12, 4 * k + 4] - (255, 0, 0)).max() < 40
            assert abs(shown[28, 4] - (0, 0, 255)).max() < 40
            assert film.info["duration"] == 40


@pytest.mark.parametrize("size", [(48, 32), (47, 31)])
def test_an_mp4_holds_every_picture(tmp_path, size):
    ffmpeg = pytest.importorskip("imageio_ffmpeg")
    path = tmp_path / "film.mp4"
    assert films.write(path, pictures(8, size), size, 25) == 8
    frames, seconds = ffmpeg.count_frames_and_secs(str(path))
    assert frames == 8
    assert seconds == pytest.approx(8 / 25, abs=0.05)


def test_a_film_that_breaks_off_leaves_the_old_one_and_no_litter(tmp_path):
    pytest.importorskip("PIL")
    path = tmp_path / "film.gif"
    path.write_bytes(b"the old film")

    def broken():
        yield from pictures(2)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        films.write(path, broken(), SIZE, 25)
    assert path.read_bytes() == b"the old film"
    assert [each.name for each in tmp_path.iterdir()] == ["film.gif"]


def test_a_folder_that_is_not_there_is_a_file_problem(tmp_path):
    pytest.importorskip("PIL")
    with pytest.raises(FileError, match="cannot write"):
        films.write(tmp_path / "no" / "film.gif", pictures(1), SIZE, 25)


def test_a_missing_writer_is_named_with_how_to_get_it(monkeypatch):
    monkeypatch.setitem(films.NEEDED, ".mp4", ("no_such_module", "imageio-ffmpeg"))
    with pytest.raises(UsageError, match=r"neuropil\[video\]"):
        films.check(".mp4")
