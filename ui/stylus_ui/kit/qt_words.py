"""Qt's own words in the window's language: names of keys, menus of fields, buttons of its dialogs."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

_NAME = "qt-words"


def set_qt_language(language: str) -> None:
    """Let Qt speak a language, such as ``de``, from now on; what it has no words for stays English.

    To be called before widgets are made: they keep the words that they were made with.
    """
    application = QCoreApplication.instance()
    if application is None:
        return
    for before in application.findChildren(QTranslator, _NAME):
        application.removeTranslator(before)
        before.deleteLater()
    words = QTranslator(application)
    words.setObjectName(_NAME)
    if words.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(words)
