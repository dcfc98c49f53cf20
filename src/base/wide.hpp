// Integers of 128 bits, which standard C++ has no name for.
#pragma once

namespace driftbus {

__extension__ using Wide = unsigned __int128;
__extension__ using SignedWide = __int128;

}  // namespace driftbus
