#include "connect_plugin.hpp"

#include "../files/folders.hpp"
#include "DistrhoPluginUtils.hpp"

#include <iterator>

START_NAMESPACE_DISTRHO

namespace {

stylus::Position positionFrom(const TimePosition& time) noexcept {
    stylus::Position position;
    position.rolling = time.playing;
    position.frame = static_cast<std::int64_t>(time.frame);  // before zero, hosts give negative frames
    if (time.bbt.valid) {
        position.tempo = time.bbt.beatsPerMinute;
        position.beats = static_cast<std::int32_t>(time.bbt.beatsPerBar);
        position.beatUnit = static_cast<std::int32_t>(time.bbt.beatType);
    }
    return position;
}

}  // namespace

ConnectPlugin::ConnectPlugin() : Plugin(stylus::kParameters, 0, std::size(stylus::kStateKeys)) {
    if (isDummyInstance()) return;
    const stylus::fs::path binary = stylus::pathOf(getBinaryFilename());
    instance_ = std::make_unique<stylus::Instance>(CONNECT_CHANNELS, stylus::stateFolder(binary));
    instance_->setRate(getSampleRate());
}

void ConnectPlugin::initAudioPort(bool isInput, uint32_t index, AudioPort& port) {
    if (CONNECT_CHANNELS <= 2) port.groupId = CONNECT_CHANNELS == 1 ? kPortGroupMono : kPortGroupStereo;
    Plugin::initAudioPort(isInput, index, port);
}

void ConnectPlugin::initParameter(uint32_t index, Parameter& parameter) {
    const stylus::ParameterFacts& facts = stylus::kParameterFacts[index];
    if (index == stylus::kBypass) return parameter.initDesignation(kParameterDesignationBypass);
    parameter.hints = facts.isOutput ? kParameterIsOutput : kParameterIsAutomatable;
    if (facts.isSwitch) parameter.hints |= kParameterIsBoolean;
    if (facts.isWhole) parameter.hints |= kParameterIsInteger;
    parameter.name = facts.name;
    parameter.symbol = facts.symbol;
    parameter.unit = facts.unit;
    parameter.ranges = ParameterRanges(facts.initial, facts.least, facts.most);
}

void ConnectPlugin::initState(uint32_t index, State& state) {
    state.key = stylus::kStateKeys[index];
    state.label = stylus::kStateKeys[index];
    state.hints = kStateIsOnlyForDSP;
}

float ConnectPlugin::getParameterValue(uint32_t index) const {
    return instance_ != nullptr ? instance_->parameter(index) : stylus::kParameterFacts[index].initial;
}

void ConnectPlugin::setParameterValue(uint32_t index, float value) {
    if (instance_ != nullptr) instance_->setParameter(index, value);
}

String ConnectPlugin::getState(const char* key) const {
    return instance_ != nullptr ? String(instance_->state(key).c_str()) : String();
}

void ConnectPlugin::setState(const char* key, const char* value) {
    if (instance_ != nullptr) instance_->setState(key, value);
}

void ConnectPlugin::activate() {
    if (instance_ != nullptr) instance_->activate();
}

void ConnectPlugin::deactivate() {
    if (instance_ != nullptr) instance_->deactivate();
}

void ConnectPlugin::sampleRateChanged(double rate) {
    if (instance_ != nullptr) instance_->setRate(rate);
}

void ConnectPlugin::run(const float** inputs, float** outputs, uint32_t frames) {
    instance_->process(positionFrom(getTimePosition()), inputs, outputs, frames);
}

Plugin* createPlugin() { return new ConnectPlugin(); }

END_NAMESPACE_DISTRHO
