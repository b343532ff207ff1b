#include "json.hpp"

#include "failure.hpp"

#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <locale>
#include <sstream>

namespace stylus {

namespace {

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char letter : text) {
        char escape[8];
        if (letter == '"' || letter == '\\') {
            out += '\\';
            out += letter;
        } else if (static_cast<unsigned char>(letter) < 0x20) {
            std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(letter));
            out += escape;
        } else {
            out += letter;
        }
    }
    return out + '"';
}

void addUtf8(std::string& out, std::uint32_t code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xc0 | code >> 6);
        out += static_cast<char>(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xe0 | code >> 12);
        out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
        out += static_cast<char>(0x80 | (code & 0x3f));
    } else {
        out += static_cast<char>(0xf0 | code >> 18);
        out += static_cast<char>(0x80 | (code >> 12 & 0x3f));
        out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
        out += static_cast<char>(0x80 | (code & 0x3f));
    }
}

}  // namespace

/// Goes through a text once.
class JsonReader {
public:
    explicit JsonReader(const std::string& text) : text_(text) {}

    Json whole() {
        const Json value = this->value(0);
        space();
        if (at_ != text_.size()) fail();
        return value;
    }

private:
    static constexpr int kDeepest = 64;

    [[noreturn]] void fail() const { throw Failure("This is not JSON (byte " + std::to_string(at_) + ")."); }

    void space() {
        while (at_ < text_.size() && std::strchr(" \t\r\n", text_[at_]) != nullptr && text_[at_] != '\0') ++at_;
    }

    char peek() {
        space();
        if (at_ >= text_.size()) fail();
        return text_[at_];
    }

    bool takes(char wanted) {
        if (peek() != wanted) return false;
        ++at_;
        return true;
    }

    void expect(char wanted) {
        if (!takes(wanted)) fail();
    }

    Json value(int depth) {
        if (depth > kDeepest) fail();
        switch (peek()) {
            case '{': return object(depth);
            case '[': return list(depth);
            case '"': return Json(string());
            default: return bare();
        }
    }

    Json object(int depth) {
        Json value = Json::object();
        expect('{');
        if (takes('}')) return value;
        do {
            if (peek() != '"') fail();
            const std::string key = string();
            expect(':');
            value.set(key, this->value(depth + 1));
        } while (takes(','));
        expect('}');
        return value;
    }

    Json list(int depth) {
        Json value = Json::list();
        expect('[');
        if (takes(']')) return value;
        do value.add(this->value(depth + 1));
        while (takes(','));
        expect(']');
        return value;
    }

    Json bare() {
        const std::size_t from = at_;
        while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) || std::strchr("+-.", text_[at_])))
            ++at_;
        const std::string word = text_.substr(from, at_ - from);
        if (word == "null") return {};
        if (word == "true" || word == "false") return Json(word == "true");
        const bool isNumber = !word.empty() && word.find_first_not_of("+-.0123456789eE") == std::string::npos;
        if (!isNumber) fail();
        Json value(Json::Kind::number);
        value.text_ = word;
        return value;
    }

    std::string string() {
        std::string out;
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == '"') return ++at_, out;
            if (text_[at_] == '\\') {
                escape(out);
            } else {
                out += text_[at_];
            }
        }
        fail();
    }

    void escape(std::string& out) {
        static constexpr char kNames[] = "\"\\/bfnrt", kValues[] = "\"\\/\b\f\n\r\t";
        if (++at_ >= text_.size()) fail();
        if (const char* name = std::strchr(kNames, text_[at_]); name != nullptr && *name != '\0') {
            out += kValues[name - kNames];
        } else if (text_[at_] == 'u') {
            std::uint32_t code = hex();
            if (code >= 0xd800 && code < 0xdc00 && text_.compare(at_ + 1, 2, "\\u") == 0) {
                at_ += 2;
                code = 0x10000 + ((code - 0xd800) << 10) + (hex() - 0xdc00);
            }
            addUtf8(out, code);
        } else {
            fail();
        }
    }

    std::uint32_t hex() {
        if (at_ + 4 >= text_.size()) fail();
        char* end = nullptr;
        const std::string digits = text_.substr(at_ + 1, 4);
        const auto code = static_cast<std::uint32_t>(std::strtoul(digits.c_str(), &end, 16));
        if (*end != '\0') fail();
        at_ += 4;
        return code;
    }

    const std::string& text_;
    std::size_t at_ = 0;
};

Json Json::parse(const std::string& text) { return JsonReader(text).whole(); }

Json::Json(double value) : kind_(Kind::number) {
    std::ostringstream out;
    out.imbue(std::locale::classic());  // a host may have set one with a comma
    out.precision(9);
    out << (std::isfinite(value) ? value : 0.0);
    text_ = out.str();
}

const std::string& Json::text() const noexcept {
    static const std::string kNone;
    return kind_ == Kind::text || kind_ == Kind::number ? text_ : kNone;
}

std::int64_t Json::integer() const noexcept { return std::strtoll(text_.c_str(), nullptr, 10); }

double Json::real() const noexcept {
    std::istringstream in(text_);
    in.imbue(std::locale::classic());
    double value = 0.0;
    in >> value;
    return value;
}

const Json& Json::operator[](const std::string& key) const noexcept {
    static const Json kNone;
    for (std::size_t index = 0; index < keys_.size(); ++index)
        if (keys_[index] == key) return items_[index];
    return kNone;
}

Json& Json::set(const std::string& key, Json value) {
    keys_.push_back(key);
    items_.push_back(std::move(value));
    return *this;
}

Json& Json::add(Json value) {
    items_.push_back(std::move(value));
    return *this;
}

std::string Json::dump() const {
    if (kind_ == Kind::null) return "null";
    if (kind_ == Kind::text) return quoted(text_);
    if (kind_ != Kind::list && kind_ != Kind::object) return text_;
    std::string out(1, kind_ == Kind::list ? '[' : '{');
    for (std::size_t index = 0; index < items_.size(); ++index) {
        if (index > 0) out += ", ";
        if (kind_ == Kind::object) out += quoted(keys_[index]) + ": ";
        out += items_[index].dump();
    }
    return out + (kind_ == Kind::list ? ']' : '}');
}

}  // namespace stylus
