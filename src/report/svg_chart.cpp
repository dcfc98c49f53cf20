#include "report/svg_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

namespace driftbus {
namespace {

constexpr double kWidth = 760;
constexpr double kHeight = 300;
constexpr double kLeft = 64;
constexpr double kRight = 16;
constexpr double kTop = 56;
constexpr double kBottom = 44;
constexpr double kPlotWidth = kWidth - kLeft - kRight;
constexpr double kPlotHeight = kHeight - kTop - kBottom;

struct Pen {
  std::string_view colour;
  std::string_view dashes;
};
constexpr std::array<Pen, 7> kPens = {{{"#0072B2", "none"},
                                       {"#D55E00", "7 3"},
                                       {"#009E73", "2 2"},
                                       {"#CC79A7", "9 3 2 3"},
                                       {"#E69F00", "none"},
                                       {"#56B4E9", "7 3"},
                                       {"#000000", "2 2"}}};

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char letter : text) {
    switch (letter) {
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '&':
        safe += "&amp;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += letter;
    }
  }
  return safe;
}

/// A range of values, and where it lies on the paper.
struct Scale {
  double from = 0;
  double to = 1;
  double at_from = 0;
  double at_to = 1;

  [[nodiscard]] double place(double value) const {
    return at_from + (value - from) / (to - from) * (at_to - at_from);
  }
};

/// 1, 2 or 5 times a power of ten, so that about `count` steps fill the range.
double nice_step(double range, double count) {
  const double rough = range / count;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough) {
      return factor * power;
    }
  }
  return 10 * power;
}

/// Of what is counted in whole numbers, so that a step is one of them too.
double whole_step(double range) { return std::max(1.0, nice_step(range, 5)); }

/// Made wider to whole steps; a range of nothing becomes one of 1.
Scale value_scale(double least, double most) {
  most = most > least ? most : least + 1;
  const double step = whole_step(most - least);
  return {.from = std::floor(least / step) * step,
          .to = std::ceil(most / step) * step,
          .at_from = kTop + kPlotHeight,
          .at_to = kTop};
}

std::string text_at(double x, double y, std::string_view anchor, const std::string& text) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor,
                     escaped(text));
}

std::string frame(const ChartTitles& titles) {
  return fmt::format(
             "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
             "height=\"{1}\" role=\"img\" font-family=\"sans-serif\" font-size=\"12\" "
             "fill=\"#333\">\n<title>{2}</title>\n<rect width=\"{0}\" height=\"{1}\" "
             "fill=\"#fff\"/>\n",
             kWidth, kHeight, escaped(titles.title)) +
         fmt::format("<text x=\"{}\" y=\"18\" font-size=\"14\" font-weight=\"bold\">{}</text>\n",
                     kLeft, escaped(titles.title)) +
         text_at(kLeft + kPlotWidth / 2, kHeight - 8, "middle", titles.x) +
         fmt::format(
             "<text x=\"14\" y=\"{0}\" text-anchor=\"middle\" transform=\"rotate(-90 14 {0})\">{1}"
             "</text>\n",
             kTop + kPlotHeight / 2, escaped(titles.y));
}

std::string value_axis(const Scale& scale) {
  const double step = whole_step(scale.to - scale.from);
  std::string text;
  for (double value = scale.from; value < scale.to + step / 2; value += step) {
    const double y = scale.place(value);
    text += fmt::format("<line x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#ddd\"/>\n",
                        kLeft, kLeft + kPlotWidth, y, y);
    text += text_at(kLeft - 6, y + 4, "end", fmt::format("{:g}", value));
  }
  return text;
}

std::string time_axis(const Scale& scale) {
  const double step = nice_step(scale.to - scale.from, 8);
  std::string text;
  for (double value = std::ceil(scale.from / step) * step; value <= scale.to; value += step) {
    text +=
        text_at(scale.place(value), kTop + kPlotHeight + 18, "middle", fmt::format("{:g}", value));
  }
  return text;
}

const Pen& pen(std::size_t index) { return kPens[index % kPens.size()]; }

