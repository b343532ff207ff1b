#include "DistrhoUI.hpp"
START_NAMESPACE_DISTRHO
class ConnectUI : public UI {
public:
    ConnectUI() : UI(560, 300) { loadSharedResources(); }
    void parameterChanged(uint32_t, float) override {}
    void stateChanged(const char*, const char*) override {}
    void onNanoDisplay() override { beginPath(); rect(0,0,560,300); fillColor(Color(30,30,30)); fill(); }
};
UI* createUI() { return new ConnectUI(); }
END_NAMESPACE_DISTRHO
