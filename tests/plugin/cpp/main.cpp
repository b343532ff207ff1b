#include "check.hpp"

int runLab();

/// `lab` drives an instance by hand; anything else picks tests by their names.
int main(int count, char** arguments) {
    const std::string wanted = count > 1 ? arguments[1] : "";
    return wanted == "lab" ? runLab() : check::runAll(wanted);
}
