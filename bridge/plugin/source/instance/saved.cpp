#include "saved.hpp"

#include "../files/failure.hpp"
#include "../files/json.hpp"

#include <algorithm>

namespace stylus {

namespace {

constexpr std::int64_t kFarthest = std::int64_t{1} << 52;  // frames; sums of two of these are safe

/// As docs/osc.md has it: a session is a file of anybody's, and the id becomes a folder's name.
bool isJobId(const std::string& id) {
    const char* allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return id.size() <= 64 && id.find_first_not_of(allowed) == std::string::npos;
}

bool isPlace(std::int64_t start, std::int64_t length) {
    return start > -kFarthest && start < kFarthest && length > 0 && length < kFarthest;
}

Json describe(const Capture& capture) {
    Json json = Json::object();
    if (!capture.exists()) return json;
    json.set("file", utf8(capture.file)).set("start", capture.start).set("length", capture.length);
    json.set("before", capture.before).set("after", capture.after).set("rate", capture.rate);
    json.set("channels", capture.channels).set("tempo", capture.tempo);
    return json.set("beats", capture.beats).set("beat_unit", capture.beatUnit);
}

Capture captureFrom(const Json& json) {
    Capture capture;
    capture.file = pathOf(json["file"].text());
    capture.start = json["start"].integer();
    capture.length = json["length"].integer();
    capture.before = json["before"].integer();
    capture.after = json["after"].integer();
    capture.rate = static_cast<std::uint32_t>(json["rate"].integer());
    capture.channels = static_cast<std::uint32_t>(json["channels"].integer());
    capture.tempo = json["tempo"].real();
    capture.beats = static_cast<std::int32_t>(json["beats"].integer());
    capture.beatUnit = static_cast<std::int32_t>(json["beat_unit"].integer());
    return isPlace(capture.start, capture.length) ? capture : Capture{};
}

Json describe(const Take& take) {
    Json json = Json::object();
    json.set("job", take.job).set("preset", take.preset).set("stem", utf8(take.stem)).set("sha256", take.sha256);
    json.set("start", take.start).set("length", take.length).set("rate", take.rate).set("channels", take.channels);
    return json.set("equal_gain_db", take.equalGainDb);
}

Take takeFrom(const Json& json) {
    Take take;
    take.job = json["job"].text();
    take.preset = json["preset"].text();
    take.stem = pathOf(json["stem"].text());
    take.sha256 = json["sha256"].text();
    take.start = json["start"].integer();
    take.length = json["length"].integer();
    take.rate = static_cast<std::uint32_t>(json["rate"].integer());
    take.channels = static_cast<std::uint32_t>(json["channels"].integer());
    take.equalGainDb = std::clamp(json["equal_gain_db"].real(), -Take::kMostGainDb, Take::kMostGainDb);
    return take;
}

}  // namespace

void Saved::add(Take take) {
    takes.push_back(std::move(take));
    if (takes.size() > kMostTakes) takes.erase(takes.begin());
    chosen = takes.size() - 1;
}

std::string writePart(const Saved& saved, const std::string& key) {
    if (key == "instance") return saved.id;
    if (key == "label") return saved.label;
    if (key == "job") return saved.openJob;
    if (key == "capture") return describe(saved.capture).dump();
    if (key == "preset") {
        Json json = Json::object();
        return json.set("id", saved.preset.id).set("name", saved.preset.name).set("number", saved.presetNumber).dump();
    }
    Json takes = Json::list();
    for (const Take& take : saved.takes) takes.add(describe(take));
    return Json::object().set("chosen", static_cast<std::int64_t>(saved.chosen)).set("takes", takes).dump();
}

void readPart(Saved& saved, const std::string& key, const std::string& value) {
    if (key == "instance") saved.id = value;
    if (key == "label") saved.label = beginning(value, Saved::kLabelBytes);
    if (key == "job" && isJobId(value)) saved.openJob = value;
    if (value.empty() || (key != "capture" && key != "preset" && key != "takes")) return;
    try {
        const Json json = Json::parse(value);
        if (key == "capture") saved.capture = captureFrom(json);
        if (key == "preset") {
            saved.preset = {json["id"].text(), json["name"].text()};
            saved.presetNumber = static_cast<std::int32_t>(json["number"].integer());
        }
        if (key == "takes") {
            saved.takes.clear();
            for (const Json& take : json["takes"].items()) {
                saved.takes.push_back(takeFrom(take));
                if (!isPlace(saved.takes.back().start, saved.takes.back().length)) saved.takes.pop_back();
            }
            saved.chosen = static_cast<std::size_t>(std::max<std::int64_t>(json["chosen"].integer(), 0));
        }
    } catch (const Failure&) {  // the part keeps its default
    }
}

}  // namespace stylus
