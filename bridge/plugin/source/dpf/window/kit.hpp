// Drawing and hit-testing: controls that live for one frame.
#pragma once

#include "DistrhoUI.hpp"

#include <functional>
#include <string>
#include <vector>

START_NAMESPACE_DISTRHO

struct Area {
    float x, y, width, height;

    bool contains(float px, float py) const noexcept { return px >= x && px < x + width && py >= y && py < y + height; }
};

/// What can be clicked, dragged or typed into since the last frame was drawn.
struct Control {
    Area area;
    std::function<void()> click;
    std::function<void(float)> drag;  ///< 0 to 1 along the width
};

/// A look: plain, on (lit), the thing to do next, or out of reach.
enum class Look { plain, on, next, off };

/// Draws into a NanoVG context and keeps what was drawn for the mouse.
class Kit {
public:
    explicit Kit(NanoVG& canvas) : canvas_(canvas) {}

    void begin(float width, float height);

    void label(const Area& area, const std::string& text, float size, bool isDim = false, int align = 0);
    void message(const Area& area, const std::string& text, bool isTrouble);
    void light(float x, float y, bool isGood, bool isBad);
    void button(const Area& area, const std::string& text, Look look, std::function<void()> click);
    void slider(const Area& area, const std::string& text, float value, std::function<void(float)> drag);
    void field(const Area& area, const std::string& text, const std::string& hint, bool hasFocus, std::function<void()> click);
    void bar(const Area& area, float fraction);

    /// The topmost control at a point; null if there is none.
    const Control* at(float x, float y) const;

private:
    void box(const Area& area, const Color& color, float radius = 4.0f);
    void write(float x, float y, const std::string& text, float size, const Color& color, int align);

    NanoVG& canvas_;
    std::vector<Control> controls_;
};

END_NAMESPACE_DISTRHO
