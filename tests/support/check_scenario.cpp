// Loads scenario files and says `good` or `bad` for each: the loader's
// verdict for tests/scenario/schema_test.py. Commands are allowed, which a schema cannot know.
#include <fmt/format.h>

#include "base/errors.hpp"
#include "scenario/loader.hpp"

namespace {

bool is_good(const char* path) {
  try {
    static_cast<void>(driftbus::load_scenario({.path = path, .allow_commands = true}));
    return true;
  } catch (const driftbus::InputError&) {
    return false;
  }
}

}  // namespace

int main(int count, char** arguments) {
  for (int i = 1; i < count; ++i) {
    fmt::print("{} {}\n", is_good(arguments[i]) ? "good" : "bad", arguments[i]);
  }
  return 0;
}
