// A VM under an orchestrator: registers over the control channel, is told what to be, and lives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/errors.hpp"
#include "base/ids.hpp"
#include "wire/frame.hpp"

namespace driftbus {

/// What the orchestrator passes on the command line.
struct SupervisedOptions {
  std::string control;  ///< Endpoint of the orchestrator's control channel.
  std::string bind;     ///< Endpoint of the data socket.
  VmId id = 0;
  std::uint32_t links = 0;                    ///< How many peers it will connect to.
  std::size_t longest_frame = kLongestFrame;  ///< In bytes, of the run's data sockets.
  int parent = 0;  ///< The orchestrator's pid: when it ends, so does this process.
};

/// Lives one life. The exit status is `environment` when the environment failed it; the
/// orchestrator has been told why.
[[nodiscard]] ExitStatus run_supervised(const SupervisedOptions& options);

}  // namespace driftbus
