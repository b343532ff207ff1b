#include "check.hpp"

int main(int count, char** arguments) { return check::runAll(count > 1 ? arguments[1] : ""); }
