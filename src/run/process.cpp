#include "run/process.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <new>
#include <random>
#include <string_view>

#include "base/errors.hpp"

namespace driftbus {

std::vector<std::pair<std::string, std::string>> read_environment() {
  std::vector<std::pair<std::string, std::string>> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) {
      variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return variables;
}

std::uint64_t draw_seed() {
  std::random_device device;
  return ((static_cast<std::uint64_t>(device()) << 32) | device()) >> 1;
}

int run_program(const char* name, const std::function<int()>& body) {
  // Not by fmt::print: that throws when stderr is a file on a full disk.
  const auto tell = [](const std::string& text) { std::fputs(text.c_str(), stderr); };
  try {
    return body();
  } catch (const InputError& error) {
    tell(fmt::format("{}\n", error.what()));
    return static_cast<int>(ExitStatus::bad_input);
  } catch (const std::bad_alloc&) {
    tell(fmt::format("{}: error: out of memory\n", name));
  } catch (const std::exception& error) {
    tell(fmt::format("{}: error: {}\n", name, error.what()));
  }
  return static_cast<int>(ExitStatus::environment);
}

}  // namespace driftbus
