#include "orchestrator/screen.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace driftbus {
namespace {

struct Size {
  std::size_t rows;
  std::size_t columns;
};

Size terminal_size() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_row == 0 || size.ws_col == 0) {
    return {24, 80};
  }
  return {size.ws_row, size.ws_col};
}

void write(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

}  // namespace

Colour colour_on(int file, ColourWhen when) {
  switch (when) {
    case ColourWhen::always:
      return Colour::on;
    case ColourWhen::never:
      return Colour::off;
    case ColourWhen::automatic:
      break;
  }
  const char* no_colour = std::getenv("NO_COLOR");
  const bool wanted = no_colour == nullptr || *no_colour == '\0';
  return wanted && isatty(file) == 1 ? Colour::on : Colour::off;
}

void Screen::print(std::string_view line) {
  const std::vector<std::string> block = block_;
  clear();
  write(fmt::format("{}\n", line));
  draw(block);
}

void Screen::draw(const std::vector<std::string>& lines) {
  if (!live_ || lines.empty()) {
    return;
  }
  clear();
  const Size size = terminal_size();
  std::string text;
  const std::size_t shown = std::min(lines.size(), size.rows - 1);
  for (std::size_t i = 0; i < shown; ++i) {
    text += fmt::format("{}\n", std::string_view(lines[i]).substr(0, size.columns - 1));
  }
  block_.assign(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(shown));
  write(text);
}

void Screen::clear() {
  if (!block_.empty()) {
    write(fmt::format("\x1b[{}A\x1b[J", block_.size()));
    block_.clear();
  }
}

std::string painted(std::string_view text, std::string_view code, Colour colour) {
  return colour == Colour::on ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

}  // namespace driftbus
