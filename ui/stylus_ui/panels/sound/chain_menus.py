"""The menus of the chain: what can be added, and what is done at its end."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtWidgets import QMenu, QWidget

from stylus_daw.chain.effects import EFFECTS
from stylus_ui.context import UiContext
from stylus_ui.presenters.sound.chain import ChainPresenter, Tail
from stylus_ui.presenters.sound.effect_words import GROUPS
from stylus_ui.state.text import later

FLAT = 12
"""Up to so many plugins stand in one menu; more are sorted by maker."""
TAILS: dict[Tail, str] = {
    "trim": later("End with the region"),
    "keep": later("Let it ring out"),
    "until_quiet": later("Let it ring until it is quiet"),
}


def add_menu(context: UiContext, presenter: ChainPresenter, parent: QWidget) -> QMenu:
    """Built-in effects by group, then the plugins that scans have found."""
    text, menu = context.text, QMenu(parent)
    menu.setToolTipsVisible(True)
    for group, kinds in GROUPS.items():
        inner = menu.addMenu(text(group))
        inner.setToolTipsVisible(True)
        for kind in kinds:
            about = EFFECTS[kind]
            added = inner.addAction(text(about.label), lambda kind=kind: presenter.add(kind))
            added.setToolTip(text(about.meaning))
    menu.addSeparator()
    _add_plugins(context, presenter, menu)
    return menu


def _add_plugins(context: UiContext, presenter: ChainPresenter, menu: QMenu) -> None:
    text, shelf = context.text, presenter.shelf
    choices = shelf.choices.value
    if len(choices) <= FLAT:
        for one in choices:
            menu.addAction(one.name, lambda one=one: presenter.add_plugin(one))
    else:
        plugins = menu.addMenu(text("Plugins"))
        for maker, group in groupby(choices, key=lambda one: one.maker):
            inner = plugins.addMenu(maker or text("Other makers"))
            for one in group:
                inner.addAction(one.name, lambda one=one: presenter.add_plugin(one))
    menu.addSeparator() if choices else None
    is_free = not shelf.scan.value.is_running
    look = menu.addAction(
        text("Look for new plugins") if choices else text("Look for plugins on this computer"), shelf.look_for_plugins
    )
    look.setEnabled(is_free)
    if shelf.failed.value:
        said = text.count("Try {count} failed file again", "Try {count} failed files again", len(shelf.failed.value))
        again = menu.addAction(said, lambda: shelf.look_for_plugins(tries_failed=True))
        again.setToolTip(", ".join(shelf.failed.value))
        again.setEnabled(is_free)


def chain_menu(context: UiContext, presenter: ChainPresenter, parent: QWidget) -> QMenu:
    """What becomes of the tail, of the level, and of plugins that are missing."""
    text, menu, chain = context.text, QMenu(parent), presenter.chain.value
    for tail, said in TAILS.items():
        action = menu.addAction(text(said), lambda tail=tail: presenter.set_tail(tail))
        action.setCheckable(True)
        action.setChecked(chain.tail == tail)
    menu.addSeparator()
    switches = (
        (text("As loud after the chain as before"), chain.match_loudness, presenter.match_loudness),
        (text("Render without missing plugins"), chain.allow_missing_plugins, presenter.allow_missing),
    )
    for words, is_on, call in switches:
        action = menu.addAction(words, lambda is_on=is_on, call=call: call(not is_on))
        action.setCheckable(True)
        action.setChecked(is_on)
    return menu
