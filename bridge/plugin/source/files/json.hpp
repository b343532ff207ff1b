// JSON, as far as bridge.json, presets.json, state.json and the saved session need it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace stylus {

/// A value of a JSON text. What is asked for and is not there is null, an empty text, or zero.
class Json {
public:
    enum class Kind { null, boolean, number, text, list, object };

    /// Throws `Failure` if the text is not JSON, or nested deeper than 64.
    static Json parse(const std::string& text);

    Json() = default;
    Json(std::string text) : kind_(Kind::text), text_(std::move(text)) {}
    Json(const char* text) : Json(std::string(text)) {}
    Json(bool value) : kind_(Kind::boolean), text_(value ? "true" : "false") {}
    Json(std::int64_t value) : kind_(Kind::number), text_(std::to_string(value)) {}
    Json(std::int32_t value) : Json(static_cast<std::int64_t>(value)) {}
    Json(std::uint32_t value) : Json(static_cast<std::int64_t>(value)) {}
    Json(double value);

    static Json list() { return Json(Kind::list); }
    static Json object() { return Json(Kind::object); }

    Kind kind() const noexcept { return kind_; }
    const std::string& text() const noexcept;
    /// A whole number; positions travel as texts of digits, too.
    std::int64_t integer() const noexcept;
    double real() const noexcept;
    const std::vector<Json>& items() const noexcept { return items_; }
    const Json& operator[](const std::string& key) const noexcept;

    Json& set(const std::string& key, Json value);
    Json& add(Json value);

    /// On one line.
    std::string dump() const;

private:
    explicit Json(Kind kind) : kind_(kind) {}
    friend class JsonReader;

    Kind kind_ = Kind::null;
    std::string text_;  // of a text, a number or a boolean
    std::vector<Json> items_;
    std::vector<std::string> keys_;
};

}  // namespace stylus
