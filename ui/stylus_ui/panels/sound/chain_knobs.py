"""EffectKnobs: the parameters of one effect, unfolded under its row; of a plugin, the first few."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QWidget

from stylus_daw.chain.effects import Parameter
from stylus_daw.chain.plugins.about import PluginParameter
from stylus_ui.context import UiContext
from stylus_ui.kit.parts import column, label, row
from stylus_ui.panels.sound.dial_control import DialCalls, SliderRow
from stylus_ui.presenters.sound.chain import MIX, ChainPresenter
from stylus_ui.presenters.sound.dial import Dial
from stylus_ui.presenters.sound.effect_row import EffectRow
from stylus_ui.presenters.sound.effect_words import BRANCH, KNOBS, dial_of, mix_dial
from stylus_ui.presenters.sound.plugin_knobs import MOST, plugin_dial, value_of


class EffectKnobs(QWidget):
    """A line for each parameter, and the mix."""

    def __init__(self, context: UiContext, presenter: ChainPresenter, shown: EffectRow) -> None:
        super().__init__()
        self._context, self._text, self._presenter, self._key = context, context.text, presenter, shown.key
        self.sliders: dict[str, SliderRow] = {}
        self.choices: dict[str, QComboBox] = {}
        lines = [self._line(parameter) for parameter in shown.kind.parameters]
        lines += [self._plugin_knob(knob) for knob in shown.knobs[:MOST]]
        lines += [self._rest(len(shown.knobs) - MOST)] if len(shown.knobs) > MOST else []
        lines += [self._branch(number) for number in range(len(shown.effect.branches))]
        layout = column(*lines, self._mix(shown), spacing=8)
        layout.setContentsMargins(22, 4, 4, 12)
        self.setLayout(layout)

    def show_row(self, shown: EffectRow) -> None:
        """The values."""
        effect = shown.effect
        for parameter in shown.kind.parameters:
            value = effect.params[parameter.name]
            if isinstance(value, str):
                self.choices[parameter.name].setCurrentText(value)
            else:
                self.sliders[parameter.name].show_value(dial_of(parameter), value)
        if effect.plugin is not None:
            for knob in shown.knobs[:MOST]:
                self.sliders[_plugin_name(knob)].show_value(plugin_dial(knob), value_of(effect.plugin, knob))
        for number, branch in enumerate(effect.branches):
            self.sliders[_branch_name(number)].show_value(BRANCH, branch.gain_db)
        self.sliders[MIX].show_value(mix_dial(shown.kind), effect.mix)

    def _line(self, parameter: Parameter) -> QWidget:
        text = self._text
        name, meant = text(KNOBS[parameter.name]), text(parameter.meaning)
        if parameter.choices:
            return self._choice(parameter, name, meant)
        return self._slider(parameter.name, dial_of(parameter), name, f"{meant[:1].upper()}{meant[1:]}")

    def _mix(self, shown: EffectRow) -> QWidget:
        meant = self._text("Share of the processed sound.")
        return self._slider(MIX, mix_dial(shown.kind), self._text("Mix"), meant)

    def _slider(self, name: str, dial: Dial, said: str, meant: str) -> SliderRow:
        presenter, key = self._presenter, self._key
        calls = DialCalls(
            turn=lambda value: presenter.turn(key, name, value if value is not None else dial.low),
            let_go=presenter.let_go,
            reset=lambda: presenter.reset(key, name),
        )
        self.sliders[name] = SliderRow(self._context, dial, name=said, meant=meant, calls=calls)
        return self.sliders[name]

    def _plugin_knob(self, knob: PluginParameter) -> SliderRow:
        presenter, key, dial = self._presenter, self._key, plugin_dial(knob)

        def turn(value: float | None) -> None:
            presenter.turn_plugin(key, knob.name, value if value is not None else dial.low)

        def reset() -> None:
            presenter.let_go()
            turn(dial.default)
            presenter.let_go()

        calls = DialCalls(turn=turn, let_go=presenter.let_go, reset=reset)
        made = SliderRow(self._context, dial, name=knob.label, meant=knob.label, calls=calls)
        self.sliders[_plugin_name(knob)] = made
        return made

    def _rest(self, count: int) -> QWidget:
        more = self._text.count("{count} more knob in its own window", "{count} more knobs in its own window", count)
        said = label(more, "small")
        said.setWordWrap(True)
        return said

    def _branch(self, number: int) -> QWidget:
        presenter, key, text = self._presenter, self._key, self._text

        def turn(value: float | None) -> None:
            presenter.turn_branch(key, number, value or 0.0)

        def reset() -> None:
            presenter.let_go()
            turn(0.0)
            presenter.let_go()

        said, meant = text("Branch {number}", number=number + 1), text("Level of this branch in the sum.")
        calls = DialCalls(turn=turn, let_go=presenter.let_go, reset=reset)
        self.sliders[_branch_name(number)] = made = SliderRow(
            self._context, BRANCH, name=said, meant=meant, calls=calls
        )
        return made

    def _choice(self, parameter: Parameter, name: str, meant: str) -> QWidget:
        box = QComboBox()
        box.addItems(parameter.choices)
        box.setAccessibleName(name)
        box.setToolTip(meant)
        box.setProperty("role", "value")
        box.activated.connect(lambda at: self._choose(parameter, at))
        self.choices[parameter.name] = box
        line = QWidget()
        line.setLayout(row(label(name, "small"), 1, box))
        return line

    def _choose(self, parameter: Parameter, at: int) -> None:
        self._presenter.turn(self._key, parameter.name, parameter.choices[at])
        self._presenter.let_go()


def _branch_name(number: int) -> str:
    return f"branch.{number}"


def _plugin_name(knob: PluginParameter) -> str:
    return f"plugin {knob.name}"
