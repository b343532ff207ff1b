// The window. It draws what `Instance::view` says, and calls the instance; it holds no state but what is being typed.
#include "connect_plugin.hpp"

#include "DistrhoUI.hpp"
#include "window/kit.hpp"
#include "window/words.hpp"

#include <algorithm>
#include <cmath>

START_NAMESPACE_DISTRHO

using namespace stylus;

namespace {

constexpr float kWidth = DISTRHO_UI_DEFAULT_WIDTH, kHeight = DISTRHO_UI_DEFAULT_HEIGHT;
enum class Field { none, search, track };
enum class Asking { nothing, collect, locate };

std::string percent(const char* name, float value) { return std::string(name) + "  " + std::to_string(std::lround(value)) + " %"; }

}  // namespace

class ConnectUI : public UI {
public:
    ConnectUI() : UI(DISTRHO_UI_DEFAULT_WIDTH, DISTRHO_UI_DEFAULT_HEIGHT, true), kit_(*this) {
        loadSharedResources();
        if (auto* plugin = static_cast<ConnectPlugin*>(getPluginInstancePointer())) instance_ = plugin->instance();
    }

protected:
    void parameterChanged(uint32_t, float) override { repaint(); }
    void stateChanged(const char*, const char*) override {}

    void uiIdle() override {
        if (++idles_ % 4 == 0) repaint();  // about ten times a second
    }

    void onNanoDisplay() override {
        scale(static_cast<float>(getWidth()) / kWidth, static_cast<float>(getHeight()) / kHeight);
        kit_.begin(kWidth, kHeight);
        if (instance_ == nullptr) return kit_.label({0, 0, kWidth, kHeight}, "This host hides the plugin from its window.", 14.0f, true, 1);
        view_ = instance_->view();
        drawHead();
        drawPreset();
        drawDeeds();
        drawComparison();
        drawTakes();
        kit_.bar({16, 236, kWidth - 32, 4}, static_cast<float>(view_.companion.job.isOpen() ? view_.companion.job.fraction : 0));
        kit_.message({16, 246, kWidth - 32, 42}, view_.message, view_.isTrouble);
    }

    bool onMouse(const MouseEvent& event) override {
        if (event.button != 1) return false;
        dragging_ = {};
        if (!event.press) return true;
        const Control* control = kit_.at(across(event.pos.getX()), down(event.pos.getY()));
        if (control == nullptr || !control->click) focus_ = Field::none;
        if (control == nullptr) return false;
        const Control pressed = *control;
        if (pressed.drag) dragging_ = pressed, drag(event.pos.getX());
        if (pressed.click) pressed.click();
        repaint();
        return true;
    }

    bool onMotion(const MotionEvent& event) override {
        if (!dragging_.drag) return false;
        drag(event.pos.getX());
        repaint();
        return true;
    }

    bool onCharacterInput(const CharacterInputEvent& event) override {
        if (focus_ == Field::none || event.character < 32 || event.character == kKeyDelete) return false;
        typed_ += event.string;
        typedSomething();
        return true;
    }

    bool onKeyboard(const KeyboardEvent& event) override {
        if (focus_ == Field::none) return false;
        if (!event.press) return true;
        if (event.key == kKeyBackspace) {
            while (!typed_.empty() && (static_cast<unsigned char>(typed_.back()) & 0xc0) == 0x80) typed_.pop_back();
            if (!typed_.empty()) typed_.pop_back();
            typedSomething();
        } else if (event.key == '\r' || event.key == '\n' || event.key == kKeyEscape) {
            focus_ = Field::none;
        }
        repaint();
        return true;
    }

    void uiFileBrowserSelected(const char* filename) override {
        if (filename == nullptr || instance_ == nullptr) return;
        if (asking_ == Asking::collect) instance_->collect(pathOf(filename).parent_path() / stemName());
        if (asking_ == Asking::locate) instance_->locate(pathOf(filename));
    }

private:
    void drawHead() {
        kit_.label({16, 10, 200, 26}, "Stylus Connect", 18.0f);
        const Presence presence = view_.companion.presence;
        kit_.light(kWidth - 22, 23, presence == Presence::here, presence != Presence::looking);
        kit_.label({230, 10, kWidth - 266, 26}, describeCompanion(view_.companion), 12.0f, true, 2);
    }

    void drawPreset() {
        const std::int32_t number = numberOf(view_.companion.presets, view_.saved.preset);
        const auto count = static_cast<std::int32_t>(view_.companion.presets.size());
        const Look step = count > 0 ? Look::plain : Look::off;
        const std::string name = view_.saved.preset.name.empty() ? "Choose a preset" : view_.saved.preset.name;
        kit_.button({16, 44, 30, 30}, "<", step, [=] { pickPreset(number > 1 ? number - 1 : count); });
        kit_.label({54, 44, 220, 30}, name, 15.0f, view_.saved.preset.name.empty(), 1);
        kit_.button({282, 44, 30, 30}, ">", step, [=] { pickPreset(number % std::max(count, 1) + 1); });
        kit_.field({324, 44, 108, 30}, focus_ == Field::search ? typed_ : "", "Search preset", focus_ == Field::search,
                   [this] { focus(Field::search, ""); });
        kit_.field({440, 44, 104, 30}, focus_ == Field::track ? typed_ : view_.saved.label, "Track's name",
                   focus_ == Field::track, [this] { focus(Field::track, view_.saved.label); });
    }

