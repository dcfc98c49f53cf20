#include "run/csv.hpp"

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

namespace driftbus {
namespace {

using Fields = std::vector<std::string>;
using Records = std::vector<Fields>;

Records read(const std::string& text, CsvReader::OpenEnd end = CsvReader::OpenEnd::accept) {
  const TemporaryFolder folder;
  CsvReader reader(folder.write("a.csv", text), end);
  Records records = {reader.names()};
  while (const auto fields = reader.next()) {
    records.push_back(*fields);
  }
  return records;
}

std::string refused(const std::string& text, CsvReader::OpenEnd end = CsvReader::OpenEnd::accept) {
  const std::string what = thrown<InputError>([&] { static_cast<void>(read(text, end)); });
  return what.substr(what.find("a.csv"));
}

TEST_SUITE("csv") {
  TEST_CASE("csv: fields, quoted ones with anything in them") {
    CHECK(read("a,b\n1,2\n") == Records{{"a", "b"}, {"1", "2"}});
    CHECK(read("a,b\r\n1,\r\n") == Records{{"a", "b"}, {"1", ""}});
    CHECK(read("\xEF\xBB\xBF"
               "a\n\"x,\n\"\"y\"\"\"\n") == Records{{"a"}, {"x,\n\"y\""}});
    CHECK(read("a\nlast") == Records{{"a"}, {"last"}});
  }

  TEST_CASE("property: what is written as a field is read back") {
    for (const std::string text : {"plain", "a,b", "say \"x\"", "two\nlines", "\"", "\r"}) {
      CHECK(read("a,b\n" + csv_field(text) + ",\n").at(1).at(0) == text);
    }
  }

  TEST_CASE("csv: what is no table is refused with the line at which the record begins") {
    CHECK(refused("") ==
          "a.csv:1: error: expected a line with the names of the columns, found the "
          "end of the file");
    CHECK(refused("a,a\n") == "a.csv:1: error: column 'a' stands here twice");
    CHECK(refused("a,b\n1,2\n3\n") == "a.csv:3: error: expected 2 fields, found 1");
    CHECK(refused("a\n\"x\ny\"\n1,2\n") == "a.csv:4: error: expected 1 fields, found 2");
    CHECK(refused("a\n\"x\n\n") ==
          "a.csv:2: error: expected a closing quote, found the end of the file");
    CHECK(refused("a\nx\nlast", CsvReader::OpenEnd::refuse) ==
          "a.csv:3: error: expected the end of the line, found the end of the file");
    CHECK(refused("a\n\xff\n") == "a.csv:2: error: expected UTF-8, found '\\xff'");
    CHECK(refused("a\n" + std::string(1'000'000, 'x') + "\n") ==
          "a.csv:2: error: expected a line of at most 65536 bytes");
  }
}

}  // namespace
}  // namespace driftbus
