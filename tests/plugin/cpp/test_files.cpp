// Files, texts and packets.
#include "check.hpp"
#include "rig.hpp"

#include "../../../bridge/plugin/source/files/failure.hpp"
#include "../../../bridge/plugin/source/files/folders.hpp"
#include "../../../bridge/plugin/source/files/json.hpp"
#include "../../../bridge/plugin/source/files/loudness.hpp"
#include "../../../bridge/plugin/source/files/sha256.hpp"
#include "../../../bridge/plugin/source/files/wav.hpp"
#include "../../../bridge/plugin/source/instance/saved.hpp"
#include "../../../bridge/plugin/source/link/job.hpp"
#include "../../../bridge/plugin/source/link/osc.hpp"

#include <cmath>
#include <cstdlib>

using namespace stylus;

TEST("SHA-256 gives the values of FIPS 180-4") {
    CHECK_EQUAL(Sha256().digest(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK_EQUAL(Sha256().update("abc", 3).digest(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    Sha256 million;
    const std::string part(1'000, 'a');
    for (int turn = 0; turn < 1'000; ++turn) million.update(part.data(), part.size());
    CHECK_EQUAL(million.digest(), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST("a WAV file is read as it was written, and is not there before it is finished") {
    TemporaryFolder folder;
    const fs::path path = folder.path / pathOf("täke.wav");
    std::vector<float> samples(300);
    for (std::size_t index = 0; index < samples.size(); ++index) samples[index] = 0.001f * static_cast<float>(index);
    {
        WavWriter writer(path, 3, 96'000);
        writer.append(samples.data(), 40);
        writer.append(samples.data() + 120, 60);
        CHECK(!fs::exists(path));
        writer.finish();
    }
    WavReader reader(path);
    CHECK_EQUAL(reader.channels(), 3u);
    CHECK_EQUAL(reader.rate(), 96'000u);
    CHECK_EQUAL(reader.frames(), 100u);
    std::vector<float> back(150);
    reader.seek(50);
    CHECK_EQUAL(reader.read(back.data(), 100), 50u);
    CHECK_EQUAL(back[0], samples[150]);
    { WavWriter given_up(folder.path / "no.wav", 2, 48'000); }
    CHECK_EQUAL(std::distance(fs::directory_iterator(folder.path), fs::directory_iterator()), 1);
}

TEST("what is not a WAV file of floats is refused by name") {
    TemporaryFolder folder;
    for (const std::string& text : {std::string("RIFF"), std::string("no sound at all"), std::string()}) {
        writeWhole(folder.path / "x.wav", text);
        bool isRefused = false;
        try {
            WavReader reader(folder.path / "x.wav");
        } catch (const Failure& failure) {
            isRefused = std::string(failure.what()).find("x.wav") != std::string::npos;
        }
        CHECK(isRefused);
    }
}

TEST("JSON is read and written, whatever is in it") {
    const Json json = Json::parse(R"( {"a": "x\"\\\u00e4\ud83d\ude00\n", "b": [1, -2.5e1, true, null], "c": {"d": "7"}} )");
    CHECK_EQUAL(json["a"].text(), "x\"\\ä😀\n");
    CHECK_EQUAL(json["b"].items()[1].real(), -25.0);
    CHECK_EQUAL(json["c"]["d"].integer(), 7);
    CHECK_EQUAL(Json::parse(json.dump()).dump(), json.dump());
    for (const char* broken : {"", "{", "[1,]", "{\"a\" 1}", "\"\\u12", "nul", "{} {}", "[1 2]", "\"\\"}) {
        bool isRefused = false;
        try {
            Json::parse(broken);
        } catch (const Failure&) {
            isRefused = true;
        }
        CHECK(isRefused);
    }
    std::string deep(100'000, '[');
    bool isRefused = false;
    try {
        Json::parse(deep);
    } catch (const Failure&) {
        isRefused = true;
    }
    CHECK(isRefused);
}

TEST("OSC packets are those of the standard, and broken ones are refused") {
    const OscMessage message{"/stylus/hello", {std::string("tok"), std::int32_t{1}, 0.5f, std::string("four")}};
    const std::string packet = encodeOsc(message);
    CHECK_EQUAL(packet.size() % 4, 0u);
    CHECK_EQUAL(packet.substr(16, 8), std::string(",sifs\0\0\0", 8));
    OscMessage back;
    CHECK(decodeOsc(packet, back));
    CHECK(back.address == message.address && back.arguments == message.arguments && back.has("sifs"));
    for (std::size_t size = 0; size < packet.size(); ++size) CHECK(!decodeOsc(packet.substr(0, size), back));
    CHECK(!decodeOsc(std::string(64, 'x'), back));
}

TEST("loudness: a 997 Hz sine at -20 dBFS in both channels has -20 LUFS, at every rate") {
    for (const std::uint32_t rate : {44'100u, 48'000u, 96'000u}) {
        Loudness loudness(rate, 2);
        for (std::uint32_t frame = 0; frame < 3 * rate; ++frame) {
            const auto sample = static_cast<float>(0.1 * std::sin(2.0 * 3.14159265358979 * 997.0 * frame / rate));
            const float both[2] = {sample, sample};
            loudness.add(both, 1);
        }
        CHECK(std::fabs(loudness.integrated() + 20.0) < 0.1);
    }
    CHECK(std::isinf(Loudness(48'000, 2).integrated()));
}

TEST("a job's file says where the region lies in its source, with handles of at most half a second") {
    Order order;
    order.capture = {"x.wav", 1'000'000, 96'000, 60'000, 100, 48'000, 2, 120.0, 6, 8};
    order.preset = {"warm-strings", "Warm Strings"};
    order.strength = 0.8;
    order.track = "Gtr \"L\"";
    const Json job = Json::parse(describeJob("j1", order));
    CHECK_EQUAL(job["source_offset"].integer(), 36'000);
    CHECK_EQUAL(job["handles"]["before"].integer(), 24'000);
    CHECK_EQUAL(job["handles"]["after"].integer(), 100);
    CHECK_EQUAL(job["region"]["start"].integer(), 1'000'000);
    CHECK_EQUAL(job["time_signature"].text(), "6/8");
    CHECK_EQUAL(job["override"]["strength"].real(), 0.8);
    CHECK_EQUAL(job["track"].text(), order.track);
    order.strength = 0.0;
    CHECK(Json::parse(describeJob("j1", order))["override"].kind() == Json::Kind::null);
}

TEST("a session remembers everything, and opens whatever it holds") {
    Saved saved;
    saved.id = "one";
    saved.label = "Gtr";
    saved.preset = {"p", "P \"x\""};
    saved.presetNumber = 3;
    saved.capture = {"/a/b.wav", -5, 10, 1, 2, 44'100, 2, 99.5, 3, 4};
    for (int index = 0; index < 20; ++index) saved.add({"job" + std::to_string(index), "P", "/s.wav", "ab", -5, 10, 44'100, 2, -1.5});
    saved.chosen = 4;
    Saved back;
    for (const char* key : kStateKeys) readPart(back, key, writePart(saved, key));
    for (const char* key : kStateKeys) CHECK_EQUAL(writePart(back, key), writePart(saved, key));
    CHECK_EQUAL(back.take().job, "job8");
    CHECK_EQUAL(back.takes.size(), Saved::kMostTakes);
    for (const char* junk : {"{", "[]", "{\"takes\": 3}", "{\"chosen\": 99}"}) readPart(back, "takes", junk);
    CHECK(!back.take().exists() || back.takes.size() > 0);
    readPart(back, "job", "../../elsewhere");
    CHECK_EQUAL(back.openJob, "");
    readPart(back, "takes", R"({"takes": [{"stem": "/s.wav", "start": -9223372036854775807, "length": 9223372036854775807}]})");
    CHECK_EQUAL(back.takes.size(), 0u);
}

TEST("the state folder is found by environment, then by the installer's note") {
    TemporaryFolder folder;
    const char* before = std::getenv("STYLUS_HOME");
    const std::string kept = before != nullptr ? before : "";
    ::unsetenv("STYLUS_HOME");
    ::setenv("XDG_DATA_HOME", "/data", 1);
    writeWhole(folder.path / "StylusConnect.state-folder", "\"@STYLUS_STATE_FOLDER@\"\n");
    CHECK_EQUAL(utf8(stateFolder(folder.path / "StylusConnect.so")), "/data/stylus-daw");
    writeWhole(folder.path / "StylusConnect.state-folder", "\"/from/note\"\n");
    CHECK_EQUAL(utf8(stateFolder(folder.path / "StylusConnect.so")), "/from/note");
    ::setenv("STYLUS_HOME", "/from/environment", 1);
    CHECK_EQUAL(utf8(stateFolder(folder.path / "StylusConnect.so")), "/from/environment");
    if (before != nullptr) ::setenv("STYLUS_HOME", kept.c_str(), 1);
    else ::unsetenv("STYLUS_HOME");
}
