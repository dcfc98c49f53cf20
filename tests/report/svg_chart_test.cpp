#include "report/svg_chart.hpp"

#include <doctest/doctest.h>

#include <string>

namespace driftbus {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

/// The `d` of the n-th path.
std::string path(const std::string& svg, std::size_t n = 0) {
  std::size_t at = svg.find("<path d=\"");
  for (; n > 0; --n) {
    at = svg.find("<path d=\"", at + 1);
  }
  const std::size_t from = at + 9;
  return svg.substr(from, svg.find('"', from) - from);
}

TEST_SUITE("svg chart") {
  TEST_CASE("svg chart: a line goes up where its value does, and holds it") {
    // 680 pixels for 10 seconds from 64 on; values 0 to 4 from 256 up to 56.
    const std::string svg = line_chart({}, {{.name = "a", .steps = {{5, 2}, {7.5, 4}}}}, 0, 10);
    CHECK(path(svg) == "M64.0 256.0H404.0V156.0H574.0V56.0H744.0");
  }

  TEST_CASE("svg chart: what was before the time shown counts, what is after it does not") {
    const std::string svg =
        line_chart({}, {{.name = "a", .steps = {{1, 1}, {2, 4}, {15, 2}, {30, 3}}}}, 10, 20);
    CHECK(path(svg) == "M64.0 56.0H404.0V156.0H744.0");
  }

  TEST_CASE("svg chart: many steps in a pixel show how far they reach") {
    StepLine line{.name = "a"};
    for (int step = 0; step < 100'000; ++step) {
      line.steps.push_back({step / 1e4, step % 2 == 0 ? 0.0 : 4.0});
    }
    const std::string svg = line_chart({}, {line}, 0, 10);
    CHECK(svg.size() < 40'000);
    // In each of 680 pixels from one value to the other, at least.
    CHECK(count(path(svg), "V56.0") + count(path(svg), "V256.0") >= 680);
  }

  TEST_CASE("svg chart: names are text, whatever is in them") {
    const std::string svg =
        line_chart({.title = "<script>\"&", .x = "<b>", .y = "<i>"}, {{.name = "<u>"}}, 0, 1);
    CHECK(svg.find("<title>&lt;script&gt;&quot;&amp;</title>") != std::string::npos);
    CHECK(svg.find("<script") == std::string::npos);
    CHECK(svg.find("<b>") == std::string::npos);
    CHECK(svg.find("<u>") == std::string::npos);
  }

  TEST_CASE("svg chart: a machine keeps its colour in charts without others") {
    const StepLine second{.name = "b", .pen = 1};
    const std::string alone = line_chart({}, {second}, 0, 1);
    CHECK(alone.find("#D55E00") != std::string::npos);
    CHECK(alone.find("#0072B2") == std::string::npos);
  }

  TEST_CASE("svg chart: a bar for each category and name, as high as it counts") {
    const std::string svg =
        bar_chart({.title = "t"}, {"1", "2"},
                  {{.name = "a", .counts = {4, 1}}, {.name = "b", .pen = 1, .counts = {0, 2}}});
    CHECK(count(svg, "fill=\"#0072B2\"") == 2);
    CHECK(count(svg, "fill=\"#D55E00\"") == 2);
    CHECK(count(svg, "height=\"200.0\"") == 1);
    CHECK(count(svg, "height=\"50.0\"") == 1);
    CHECK(count(svg, "height=\"0.0\"") == 1);
  }

  TEST_CASE("svg chart: nothing to show is a chart too") {
    CHECK(line_chart({}, {}, 0, 0).ends_with("</svg>\n"));
    CHECK(bar_chart({}, {}, {}).ends_with("</svg>\n"));
  }
}

}  // namespace
}  // namespace driftbus
