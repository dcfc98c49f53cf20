// Charts as SVG pictures, for pages without a program in them. Colours that the colour-blind tell
// apart (Okabe and Ito 2008), and dashes besides.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace driftbus {

/// A step function: each value holds from its time on.
struct StepLine {
  struct Step {
    double time = 0;
    double value = 0;
  };

  std::string name;
  std::size_t pen = 0;      ///< Colour and dashes: the same in all charts of a machine.
  std::vector<Step> steps;  ///< In order of time.
};

struct ChartTitles {
  std::string title;
  std::string x;
  std::string y;
};

/// The lines from one time to another. More steps than pixels are drawn as the range that they
/// fill in each pixel.
[[nodiscard]] std::string line_chart(const ChartTitles& titles, const std::vector<StepLine>& lines,
                                     double from, double to);

/// Bars for each category, one of each name.
struct Bars {
  std::string name;
  std::size_t pen = 0;
  std::vector<std::uint64_t> counts;  ///< By category.
};

/// Precondition: as many counts in each as there are categories.
[[nodiscard]] std::string bar_chart(const ChartTitles& titles,
                                    const std::vector<std::string>& categories,
                                    const std::vector<Bars>& bars);

}  // namespace driftbus
