// An instance without a plugin format, driven by lines on stdin: what the window would say can be asked for.
//
//   rate RATE | play FROM TO | stop | capture | render | cancel | preset ID | wait MILLISECONDS
//   message          "STATUS!TEXT": `!` marks trouble
//   locate PATH | collect PATH | label TEXT | state KEY (`-`: empty) | restore KEY TEXT

#include "../../../bridge/plugin/source/files/folders.hpp"
#include "../../../bridge/plugin/source/instance/instance.hpp"
#include "rig.hpp"

#include <chrono>
#include <iostream>
#include <sstream>
#include <thread>

using namespace stylus;

namespace {

constexpr std::uint32_t kBlock = 480;

void play(Instance& instance, std::int64_t from, std::int64_t to) {
    for (; from < to; from += kBlock) {
        Block block(2, kBlock);
        for (std::uint32_t index = 0; index < kBlock; ++index)  // something to restyle: clicks over a low saw
            block.in[0][index] = block.in[1][index] = 0.2f * static_cast<float>((from + index) % 240) / 240.0f;
        Position position;
        position.rolling = true;
        position.frame = from;
        instance.process(position, block.inputs.data(), block.outputs.data(), kBlock);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

std::string obey(Instance& instance, const std::string& line) {
    std::istringstream words(line);
    std::string verb, key, rest;
    std::int64_t from = 0, to = 0;
    words >> verb;
    if (verb == "message") {
        const View view = instance.view();
        return std::to_string(static_cast<int>(view.status)) + (view.isTrouble ? "!" : " ") + view.message;
    }
    if (verb == "play" && words >> from >> to) return play(instance, from, to), "ok";
    if (verb == "rate" && words >> from) return instance.setRate(static_cast<double>(from)), instance.activate(), "ok";
    if (verb == "wait" && words >> from) return std::this_thread::sleep_for(std::chrono::milliseconds(from)), "ok";
    if (verb == "capture") return instance.toggleCapture(), "ok";
    if (verb == "render") return instance.render(), "ok";
    if (verb == "cancel") return instance.cancel(), "ok";
    if (verb == "state" && words >> key) return instance.state(key).empty() ? "-" : instance.state(key);
    if (verb == "preset" && words >> key) return instance.choosePreset({key, key}, 0), "ok";
    std::getline(words >> key, rest);
    if (verb == "locate") return instance.locate(pathOf(key)), "ok";
    if (verb == "collect") return instance.collect(pathOf(key)), "ok";
    if (verb == "label") return instance.setLabel(key), "ok";
    if (verb == "restore") return instance.setState(key, rest.empty() ? "" : rest.substr(1)), "ok";
    if (verb == "stop") {
        Block block(2, kBlock);
        return instance.process({}, block.inputs.data(), block.outputs.data(), kBlock), "ok";
    }
    return "unknown: " + line;
}

}  // namespace

int runLab() {
    Instance instance(2, stateFolder({}));
    instance.setRate(48'000);
    instance.activate();
    for (std::string line; std::getline(std::cin, line);) std::cout << obey(instance, line) << std::endl;
    instance.deactivate();
    return 0;
}
