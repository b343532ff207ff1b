// One source for every tiny plugin of the tests; DistrhoPluginInfo.h, written by build.sh, says which one it becomes.

#include "DistrhoPlugin.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>
#include <vector>

START_NAMESPACE_DISTRHO

#if defined(TINY_CRASH_RUN) || defined(TINY_HANG_RUN)
# define TINY_ARMED 1
#else
# define TINY_ARMED 0
#endif

enum { kGain = 0, kLearn = 1, kArmed = 1, kNameless = 2 };

[[noreturn]] static void crash() { std::abort(); }

[[noreturn]] static void hang() { for (;;) sleep(1); }

[[maybe_unused]] static bool is_heard(const float* samples, uint32_t frames) {
    for (uint32_t frame = 0; frame < frames; ++frame)
        if (std::fabs(samples[frame]) > 0.01f) return true;
    return false;
}

class TinyPlugin : public Plugin {
public:
    TinyPlugin() : Plugin(TINY_PARAMETERS, 0, DISTRHO_PLUGIN_WANT_STATE) {
#ifdef TINY_CRASH_LOAD
        crash();
#endif
#ifdef TINY_HANG_LOAD
        hang();
#endif
#if DISTRHO_PLUGIN_WANT_LATENCY
        setLatency(TINY_LATENCY);
        clear();
#endif
    }

protected:
    const char* getLabel() const override { return DISTRHO_PLUGIN_NAME; }
    const char* getMaker() const override { return DISTRHO_PLUGIN_BRAND; }
    const char* getLicense() const override { return "GPL-3.0-or-later"; }
    uint32_t getVersion() const override { return d_version(1, 2, 3); }
    int64_t getUniqueId() const override { return TINY_ID; }

    void initParameter(uint32_t index, Parameter& parameter) override {
        parameter.hints = kParameterIsAutomatable;
        if (index == kGain) {
            parameter.name = "Gain";
            parameter.symbol = "gain";
            parameter.unit = "dB";
            parameter.ranges.def = 0.0f;
            parameter.ranges.min = -24.0f;
            parameter.ranges.max = 24.0f;
#ifdef TINY_TWINS
        } else {  // one more "Gain", and one without a name
            parameter.name = index == 1 ? "Gain" : "";
            parameter.symbol = index == 1 ? "gain2" : "nameless";
            parameter.unit = index == 1 ? "dB" : "";
            parameter.ranges.def = 0.0f;
            parameter.ranges.min = -24.0f;
            parameter.ranges.max = 24.0f;
        }
#else
        } else {
            parameter.name = TINY_ARMED ? "Armed" : "Learn";
            parameter.symbol = TINY_ARMED ? "armed" : "learn";
            parameter.hints |= kParameterIsBoolean | kParameterIsInteger;
            parameter.ranges.def = 0.0f;
            parameter.ranges.min = 0.0f;
            parameter.ranges.max = 1.0f;
        }
#endif
    }

    float getParameterValue(uint32_t index) const override {
        return index == kGain ? gain : index == kNameless ? nameless : second;
    }

    void setParameterValue(uint32_t index, float value) override {
        if (index == kGain)
            gain = value;
        else if (index == kNameless)
            nameless = value;
        else
            second = value;
    }

#if DISTRHO_PLUGIN_WANT_STATE
    // What was learnt is heard and saved, but no parameter shows it.
    void initState(uint32_t, State& state) override {
        state.key = "learnt";
        state.defaultValue = "0";
    }

    String getState(const char*) const override {
        char text[32];
        std::snprintf(text, sizeof(text), "%a", static_cast<double>(learnt));
        return String(text);
    }

    void setState(const char*, const char* value) override { learnt = static_cast<float>(std::strtod(value, nullptr)); }
#endif

    void activate() override { clear(); }

    void run(const float** inputs, float** outputs, uint32_t frames) override {
        // Armed, these bear silence, but not sound.
#ifdef TINY_CRASH_RUN
        if (second > 0.5f && is_heard(inputs[0], frames)) crash();
#endif
#ifdef TINY_HANG_RUN
        if (second > 0.5f && is_heard(inputs[0], frames)) hang();
#endif
#if DISTRHO_PLUGIN_WANT_STATE
        if (second > 0.5f) learnt = gain;
        const float factor = std::pow(10.0f, (gain + learnt) / 20.0f);
#else
#ifdef TINY_TWINS
        const float factor = std::pow(10.0f, (gain + second + nameless) / 20.0f);
#else
        const float factor = std::pow(10.0f, (gain) / 20.0f);
#endif
#endif
        for (uint32_t frame = 0; frame < frames; ++frame)
            for (int channel = 0; channel < DISTRHO_PLUGIN_NUM_OUTPUTS; ++channel)
                outputs[channel][frame] = factor * delayed(channel, inputs[channel][frame]);
    }

private:
    float gain = 0.0f, second = 0.0f, nameless = 0.0f, learnt = 0.0f;
#if DISTRHO_PLUGIN_WANT_LATENCY
    std::vector<float> line[DISTRHO_PLUGIN_NUM_INPUTS];
    size_t place[DISTRHO_PLUGIN_NUM_INPUTS];

    void clear() {
        for (int channel = 0; channel < DISTRHO_PLUGIN_NUM_INPUTS; ++channel) {
            line[channel].assign(TINY_LATENCY, 0.0f);
            place[channel] = 0;
        }
    }

    float delayed(int channel, float sample) {
        if (line[channel].empty()) return sample;
        const float out = line[channel][place[channel]];
        line[channel][place[channel]] = sample;
        place[channel] = (place[channel] + 1) % line[channel].size();
        return out;
    }
#else
    void clear() {}
    float delayed(int, float sample) { return sample; }
#endif

    DISTRHO_DECLARE_NON_COPYABLE_WITH_LEAK_DETECTOR(TinyPlugin)
};

Plugin* createPlugin() { return new TinyPlugin(); }

END_NAMESPACE_DISTRHO
