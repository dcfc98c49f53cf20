#include "base/huge_pages.hpp"

#include <sys/mman.h>

#include <new>

namespace driftbus {

void* take_pages(std::size_t bytes) {
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    throw std::bad_alloc();
  }
  ::madvise(memory, bytes, MADV_HUGEPAGE);  // Without them it is slower, nothing else.
  return memory;
}

void give_back_pages(void* memory, std::size_t bytes) noexcept { ::munmap(memory, bytes); }

}  // namespace driftbus
