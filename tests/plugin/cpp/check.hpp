// A test framework in a page: named tests, checks that say what they saw.
#pragma once

#include <cstdio>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

namespace check {

struct Test {
    const char* name;
    std::function<void()> run;
};

inline std::vector<Test>& tests() {
    static std::vector<Test> all;
    return all;
}

inline int& failures() {
    static int count = 0;
    return count;
}

struct Registration {
    Registration(const char* name, std::function<void()> run) { tests().push_back({name, std::move(run)}); }
};

template <typename Left, typename Right>
void equal(const Left& left, const Right& right, const char* text, const char* file, int line) {
    if (left == right) return;
    std::ostringstream out;
    out << file << ":" << line << ": " << text << ": " << left << " != " << right;
    std::fprintf(stderr, "%s\n", out.str().c_str());
    ++failures();
}

inline int runAll(const std::string& wanted) {
    int failed = 0, count = 0;
    for (const Test& test : tests()) {
        if (std::string(test.name).find(wanted) == std::string::npos) continue;
        const int before = failures();
        test.run();
        ++count;
        if (failures() == before) continue;
        std::fprintf(stderr, "FAILED: %s\n", test.name);
        ++failed;
    }
    std::printf("%d tests, %d failed\n", count, failed);
    return failed == 0 && count > 0 ? 0 : 1;
}

}  // namespace check

#define CHECK_JOIN_(a, b) a##b
#define CHECK_JOIN(a, b) CHECK_JOIN_(a, b)
#define TEST(name) TEST_NAMED(name, CHECK_JOIN(test_, __LINE__))
#define TEST_NAMED(name, id)                                          \
    static void id();                                                 \
    static const check::Registration CHECK_JOIN(id, _is)(name, id);   \
    static void id()
#define CHECK(claim) check::equal(static_cast<bool>(claim), true, #claim, __FILE__, __LINE__)
#define CHECK_EQUAL(left, right) check::equal((left), (right), #left, __FILE__, __LINE__)
