"""Signal and Property, and what carries calls between threads."""

from __future__ import annotations

import threading
import time

from stylus_ui.state.observable import Property, Signal


def test_a_listener_that_forgets_another_in_the_middle_of_an_emission_silences_it() -> None:
    told: list[str] = []
    signal: Signal[str] = Signal()
    signal.connect(lambda _: forget())
    forget = signal.connect(told.append)
    signal.emit("one")
    assert told == []


def test_forgetting_twice_forgets_one_listener_only() -> None:
    told: list[int] = []
    value = Property(1)
    forget = value.changed.connect(told.append)
    value.changed.connect(told.append)
    value.changed.connect(told.append)
    forget()
    forget()
    value.value = 2
    assert told == [2, 2]


def test_calls_of_other_threads_arrive_on_qts_thread_in_order_and_coalesced(qtbot) -> None:
    from stylus_ui.kit.mainthread import MainThread

    dispatcher, seen = MainThread(), []

    def many() -> None:
        for number in range(1000):
            dispatcher.post(lambda number=number: seen.append((number, threading.current_thread())), key="progress")
        dispatcher.post(lambda: seen.append(("end", threading.current_thread())))

    worker = threading.Thread(target=many)
    worker.start()
    worker.join()
    assert seen == []
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen == [(999, threading.main_thread()), ("end", threading.main_thread())]


def test_a_call_that_fails_does_not_stop_the_others(qtbot, caplog) -> None:
    from stylus_ui.kit.mainthread import MainThread

    dispatcher, seen = MainThread(), []
    dispatcher.post(lambda: 1 / 0)
    dispatcher.post(lambda: seen.append(1))
    qtbot.waitUntil(lambda: seen == [1])
    assert "ZeroDivisionError" in caplog.text


def test_work_in_the_background_comes_back_or_is_forgotten(qtbot) -> None:
    from stylus_ui.kit.mainthread import MainThread
    from stylus_ui.state.background import ThreadBackground

    background, got, gate = ThreadBackground(MainThread()), [], threading.Event()
    forget = background.run(lambda: gate.wait(5), done=lambda _: got.append("forgotten"))
    forget()
    gate.set()
    background.run(lambda: 1 / 0, failed=lambda error: got.append(type(error)))
    background.run(lambda: threading.current_thread() is threading.main_thread(), done=got.append)
    qtbot.waitUntil(lambda: len(got) == 2)
    assert set(got) == {ZeroDivisionError, False}
    background.close()


def test_a_widget_that_is_gone_is_not_told(qtbot) -> None:
    from PySide6.QtWidgets import QLabel
    from shiboken6 import isValid

    from stylus_ui.kit.binding import bind

    value, label = Property("one"), QLabel()
    bind(label, value, label.setText)
    value.value = "two"
    assert label.text() == "two"
    label.deleteLater()
    qtbot.waitUntil(lambda: not isValid(label))
    value.value = "three"


def test_very_many_calls_let_clicks_and_paints_in_between_and_keep_their_order(qtbot) -> None:
    from PySide6.QtCore import QTimer

    from stylus_ui.kit.mainthread import TURN_S, MainThread

    dispatcher, seen, clicks, timer = MainThread(), [], [], QTimer()
    timer.timeout.connect(lambda: clicks.append(len(seen)))

    def call(number: int) -> None:
        time.sleep(TURN_S)
        seen.append(number)

    timer.start(0)
    for number in range(20):
        dispatcher.post(lambda number=number: call(number))
    qtbot.waitUntil(lambda: len(seen) == 20)
    timer.stop()
    assert seen == list(range(20))
    assert len({at for at in clicks if 0 < at < 20}) > 10