/// Names with a piece of their line, side by side under the title.
template <typename Named>
std::string legend(const std::vector<Named>& all, bool with_dashes) {
  std::string text;
  double x = kLeft;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string shown = x < kWidth - 120 ? all[i].name : "...";
    text += fmt::format(
        "<line x1=\"{0:.1f}\" x2=\"{1:.1f}\" y1=\"36\" y2=\"36\" stroke=\"{2}\" "
        "stroke-width=\"{3}\" stroke-dasharray=\"{4}\"/>\n",
        x, x + 24, pen(all[i].pen).colour, with_dashes ? 2 : 10,
        with_dashes ? pen(all[i].pen).dashes : "none");
    text += text_at(x + 30, 40, "start", shown);
    if (shown == "...") {
      break;
    }
    x += 48 + 7.5 * static_cast<double>(all[i].name.size());
  }
  return text;
}

/// A line in as many pieces as there are pixels, at most: a pixel with many steps is filled from
/// the least of them to the largest.
std::string path_of(const StepLine& line, const Scale& time, const Scale& value) {
  std::string path;
  double last = 0;  // What holds before the next step.
  std::size_t next = 0;
  while (next < line.steps.size() && line.steps[next].time <= time.from) {
    last = line.steps[next++].value;
  }
  path = fmt::format("M{:.1f} {:.1f}", time.place(time.from), value.place(last));
  while (next < line.steps.size() && line.steps[next].time <= time.to) {
    const double pixel = std::floor(time.place(line.steps[next].time));
    const double x = time.place(line.steps[next].time);
    const double before = last;
    double least = last;
    double most = last;
    while (next < line.steps.size() && line.steps[next].time <= time.to &&
           std::floor(time.place(line.steps[next].time)) == pixel) {
      last = line.steps[next++].value;
      least = std::min(least, last);
      most = std::max(most, last);
    }
    path += fmt::format("H{:.1f}", x);
    if (least < std::min(before, last)) {
      path += fmt::format("V{:.1f}", value.place(least));
    }
    if (most > std::max(before, last)) {
      path += fmt::format("V{:.1f}", value.place(most));
    }
    path += fmt::format("V{:.1f}", value.place(last));
  }
  return path + fmt::format("H{:.1f}", time.place(time.to));
}

}  // namespace

std::string line_chart(const ChartTitles& titles, const std::vector<StepLine>& lines, double from,
                       double to) {
  double least = 0;
  double most = 0;
  for (const StepLine& line : lines) {
    for (const StepLine::Step& step : line.steps) {
      least = std::min(least, step.value);
      most = std::max(most, step.value);
    }
  }
  const Scale time{
      .from = from, .to = to > from ? to : from + 1, .at_from = kLeft, .at_to = kLeft + kPlotWidth};
  const Scale value = value_scale(least, most);
  std::string svg = frame(titles) + value_axis(value) + time_axis(time) + legend(lines, true);
  for (const StepLine& line : lines) {
    svg += fmt::format(
        "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.6\" "
        "stroke-dasharray=\"{}\"/>\n",
        path_of(line, time, value), pen(line.pen).colour, pen(line.pen).dashes);
  }
  return svg + "</svg>\n";
}

std::string bar_chart(const ChartTitles& titles, const std::vector<std::string>& categories,
                      const std::vector<Bars>& bars) {
  std::uint64_t most = 0;
  for (const Bars& each : bars) {
    for (const std::uint64_t count : each.counts) {
      most = std::max(most, count);
    }
  }
  const Scale value = value_scale(0, static_cast<double>(most));
  std::string svg = frame(titles) + value_axis(value) + legend(bars, false);
  const double slot = kPlotWidth / static_cast<double>(std::max<std::size_t>(1, categories.size()));
  const double width = 0.8 * slot / static_cast<double>(std::max<std::size_t>(1, bars.size()));
  for (std::size_t category = 0; category < categories.size(); ++category) {
    const double left = kLeft + slot * static_cast<double>(category);
    svg += text_at(left + slot / 2, kTop + kPlotHeight + 18, "middle", categories[category]);
    for (std::size_t i = 0; i < bars.size(); ++i) {
      const double top = value.place(static_cast<double>(bars[i].counts[category]));
      svg += fmt::format(
          "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>\n",
          left + 0.1 * slot + width * static_cast<double>(i), top, width * 0.95,
          kTop + kPlotHeight - top, pen(bars[i].pen).colour);
    }
  }
  return svg + "</svg>\n";
}

}  // namespace driftbus
