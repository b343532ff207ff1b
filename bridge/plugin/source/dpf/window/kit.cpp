#include "kit.hpp"

START_NAMESPACE_DISTRHO

namespace {

const Color kGround(24, 26, 31), kPlain(48, 52, 61), kLit(63, 125, 203), kNext(46, 140, 92), kFaint(36, 39, 46);
const Color kText(229, 231, 235), kDim(148, 154, 166), kGood(80, 200, 120), kBad(236, 138, 74);

}  // namespace

void Kit::begin(float width, float height) {
    controls_.clear();
    canvas_.fontFace(NANOVG_DEJAVU_SANS_TTF);
    box({0, 0, width, height}, kGround, 0.0f);
}

void Kit::label(const Area& area, const std::string& text, float size, bool isDim, int align) {
    canvas_.save();
    canvas_.scissor(area.x, area.y, area.width, area.height);
    const float x = align == 0 ? area.x : align == 1 ? area.x + area.width / 2 : area.x + area.width;
    write(x, area.y + area.height / 2, text, size, isDim ? kDim : kText, align);
    canvas_.restore();
}

void Kit::message(const Area& area, const std::string& text, bool isTrouble) {
    box(area, kFaint);
    canvas_.fontSize(13.0f);
    canvas_.textAlign(NanoVG::ALIGN_LEFT | NanoVG::ALIGN_TOP);
    canvas_.fillColor(isTrouble ? kBad : kText);
    canvas_.save();
    canvas_.scissor(area.x, area.y, area.width, area.height);
    canvas_.textBox(area.x + 10, area.y + 7, area.width - 20, text.c_str());
    canvas_.restore();
}

void Kit::light(float x, float y, bool isGood, bool isBad) {
    canvas_.beginPath();
    canvas_.circle(x, y, 5.0f);
    canvas_.fillColor(isGood ? kGood : isBad ? kBad : kDim);
    canvas_.fill();
}

void Kit::button(const Area& area, const std::string& text, Look look, std::function<void()> click) {
    box(area, look == Look::on ? kLit : look == Look::next ? kNext : look == Look::off ? kFaint : kPlain);
    label(area, text, 13.0f, look == Look::off, 1);
    if (look != Look::off) controls_.push_back({area, std::move(click), {}});
}

void Kit::slider(const Area& area, const std::string& text, float value, std::function<void(float)> drag) {
    box(area, kFaint);
    box({area.x, area.y, area.width * value, area.height}, kPlain);
    label({area.x + 8, area.y, area.width - 16, area.height}, text, 12.0f);
    controls_.push_back({area, {}, std::move(drag)});
}

void Kit::field(const Area& area, const std::string& text, const std::string& hint, bool hasFocus, std::function<void()> click) {
    box(area, kFaint);
    if (hasFocus) {
        canvas_.beginPath();
        canvas_.roundedRect(area.x + 0.5f, area.y + 0.5f, area.width - 1, area.height - 1, 4.0f);
        canvas_.strokeColor(kLit);
        canvas_.strokeWidth(1.0f);
        canvas_.stroke();
    }
    const std::string shown = text.empty() && !hasFocus ? hint : text + (hasFocus ? "|" : "");
    label({area.x + 8, area.y, area.width - 16, area.height}, shown, 12.0f, text.empty());
    controls_.push_back({area, std::move(click), {}});
}

void Kit::bar(const Area& area, float fraction) {
    box(area, kFaint, 2.0f);
    if (fraction > 0.0f) box({area.x, area.y, area.width * fraction, area.height}, kLit, 2.0f);
}

const Control* Kit::at(float x, float y) const {
    for (auto control = controls_.rbegin(); control != controls_.rend(); ++control)
        if (control->area.contains(x, y)) return &*control;
    return nullptr;
}

void Kit::box(const Area& area, const Color& color, float radius) {
    canvas_.beginPath();
    canvas_.roundedRect(area.x, area.y, area.width, area.height, radius);
    canvas_.fillColor(color);
    canvas_.fill();
}

void Kit::write(float x, float y, const std::string& text, float size, const Color& color, int align) {
    const int side = align == 0 ? NanoVG::ALIGN_LEFT : align == 1 ? NanoVG::ALIGN_CENTER : NanoVG::ALIGN_RIGHT;
    canvas_.fontSize(size);
    canvas_.textAlign(side | NanoVG::ALIGN_MIDDLE);
    canvas_.fillColor(color);
    canvas_.text(x, y, text.c_str(), nullptr);
}

END_NAMESPACE_DISTRHO
