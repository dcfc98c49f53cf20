#include "analysis/student.hpp"

#include <doctest/doctest.h>

namespace driftbus {
namespace {

TEST_SUITE("student") {
  TEST_CASE("student: the quantiles of the printed tables") {
    const auto check = [](std::size_t degrees, double expected) {
      CAPTURE(degrees);
      CHECK(student_quantile_975(degrees) == doctest::Approx(expected).epsilon(1e-9));
    };
    check(1, 12.706204736174698);
    check(2, 4.302652729749464);
    check(3, 3.182446305284263);
    check(4, 2.7764451051977987);
    check(5, 2.570581835636314);
    check(9, 2.2621571627409915);
    check(30, 2.0422724563012373);
    check(100, 1.983971518523553);
    check(1000, 1.9623390808264083);
  }
}

}  // namespace
}  // namespace driftbus