    void drawDeeds() {
        const bool isCapturing = view_.recording.state != RegionRules::State::idle;
        const bool isOpen = view_.companion.job.isOpen(), hasCapture = view_.saved.capture.exists();
        const Look capture = isCapturing ? Look::on : hasCapture ? Look::plain : Look::next;
        kit_.button({16, 84, 128, 36}, isCapturing ? "Capturing" : "Capture", capture, [this] { instance_->toggleCapture(); });
        const bool canRender = hasCapture && !isCapturing && view_.companion.presence == Presence::here;
        if (isOpen) {
            kit_.button({152, 84, 128, 36}, "Cancel", Look::on, [this] { instance_->cancel(); });
        } else {
            const Look render = !canRender ? Look::off : view_.saved.takes.empty() ? Look::next : Look::plain;
            kit_.button({152, 84, 128, 36}, "Render", render, [this] { instance_->render(); });
        }
        const float strength = instance_->parameter(kStrength);
        const std::string text = strength < 0.5f ? "Strength  as in the preset" : percent("Strength", strength);
        kit_.slider({292, 84, 252, 36}, text, strength / 200.0f, [this](float part) { change(kStrength, std::round(200.0f * part)); });
        const std::string region = describeRegion(view_.saved.capture);
        kit_.label({16, 126, kWidth - 32, 20}, region.empty() ? "No region yet" : "Region: " + region, 12.0f, true);
    }

    void drawComparison() {
        const bool isB = instance_->parameter(kResult) > 0.5f, isEqual = instance_->parameter(kEqualLoud) > 0.5f;
        const float wet = instance_->parameter(kDryWet);
        kit_.button({16, 152, 100, 34}, "A  original", isB ? Look::plain : Look::on, [this] { change(kResult, 0); });
        kit_.button({120, 152, 100, 34}, "B  result", isB ? Look::on : Look::plain, [this] { change(kResult, 1); });
        kit_.button({232, 152, 120, 34}, "Equal loudness", isEqual ? Look::on : Look::plain, [=] { change(kEqualLoud, isEqual ? 0 : 1); });
        kit_.slider({364, 152, 180, 34}, percent("Dry/Wet", wet), wet / 100.0f, [this](float part) { change(kDryWet, 100.0f * part); });
    }

    void drawTakes() {
        const Saved& saved = view_.saved;
        const std::size_t count = saved.takes.size(), chosen = saved.chosen;
        const std::string take = describeTake(saved);
        kit_.button({16, 196, 30, 30}, "<", chosen > 0 && count > 0 ? Look::plain : Look::off, [=] { instance_->chooseTake(chosen - 1); });
        kit_.label({54, 196, 266, 30}, take.empty() ? "No take yet" : take, 13.0f, take.empty(), 1);
        kit_.button({328, 196, 30, 30}, ">", chosen + 1 < count ? Look::plain : Look::off, [=] { instance_->chooseTake(chosen + 1); });
        kit_.button({370, 196, 84, 30}, "Collect", count > 0 ? Look::plain : Look::off, [this] { askForFile(Asking::collect); });
        const bool isLost = view_.shelf.state == StemState::trouble;
        kit_.button({460, 196, 84, 30}, "Locate", isLost ? Look::next : Look::off, [this] { askForFile(Asking::locate); });
    }

    void pickPreset(std::int32_t number) {
        if (number < 1 || number > static_cast<std::int32_t>(view_.companion.presets.size())) return;
        instance_->choosePreset(view_.companion.presets[static_cast<std::size_t>(number - 1)], number);
        change(kPreset, static_cast<float>(number));
    }

    void change(stylus::Parameter parameter, float value) {
        editParameter(parameter, true);
        setParameterValue(parameter, value);
        editParameter(parameter, false);
    }

    void focus(Field field, const std::string& text) {
        focus_ = field;
        typed_ = text;
    }

    void typedSomething() {
        if (focus_ == Field::track) instance_->setLabel(typed_);
        if (focus_ == Field::search) pickPreset(findPreset(view_.companion.presets, typed_, 1));
        repaint();
    }

    /// DPF's chooser cannot save on Linux: so the session is chosen, and the stem goes beside it.
    void askForFile(Asking asking) {
        asking_ = asking;
        FileBrowserOptions options;
        options.title = asking == Asking::collect ? "Choose the session: the stem is copied beside it" : "Locate the stem";
        openFileBrowser(options);
    }

    std::string stemName() const { return "stylus-" + view_.saved.take().job.substr(0, 8) + ".wav"; }

    void drag(double x) {
        const Area& area = dragging_.area;
        dragging_.drag(std::clamp((across(x) - area.x) / area.width, 0.0f, 1.0f));
    }

    float across(double x) const { return static_cast<float>(x) * kWidth / static_cast<float>(getWidth()); }
    float down(double y) const { return static_cast<float>(y) * kHeight / static_cast<float>(getHeight()); }

    Kit kit_;
    Instance* instance_ = nullptr;
    View view_;
    Field focus_ = Field::none;
    Asking asking_ = Asking::nothing;
    std::string typed_;
    Control dragging_{};
    unsigned idles_ = 0;

    DISTRHO_DECLARE_NON_COPYABLE_WITH_LEAK_DETECTOR(ConnectUI)
};

UI* createUI() { return new ConnectUI(); }

END_NAMESPACE_DISTRHO
