#include "watch.hpp"

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <cstdio>
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <set>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void __libc_free(void*);
}

namespace {

thread_local bool isAudio = false;
std::atomic<long> count{0};
const char* seen[16] = {};
std::atomic<int> seenCount{0};

void note(const char* name) {
    if (!isAudio) return;
    ++count;
    const int place = seenCount.fetch_add(1);
    if (place < 16) seen[place] = name;
}

/// libc's own function behind ours.
template <typename Function>
Function behind(const char* name) {
    const bool was = isAudio;
    isAudio = false;  // dlsym may lock
    auto function = reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
    isAudio = was;
    return function;
}

}  // namespace

namespace watch {

void begin() { isAudio = true; }
void end() { isAudio = false; }
long calls() { return count.load(); }

std::string names() {
    std::set<std::string> all;
    for (const char* name : seen)
        if (name != nullptr) all.insert(name);
    std::string text;
    for (const std::string& name : all) text += (text.empty() ? "" : ",") + name;
    return text.empty() ? "none" : text;
}

}  // namespace watch

#define FORWARD(type, name, parameters, arguments)                 \
    extern "C" type name parameters {                              \
        note(#name);                                               \
        static const auto real = behind<type(*) parameters>(#name); \
        return real arguments;                                     \
    }

extern "C" void* malloc(std::size_t size) { return note("malloc"), __libc_malloc(size); }
extern "C" void* calloc(std::size_t number, std::size_t size) { return note("calloc"), __libc_calloc(number, size); }
extern "C" void* realloc(void* old, std::size_t size) { return note("realloc"), __libc_realloc(old, size); }
extern "C" void free(void* old) {
    if (old != nullptr) note("free");
    __libc_free(old);
}

// pthread_mutex_trylock is allowed: it never waits, and DPF's CLAP and VST3 wrappers call it once per block.
FORWARD(int, pthread_mutex_lock, (pthread_mutex_t * mutex), (mutex))
FORWARD(int, pthread_rwlock_rdlock, (pthread_rwlock_t * lock), (lock))
FORWARD(int, pthread_rwlock_wrlock, (pthread_rwlock_t * lock), (lock))
FORWARD(int, pthread_cond_wait, (pthread_cond_t * condition, pthread_mutex_t* mutex), (condition, mutex))
FORWARD(int, pthread_cond_signal, (pthread_cond_t * condition), (condition))
FORWARD(int, pthread_cond_broadcast, (pthread_cond_t * condition), (condition))
FORWARD(ssize_t, read, (int handle, void* bytes, std::size_t size), (handle, bytes, size))
FORWARD(ssize_t, write, (int handle, const void* bytes, std::size_t size), (handle, bytes, size))
FORWARD(std::size_t, fread, (void* bytes, std::size_t size, std::size_t number, FILE* file), (bytes, size, number, file))
FORWARD(std::size_t, fwrite, (const void* bytes, std::size_t size, std::size_t number, FILE* file), (bytes, size, number, file))
FORWARD(FILE*, fopen, (const char* path, const char* mode), (path, mode))
FORWARD(ssize_t, send, (int handle, const void* bytes, std::size_t size, int flags), (handle, bytes, size, flags))
FORWARD(ssize_t, recv, (int handle, void* bytes, std::size_t size, int flags), (handle, bytes, size, flags))
FORWARD(int, poll, (pollfd * handles, nfds_t number, int wait), (handles, number, wait))
FORWARD(int, nanosleep, (const timespec* wanted, timespec* left), (wanted, left))
FORWARD(int, usleep, (useconds_t wanted), (wanted))
