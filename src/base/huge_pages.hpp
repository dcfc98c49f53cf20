// Memory for arrays of millions of records that are read all over: in huge pages where the kernel
// has them, since finding a page costs as much as reading it. What is not written yet, as the
// second half of a vector that has just grown, takes no memory; what is freed goes back at once.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace driftbus {

/// Memory straight from the kernel, which may or may not heed the wish for huge pages. Throws
/// std::bad_alloc.
[[nodiscard]] void* take_pages(std::size_t bytes);
void give_back_pages(void* memory, std::size_t bytes) noexcept;

/// An allocator: arrays below a huge page come from the heap.
template <typename T>
class HugePages {
 public:
  using value_type = T;

  HugePages() = default;
  template <typename Other>
  HugePages(const HugePages<Other>& /*other*/) noexcept {}  // Implicit: vectors convert it.

  [[nodiscard]] T* allocate(std::size_t count) {
    return is_small(count) ? std::allocator<T>().allocate(count)
                           : static_cast<T*>(take_pages(count * sizeof(T)));
  }
  void deallocate(T* memory, std::size_t count) noexcept {
    if (is_small(count)) {
      std::allocator<T>().deallocate(memory, count);
    } else {
      give_back_pages(memory, count * sizeof(T));
    }
  }

  friend bool operator==(const HugePages& /*a*/, const HugePages& /*b*/) { return true; }

 private:
  static constexpr std::size_t kHugePage = std::size_t{2} << 20;

  static bool is_small(std::size_t count) { return count < kHugePage / sizeof(T); }
};

template <typename T>
using HugeVector = std::vector<T, HugePages<T>>;

}  // namespace driftbus
