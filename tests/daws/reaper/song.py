"""A song in the stubbed REAPER: made, rendered from, and looked at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from tests.daws.reaper.reaper_lab import RENDER, Studio, lua_text


def session(studio: Studio, file: Path, *, position: float = 2.0, length: float = 1.0, more: str = "") -> None:
    """A project with one selected item on the track Gtr."""
    studio.reaper.do(
        f"""
        song = stub.project("My Song")
        gtr = stub.track(song, "Gtr")
        bass = stub.track(song, "Bass")
        item = stub.item(gtr, {lua_text(str(file))}, {position}, {length})
        item.selected = true
        {more}
        """
    )


def tracks(studio: Studio) -> list[dict[str, Any]]:
    return studio.reaper.do(
        """
        local found = {}
        for _, track in ipairs(song.tracks) do
          local items = {}
          for _, item in ipairs(track.items) do
            local takes = {}
            for _, take in ipairs(item.takes) do
              takes[#takes + 1] = { name = take.name, path = take.source.path, ext = take.ext.stylus or "",
                volume = take.values.D_VOL, pan = take.values.D_PAN,
                is_active = take == item.active, peaks = take.source.has_peaks or false }
            end
            items[#items + 1] = { values = item.values, takes = takes }
          end
          found[#found + 1] = { name = track.name, channels = track.values.I_NCHAN, items = items }
        end
        return found
        """
    )


def undo_titles(studio: Studio) -> list[str]:
    return studio.reaper.do("local t = {} for _, u in ipairs(song.undo) do t[#t + 1] = u.title end return t")


def picture(studio: Studio) -> Any:
    """Everything in the session that a script could have changed."""
    return studio.reaper.do("return { song.numbers, song.texts, #song.undo, song.tracks[1].selected }"), tracks(studio)


def job_json(studio: Studio) -> dict[str, Any]:
    [folder] = studio.job_folders()
    return json.loads((folder / "job.json").read_text("utf-8"))


def rendered(studio: Studio) -> None:
    with studio.app():
        studio.reaper.click(RENDER)
        studio.reaper.finish()


def samples(path: Path) -> np.ndarray:
    return soundfile.read(path, dtype="float32", always_2d=True)[0]
