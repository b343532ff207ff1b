"""What a download says of itself, and what its two buttons say. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from stylus_ui.presenters.models.downloads import Download, Step
from stylus_ui.state.sizes import size_said, wait_said
from stylus_ui.state.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadWords:
    """Title, sentences, and the buttons; an empty one is not there."""

    title: str = ""
    said: str = ""
    yes: str = ""
    no: str = ""


def download_said(text: Text, now: Download) -> DownloadWords:
    """The words for a step."""
    match now.step:
        case Step.NONE:
            return DownloadWords()
        case Step.ASKING:
            return DownloadWords(title=now.hub_id, said=text("Asking the hub…"), no=text("Cancel"))
        case Step.CONSENT:
            return _consent(text, now)
        case Step.LOADING:
            return DownloadWords(title=now.hub_id, said=_progress(text, now), no=text("Pause"))
        case Step.CHECKING:
            return DownloadWords(title=now.hub_id, said=text("Checking that every byte is right…"))
        case Step.STOPPED:
            said = text("Paused. {progress}; what is here stays.", progress=_amount(text, now))
            return DownloadWords(title=now.hub_id, said=said, yes=text("Go on"), no=text("Not now"))
        case Step.FAILED:
            again = text("Try again") if now.hub_id else ""
            return DownloadWords(title=now.hub_id, said=text(now.problem), yes=again, no=text("Close"))
        case Step.DONE:
            said = text("It is ready. Choose it in the list as {name}.", name=now.name)
            return DownloadWords(title=now.hub_id, said=said, no=text("Close"))


def _consent(text: Text, now: Download) -> DownloadWords:
    left = now.bytes - now.here
    size = text("{size} will be downloaded", size=size_said(text, left))
    if now.here > 1_000_000:
        size = text("{left} of {size} are still to come", left=size_said(text, left), size=size_said(text, now.bytes))
    licence = text("Licence, as its page says: {licence}.", licence=now.licence or text("not stated"))
    terms = text("Its makers' terms apply to what you do with it; read them on huggingface.co/{id}.", id=now.hub_id)
    place = text("It will be saved in {folder}.", folder=now.folder)
    return DownloadWords(
        title=now.hub_id, said=f"{size}. {licence} {terms}\n{place}", yes=text("Agree and download"), no=text("Not now")
    )


def _progress(text: Text, now: Download) -> str:
    left = f" · {wait_said(text, now.seconds_left)}" if now.seconds_left is not None else ""
    return f"{_amount(text, now)}{left}"


def _amount(text: Text, now: Download) -> str:
    return text("{here} of {size}", here=size_said(text, now.here), size=size_said(text, now.bytes))
