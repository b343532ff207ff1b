// A CLAP host in a page, for tests: it plays what the lines on stdin say and answers each with one line.
//
//   load PATH RATE            the plugin, activated
//   audio PATH START          float32 stereo samples, interleaved, that stand at frame START of the session
//   set ID VALUE | get ID     a parameter
//   play FROM TO SIZE...      the transport rolls; blocks of these sizes in turn
//   stop BLOCKS SIZE          it stands still at 0
//   take PATH                 writes what came out since the last `take`, float32 interleaved
//   save PATH | restore PATH  the plugin's state
//   rate RATE                 deactivates, and activates at another sample rate
//   wait MILLISECONDS
//   sin                       does what is forbidden, as if it were the plugin: the watch must see it
//   worst                     the longest block in microseconds, blocks, forbidden calls and their names
//
// Blocks are watched: see watch.hpp.

#include "watch.hpp"

#include "clap/entry.h"
#include "clap/events.h"
#include "clap/ext/params.h"
#include "clap/ext/state.h"
#include "clap/fixedpoint.h"
#include "clap/host.h"
#include "clap/plugin-factory.h"
#include "clap/plugin.h"
#include "clap/process.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace {

const clap_host_t kHost = {CLAP_VERSION, nullptr, "stylus tests", "", "", "1",
                           [](const clap_host_t*, const char*) -> const void* { return nullptr; },
                           [](const clap_host_t*) {}, [](const clap_host_t*) {}, [](const clap_host_t*) {}};

std::vector<clap_event_param_value_t> changes;

const clap_input_events_t kInput = {
    nullptr, [](const clap_input_events*) { return static_cast<uint32_t>(changes.size()); },
    [](const clap_input_events*, uint32_t index) { return static_cast<const clap_event_header_t*>(&changes[index].header); }};
const clap_output_events_t kOutput = {nullptr, [](const clap_output_events*, const clap_event_header_t*) { return true; }};

class Host {
public:
    void load(const std::string& path, double rate) {
        void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr) throw std::runtime_error(dlerror());
        const auto* entry = static_cast<const clap_plugin_entry_t*>(dlsym(library, "clap_entry"));
        if (!entry->init(path.c_str())) throw std::runtime_error("init");
        const auto* factory = static_cast<const clap_plugin_factory_t*>(entry->get_factory(CLAP_PLUGIN_FACTORY_ID));
        plugin_ = factory->create_plugin(factory, &kHost, factory->get_plugin_descriptor(factory, 0)->id);
        if (plugin_ == nullptr || !plugin_->init(plugin_)) throw std::runtime_error("no plugin");
        activate(rate);
    }

    void activate(double rate) {
        if (rate_ > 0) plugin_->stop_processing(plugin_), plugin_->deactivate(plugin_);
        rate_ = rate;
        plugin_->activate(plugin_, rate, 1, 8192);
        plugin_->start_processing(plugin_);
    }

    void close() {
        plugin_->stop_processing(plugin_);
        plugin_->deactivate(plugin_);
        plugin_->destroy(plugin_);
    }

    void audio(const std::string& path, long long start) {
        std::ifstream file(path, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        audio_.resize(bytes.size() / sizeof(float));
        std::memcpy(audio_.data(), bytes.data(), bytes.size());
        start_ = start;
    }

    void set(uint32_t id, double value) {
        clap_event_param_value_t change{};
        change.header = {sizeof change, 0, CLAP_CORE_EVENT_SPACE_ID, CLAP_EVENT_PARAM_VALUE, 0};
        change.param_id = id;
        change.note_id = change.port_index = change.channel = change.key = -1;
        change.value = value;
        changes.push_back(change);
    }

    double get(uint32_t id) const {
        double value = 0;
        static_cast<const clap_plugin_params_t*>(plugin_->get_extension(plugin_, CLAP_EXT_PARAMS))->get_value(plugin_, id, &value);
        return value;
    }

    void play(long long from, long long to, const std::vector<uint32_t>& sizes) {
        for (std::size_t turn = 0; from < to; ++turn) {
            const auto frames = static_cast<uint32_t>(std::min<long long>(sizes[turn % sizes.size()], to - from));
            block(true, from, frames);
            from += frames;
        }
    }

    void block(bool isRolling, long long frame, uint32_t frames) {
        float in[2][8192], out[2][8192];
        for (uint32_t index = 0; index < frames; ++index)
            for (int channel = 0; channel < 2; ++channel) in[channel][index] = sample(frame + index, channel);
        float *inputs[2] = {in[0], in[1]}, *outputs[2] = {out[0], out[1]};
        clap_audio_buffer_t source{inputs, nullptr, 2, 0, 0}, sink{outputs, nullptr, 2, 0, 0};
        const clap_event_transport_t transport = transportAt(isRolling, frame);
        const clap_process_t process{steady_, frames, &transport, &source, &sink, 1, 1, &kInput, &kOutput};
        const auto before = std::chrono::steady_clock::now();
        watch::begin();
        plugin_->process(plugin_, &process);
        watch::end();
        const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - before;
        worst_ = std::max(worst_, took.count());
        ++blocks_;
        steady_ += frames;
        changes.clear();
        for (uint32_t index = 0; index < frames; ++index)
            for (int channel = 0; channel < 2; ++channel) taken_.push_back(out[channel][index]);
    }

    void take(const std::string& path) {
        std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(taken_.data()),
                                                    static_cast<std::streamsize>(taken_.size() * sizeof(float)));
        taken_.clear();
    }

    void save(const std::string& path) {
        std::string bytes;
        const clap_ostream_t stream{&bytes, [](const clap_ostream* self, const void* from, uint64_t size) {
                                        static_cast<std::string*>(self->ctx)->append(static_cast<const char*>(from), size);
                                        return static_cast<int64_t>(size);
                                    }};
        if (!state()->save(plugin_, &stream)) throw std::runtime_error("save");
        std::ofstream(path, std::ios::binary) << bytes;
    }

    void restore(const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        const clap_istream_t stream{&file, [](const clap_istream* self, void* into, uint64_t size) {
                                        auto* from = static_cast<std::ifstream*>(self->ctx);
                                        from->read(static_cast<char*>(into), static_cast<std::streamsize>(size));
                                        return static_cast<int64_t>(from->gcount());
                                    }};
        if (!state()->load(plugin_, &stream)) throw std::runtime_error("restore");
    }

    std::string worst() const {
        std::ostringstream out;
        out << worst_ << " " << blocks_ << " " << watch::calls() << " " << watch::names();
        return out.str();
    }

