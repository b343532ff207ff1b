"""From the options of ``stylus-daw batch`` to its items: every file with its request, or with why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stylus_daw.audio.files import AudioInfo, probe, shortage
from stylus_daw.batch.item import BatchItem, told_apart
from stylus_daw.batch.naming import DEFAULT_TEMPLATE, checked_place, filled, same_place
from stylus_daw.batch.sources import Source, found_sources
from stylus_daw.commands.batch.sheet import Row, read_sheet
from stylus_daw.commands.render.wish import Wish, request_of, style_of
from stylus_daw.errors import RequestError, StylusError, quoted
from stylus_daw.jobs.fingerprint import content_hash, fingerprint
from stylus_daw.jobs.job import RenderRequest

ALBUM_MARK = "+album"  # an album's stem is another stem than one that was made alone


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchWish:
    """The options as they were written. ``wish`` holds what a row of a sheet may override.

    ``stays_here`` renders on this machine even where a farm is in use.
    """

    sources: tuple[str, ...]
    sheet: Path | None
    out: Path
    wish: Wish
    recursive: bool = False
    template: str = DEFAULT_TEMPLATE
    is_album: bool = False
    stays_here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """One file, not yet looked at."""

    source: Source
    wish: Wish
    out: str = ""
    complaint: RequestError | None = None


def items_of(batch: BatchWish) -> tuple[BatchItem, ...]:
    """Every file that was named, in order.

    Raises:
        RequestError: nothing was named or found, the template or the sheet is wrong, or two rows want one name.
    """
    if bool(batch.sources) == bool(batch.sheet):
        raise RequestError("batch.nothing", "Name files, folders or patterns, or a sheet with --csv; not both.")
    wanted = tuple(_of_sheet(batch) if batch.sheet else _of_sources(batch))
    _refuse_same_out(wanted)
    requests = _Requests()
    return told_apart(_item(number, one, batch, requests) for number, one in enumerate(wanted, 1))


def _of_sources(batch: BatchWish) -> Iterator[_Wanted]:
    _refuse_style_source(batch.wish)
    for source in found_sources(batch.sources, recursive=batch.recursive, but=batch.out):
        yield _Wanted(source=source, wish=batch.wish, complaint=source.complaint)


def _of_sheet(batch: BatchWish) -> Iterator[_Wanted]:
    assert batch.sheet is not None
    rows = read_sheet(batch.sheet)
    if not rows:
        raise RequestError("batch.nothing", f"The sheet {quoted(batch.sheet)} has no rows below its heading.")
    for row in rows:
        complaint, out = row.complaint, row.out
        try:
            checked_place(out or "unnamed")
        except RequestError as error:
            complaint, out = complaint or error, ""
        yield _Wanted(source=Source(path=row.source), wish=_wish(row, batch.wish), out=out, complaint=complaint)


def _wish(row: Row, default: Wish) -> Wish:
    """A row's preset or styles take the place of both of the command line's."""
    chosen = (row.preset, row.styles) if row.preset or row.styles else (default.preset, default.styles)
    return replace(default, preset=chosen[0], styles=chosen[1], knobs={**default.knobs, **row.knobs})


def _refuse_style_source(wish: Wish) -> None:
    if bool(wish.preset) == bool(wish.styles):
        said = "Both a preset and styles were given" if wish.styles else "Neither a preset nor a style was given"
        raise RequestError("request.style_source", f"{said}; give either --preset ID or --style FILE, once or more.")


def _refuse_same_out(wanted: Iterable[_Wanted]) -> None:
    """A name that was written twice is a mistake in the sheet; names that were made are numbered instead."""
    seen: dict[str, Path] = {}
    for one in wanted:
        if one.out:
            place = same_place(checked_place(one.out))
            if place in seen:
                text = (
                    f"{quoted(seen[place])} and {quoted(one.source.path)} both have out {quoted(one.out)}. Rename one."
                )
                raise RequestError("batch.same_out", text)
            seen[place] = one.source.path


@dataclass(frozen=True, slots=True)
class _Requests:
    """Requests for files; what does not depend on the file is made once for all that share it."""

    made: dict[Any, RenderRequest | StylusError] = field(default_factory=dict)

    def request(self, wish: Wish, info: AudioInfo) -> RenderRequest:
        """A request for the wish's source; its stem is nowhere yet.

        Raises:
            StylusError: a value, a preset or a style that is not possible.
        """
        key = (wish.preset, wish.styles, _hashable(wish.knobs), info.rate if "envelope" in wish.knobs else 0)
        if key not in self.made:
            try:
                self.made[key] = request_of(wish)
            except StylusError as error:
                self.made[key] = error
        made = self.made[key]
        if isinstance(made, StylusError):
            raise made
        return replace(made, source=wish.source)


def _hashable(knobs: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, repr(value)) for name, value in knobs.items()))


def _item(number: int, one: _Wanted, batch: BatchWish, requests: _Requests) -> BatchItem:
    source = one.source.path.absolute()
    wanted = _place(number, one, batch, _sound(one.wish, None))
    if one.complaint:
        return BatchItem(source=source, wanted=wanted, complaint=one.complaint)
    try:
        info = probe(source)
        content_hash(source)  # fails here, and not below, if the source cannot be read
    except StylusError as error:
        return BatchItem(source=source, wanted=wanted, complaint=error)
    try:
        request = requests.request(replace(one.wish, source=source), info)
        wanted = _place(number, one, batch, _sound(one.wish, request))
        mark = fingerprint(request) + (ALBUM_MARK if batch.is_album else "")
    except StylusError as error:
        if batch.sheet is None:  # every file would meet it: the command is wrong, not the file
            raise
        return BatchItem(source=source, wanted=wanted, complaint=error)
    return BatchItem(
        source=source,
        wanted=wanted,
        request=request,
        fingerprint=mark,
        seconds=info.seconds,
        short=_short(source, info),
    )


def _short(source: Path, info: AudioInfo) -> str:
    short = shortage(source, info)
    return short.message if short else ""


def _place(number: int, one: _Wanted, batch: BatchWish, sound: str) -> str:
    if one.out:
        return checked_place(one.out)
    source = one.source
    values = {"name": source.path.stem, "folder": source.folder, "sound": sound, "index": number}
    return filled(batch.template, values)


def _sound(wish: Wish, request: RenderRequest | None) -> str:
    """The preset's own name where it is known: an id and a name give the same stems."""
    if request and request.origin.preset:
        return request.origin.preset
    return wish.preset or "+".join(_stem_of(one) for one in wish.styles) or "unknown"


def _stem_of(style: str) -> str:
    """A style's name; a weight or a part that is not possible is the request's complaint, not the name's."""
    try:
        return style_of(style).path.stem
    except RequestError:
        return Path(style).stem
