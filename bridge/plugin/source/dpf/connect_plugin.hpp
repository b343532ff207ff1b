// The plugin as DPF wants it: hands everything to an Instance.
#pragma once

#include "DistrhoPlugin.hpp"

#include "../instance/instance.hpp"

#include <memory>

START_NAMESPACE_DISTRHO

class ConnectPlugin : public Plugin {
public:
    ConnectPlugin();

    /// Null in the dummy that DPF makes to learn about the plugin.
    stylus::Instance* instance() const noexcept { return instance_.get(); }

protected:
    const char* getLabel() const override { return "StylusConnect"; }
    const char* getDescription() const override { return "Hands a region to stylus-daw, and plays the stem in its place."; }
    const char* getMaker() const override { return DISTRHO_PLUGIN_BRAND; }
    const char* getLicense() const override { return "GPL-3.0-or-later"; }
    uint32_t getVersion() const override { return d_version(0, 1, 0); }
    int64_t getUniqueId() const override { return d_cconst('S', 't', 'C', '0' + CONNECT_CHANNELS); }

    void initAudioPort(bool isInput, uint32_t index, AudioPort& port) override;
    void initParameter(uint32_t index, Parameter& parameter) override;
    void initState(uint32_t index, State& state) override;
    float getParameterValue(uint32_t index) const override;
    void setParameterValue(uint32_t index, float value) override;
    String getState(const char* key) const override;
    void setState(const char* key, const char* value) override;
    void activate() override;
    void deactivate() override;
    void sampleRateChanged(double rate) override;
    void run(const float** inputs, float** outputs, uint32_t frames) override;

private:
    std::unique_ptr<stylus::Instance> instance_;

    DISTRHO_DECLARE_NON_COPYABLE_WITH_LEAK_DETECTOR(ConnectPlugin)
};

END_NAMESPACE_DISTRHO