private:
    float sample(long long frame, int channel) const {
        const long long place = (frame - start_) * 2 + channel;
        return place < 0 || place >= static_cast<long long>(audio_.size()) ? 0.0f : audio_[static_cast<std::size_t>(place)];
    }

    clap_event_transport_t transportAt(bool isRolling, long long frame) const {
        clap_event_transport_t transport{};
        transport.header = {sizeof transport, 0, CLAP_CORE_EVENT_SPACE_ID, CLAP_EVENT_TRANSPORT, 0};
        transport.flags = CLAP_TRANSPORT_HAS_SECONDS_TIMELINE | CLAP_TRANSPORT_HAS_TEMPO | CLAP_TRANSPORT_HAS_BEATS_TIMELINE |
                          CLAP_TRANSPORT_HAS_TIME_SIGNATURE | (isRolling ? CLAP_TRANSPORT_IS_PLAYING : 0);
        transport.song_pos_seconds = std::llround(static_cast<double>(frame) / rate_ * CLAP_SECTIME_FACTOR);
        transport.song_pos_beats = std::llround(static_cast<double>(frame) / rate_ * 2.0 * CLAP_BEATTIME_FACTOR);
        transport.tempo = 120.0;
        transport.tsig_num = transport.tsig_denom = 4;
        return transport;
    }

    const clap_plugin_state_t* state() const {
        return static_cast<const clap_plugin_state_t*>(plugin_->get_extension(plugin_, CLAP_EXT_STATE));
    }

    const clap_plugin_t* plugin_ = nullptr;
    double rate_ = 0, worst_ = 0;
    long long start_ = 0, steady_ = 0, blocks_ = 0;
    std::vector<float> audio_, taken_;
};

void sin() {
    std::mutex mutex;
    watch::begin();
    mutex.lock();
    std::unique_ptr<volatile char[]> memory(new volatile char[1000]);
    memory[0] = 1;
    std::FILE* file = std::fopen("/dev/null", "r");
    memory.reset();
    mutex.unlock();
    watch::end();
    std::fclose(file);
}

std::string obey(Host& host, const std::string& line) {
    std::istringstream words(line);
    std::string verb, path;
    double value = 0;
    long long from = 0, to = 0;
    words >> verb;
    if (verb == "load" && words >> path >> value) return host.load(path, value), "ok";
    if (verb == "rate" && words >> value) return host.activate(value), "ok";
    if (verb == "audio" && words >> path >> from) return host.audio(path, from), "ok";
    if (verb == "set" && words >> from >> value) return host.set(static_cast<uint32_t>(from), value), "ok";
    if (verb == "get" && words >> from) return std::to_string(host.get(static_cast<uint32_t>(from)));
    if (verb == "take" && words >> path) return host.take(path), "ok";
    if (verb == "save" && words >> path) return host.save(path), "ok";
    if (verb == "restore" && words >> path) return host.restore(path), "ok";
    if (verb == "sin") return sin(), "ok";
    if (verb == "worst") return host.worst();
    if (verb == "wait" && words >> from) return std::this_thread::sleep_for(std::chrono::milliseconds(from)), "ok";
    if (verb == "stop" && words >> from >> to) {
        for (; from > 0; --from) host.block(false, 0, static_cast<uint32_t>(to));
        return "ok";
    }
    if (verb == "play" && words >> from >> to) {
        const std::vector<uint32_t> sizes{std::istream_iterator<uint32_t>(words), {}};
        return host.play(from, to, sizes), "ok";
    }
    return "unknown: " + line;
}

}  // namespace

int main() {
    Host host;
    for (std::string line; std::getline(std::cin, line);) {
        std::string answer;
        try {
            answer = obey(host, line);
        } catch (const std::exception& error) {
            answer = std::string("error: ") + error.what();
        }
        std::cout << answer << std::endl;
    }
    host.close();
}
