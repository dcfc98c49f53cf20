#include "scenario/file_pattern.hpp"

#include <doctest/doctest.h>

#include <set>

#include "scenario/files.hpp"
#include "scenario/loading.hpp"

namespace driftbus::loading {
namespace {

std::optional<FilePattern> pattern_of(const std::string& text, std::string& problem) {
  const Source source{Source::Kind::file, "x.yaml", text};
  const Node node{.kind = Node::Kind::scalar, .text = text, .place = {&source, 1, 1}};
  Reading reading;
  auto pattern = read_pattern(Field{reading, node, "log.file"}, text);
  const std::vector<Diagnostic> found = reading.problems.sorted();
  problem = found.empty() ? "" : found.front().message;
  return pattern;
}

Scenario with_vms(std::uint32_t count) {
  Scenario scenario;
  scenario.vms.count = count;
  return scenario;
}

TEST_SUITE("file pattern") {
  TEST_CASE("file pattern: braces hold one of five placeholders") {
    std::string problem;
    const auto pattern = pattern_of("a{vm}-{id}{trial}.{port}_{rate}z}", problem);
    REQUIRE(pattern);
    CHECK(pattern->size() == 10);
    const auto check = [](const std::string& text, const std::string& expected) {
      std::string found;
      CHECK_FALSE(pattern_of(text, found));
      CHECK(found == expected +
                         " is no placeholder: they are {vm}, {id}, {trial}, {port} and "
                         "{rate}" +
                         (text == "{rat}" ? ", did you mean 'rate'?" : ""));
    };
    check("{rat}", "'{rat}'");
    check("{}", "'{}'");
    check("x{vm", "'{'");
    check("{node}", "'{node}'");
  }

  TEST_CASE("file pattern: VMs are told apart where the name leads back to one") {
    const auto check = [](const std::string& text, bool expected, std::uint16_t base_port = 0) {
      CAPTURE(text);
      std::string problem;
      Scenario scenario = with_vms(20);
      scenario.network.base_port = base_port;
      CHECK(tells_vms_apart(*pattern_of(text, problem), scenario) == expected);
    };
    check("{vm}", true);
    check("{id}", true);
    check("x{vm}y", true);
    check("{trial}{vm}{trial}", true);
    check("{vm}-{id}", true);
    check("{id}-{vm}", true);
    check("{id}{vm}", false);
    check("{vm}{id}", false);
    check("{id}{id}", false);
    check("{id}1{rate}", false);
    check("{rate}.{id}", true);
    check("{rate}-{id}-{rate}", true);
    check("{rate}{id}", false);
    check("{port}", false);
    check("{port}", true, 5000);
    check("{port}{id}", false, 5000);
    check("{rate}", false);
    check("{trial}", false);
    check("all", false);
  }

  TEST_CASE("property: where VMs are told apart, no two names are the same") {
    const std::vector<std::string> pieces = {"{vm}",    "{id}", "{port}", "{rate}",
                                             "{trial}", "-",    "1",      "_"};
    Scenario scenario = with_vms(130);
    scenario.network.base_port = 1;
    const std::size_t size = pieces.size();
    for (std::size_t i = 0; i < size * size * size; ++i) {
      scenario.log.file = pieces[i % size] + pieces[i / size % size] + pieces[i / size / size];
      CAPTURE(scenario.log.file);
      std::string problem;
      std::set<std::string> names;
      for (VmId id = 1; id <= scenario.vms.count; ++id) {
        names.insert(file_stem(scenario, 1, id));
      }
      const auto pattern = pattern_of(scenario.log.file, problem);
      REQUIRE(pattern);
      if (tells_vms_apart(*pattern, scenario)) {
        CHECK(names.size() == scenario.vms.count);
      }
      const std::size_t longest = longest_name(*pattern, scenario);
      for (const std::string& name : names) {
        CHECK(name.size() <= longest);
      }
    }
  }

  TEST_CASE("file pattern: ports of several hosts do not tell VMs apart") {
    std::string problem;
    Scenario scenario = with_vms(3);
    scenario.network.base_port = 5000;
    scenario.vms.overridden[2].host = "10.0.0.2";
    CHECK_FALSE(tells_vms_apart(*pattern_of("{port}", problem), scenario));
  }

  TEST_CASE("file pattern: names of the run's own files are found") {
    std::string problem;
    Scenario scenario = with_vms(1);
    CHECK(own_name(*pattern_of("all", problem), scenario) == "all");
    CHECK(own_name(*pattern_of("links", problem), scenario) == "links");
    CHECK_FALSE(own_name(*pattern_of("{vm}s", problem), scenario));
    scenario.vms.names = {"vm"};
    CHECK(own_name(*pattern_of("{vm}s", problem), scenario) == "vms");
    CHECK_FALSE(own_name(*pattern_of("{vm}", problem), scenario));
  }
}

}  // namespace
}  // namespace driftbus::loading
