// Preloaded by the gate `valgrind` of tools/check: valgrind 3.19 does not know pidfd_open, and the
// orchestrator cannot live without it. Lets that one call through to the kernel, past valgrind.
#include <errno.h>
#include <sys/syscall.h>
#include <valgrind/valgrind.h>

#include <cstdarg>

namespace {

/// The bare system call. It may not touch errno, which past valgrind is not the program's.
long call_kernel(long number, const long* argument) {
  register long fourth asm("r10") = argument[3];
  register long fifth asm("r8") = argument[4];
  register long sixth asm("r9") = argument[5];
  long result = number;
  asm volatile("syscall"
               : "+a"(result)
               : "D"(argument[0]), "S"(argument[1]), "d"(argument[2]), "r"(fourth), "r"(fifth),
                 "r"(sixth)
               : "rcx", "r11", "memory");
  return result;
}

long pidfd_open_past_valgrind(long /*thread*/, const long* argument) {
  return call_kernel(SYS_pidfd_open, argument);
}

}  // namespace

extern "C" long syscall(long number, ...) {
  long argument[6];
  va_list arguments;
  va_start(arguments, number);
  for (long& each : argument) {
    each = va_arg(arguments, long);
  }
  va_end(arguments);
  const long result =
      number == SYS_pidfd_open
          ? static_cast<long>(VALGRIND_NON_SIMD_CALL1(pidfd_open_past_valgrind, argument))
          : call_kernel(number, argument);
  if (result < 0 && result > -4096) {
    errno = static_cast<int>(-result);
    return -1;
  }
  return result;
}
