// Random words: pure functions of a seed and of what the word is for, so that anyone can recompute
// every draw of a run from its trace. Formulas and streams: docs/formats.md, random words.
#pragma once

#include <cstdint>

#include "base/wide.hpp"

namespace driftbus {

/// What a word is used for; the numbers are part of the format.
enum class Stream : std::uint64_t {
  trial_seed = 0,  ///< a: trial, b: 0
  tick = 1,        ///< a: VM id, b: tick; the draw in the high half, a random target in the low
  rate = 2,        ///< a: VM id, b: 0
  link = 4,        ///< a: sender * 2^32 + receiver, b: 4 * message + i
  topology = 5,    ///< a: VM id, b: candidate
  phase = 6,       ///< a: VM id, b: 0
};

/// SplitMix64's finaliser (Steele, Lea and Flood 2014): a bijection that spreads every bit.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t z) {
  z ^= z >> 30;
  z *= 0xBF58476D1CE4E5B9;
  z ^= z >> 27;
  z *= 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

/// The golden ratio in 64 bits, which keeps neighbouring inputs apart.
inline constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15;

/// The words of one stream and one `a`, by `b`: what `b` does not change is worked out once.
class Words {
 public:
  constexpr Words(std::uint64_t seed, Stream stream, std::uint64_t a);

  [[nodiscard]] constexpr std::uint64_t at(std::uint64_t b) const {
    return mix(key_ + b * kGolden);
  }

 private:
  friend class StreamWords;
  explicit constexpr Words(std::uint64_t key) : key_(key) {}

  std::uint64_t key_;
};

/// All words of one stream, for those who need them for many an `a`.
class StreamWords {
 public:
  constexpr StreamWords(std::uint64_t seed, Stream stream)
      : key_(mix(seed + static_cast<std::uint64_t>(stream) * kGolden)) {}

  [[nodiscard]] constexpr Words of(std::uint64_t a) const { return Words(mix(key_ + a * kGolden)); }

 private:
  std::uint64_t key_;
};

constexpr Words::Words(std::uint64_t seed, Stream stream, std::uint64_t a)
    : Words(StreamWords(seed, stream).of(a)) {}

/// One word.
[[nodiscard]] constexpr std::uint64_t word(std::uint64_t seed, Stream stream, std::uint64_t a,
                                           std::uint64_t b) {
  return Words(seed, stream, a).at(b);
}

/// A number in [0, n) from the word's high half. `n` is at most 2^32.
[[nodiscard]] constexpr std::uint64_t uniform(std::uint64_t word, std::uint64_t n) {
  return ((word >> 32) * n) >> 32;
}

/// A number in [0, n) from the word's low half: independent of `uniform` of the same word.
[[nodiscard]] constexpr std::uint64_t uniform_low(std::uint64_t word, std::uint64_t n) {
  return ((word & 0xFFFFFFFF) * n) >> 32;
}

/// A number in [0, n) from the whole word.
[[nodiscard]] constexpr std::uint64_t uniform64(std::uint64_t word, std::uint64_t n) {
  return static_cast<std::uint64_t>((static_cast<Wide>(word) * n) >> 64);
}

/// The seed of trial `trial`: the run's own for the first, a word of it for the others (FORMATS 2).
[[nodiscard]] constexpr std::uint64_t trial_seed(std::uint64_t seed, std::uint64_t trial) {
  return trial == 1 ? seed : word(seed, Stream::trial_seed, trial, 0) >> 1;
}

}  // namespace driftbus
