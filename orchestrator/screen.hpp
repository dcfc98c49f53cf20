// Standard error as people see it: lines that stay, and below them a block that is drawn again and
// again in place (on a terminal only).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace driftbus {

enum class Colour { off, on };
enum class ColourWhen { automatic, always, never };

/// Whether to colour what goes to `file` (a descriptor): automatically on a terminal, unless the
/// environment has NO_COLOR (no-color.org).
[[nodiscard]] Colour colour_on(int file, ColourWhen when);

class Screen {
 public:
  /// `live`: stderr is a terminal on which a block may be redrawn.
  Screen(bool live, Colour colour) : live_(live), colour_(colour) {}
  ~Screen() { clear(); }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  /// Writes a line above the block.
  void print(std::string_view line);
  /// Replaces the block, cut to the terminal's size. Does nothing where the screen is not live.
  void draw(const std::vector<std::string>& lines);
  /// Takes the block away.
  void clear();

  [[nodiscard]] bool live() const { return live_; }
  [[nodiscard]] Colour colour() const { return colour_; }

 private:
  bool live_;
  Colour colour_;
  std::vector<std::string> block_;
};

/// `text` in bold, green, ...: an SGR code where colour is on.
[[nodiscard]] std::string painted(std::string_view text, std::string_view code, Colour colour);
inline constexpr std::string_view kRed = "31";
inline constexpr std::string_view kGreen = "32";
inline constexpr std::string_view kYellow = "33";
inline constexpr std::string_view kBold = "1";

}  // namespace driftbus
