#include "trace/writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/errors.hpp"

namespace driftbus {
namespace {

constexpr std::size_t kWriteAtOnce = 64 * 1024;
/// The most that a row takes besides names and detail: eight numbers, separators, quotes,
/// and what putting a number may touch beyond.
constexpr std::size_t kFixedPart = 8 * 20 + 32 + kSlack;

/// The kinds as text with the comma after them, by number: one copy, whatever their length.
struct EventColumn {
  std::array<char, 15> text{};
  unsigned char length = 0;
};
constexpr auto kEventColumns = [] {
  std::array<EventColumn, kEventNames.size()> columns{};
  for (std::size_t kind = 0; kind < columns.size(); ++kind) {
    std::copy(kEventNames[kind].begin(), kEventNames[kind].end(), columns[kind].text.begin());
    columns[kind].text[kEventNames[kind].size()] = ',';
    columns[kind].length = static_cast<unsigned char>(kEventNames[kind].size() + 1);
  }
  return columns;
}();

int create(const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0) {
    throw_system_error(errno, "create " + path);
  }
  return file;
}

/// Puts text where `append` has made room.
class Cursor {
 public:
  explicit Cursor(char* out) : out_(out) {}

  void put(char letter) { *out_++ = letter; }
  void put(EventKind kind) {
    const EventColumn& column = kEventColumns[static_cast<std::size_t>(kind)];
    std::memcpy(out_, column.text.data(), column.text.size());
    out_ += column.length;
  }
  void put(std::string_view text) { out_ = std::copy(text.begin(), text.end(), out_); }
  template <typename Integer>
  void put(NumberColumn& column, Integer number) {
    out_ = column.put(out_, number);
    put(',');
  }
  template <typename Integer>
  void put(NumberColumn& column, const std::optional<Integer>& number) {
    if (number) {
      out_ = column.put(out_, *number);
    }
    put(',');
  }
  void put_peers(std::span<const Party> peers);
  void put_detail(std::string_view detail);
  void put_clocks(const ClockSet& kept, std::span<const std::uint64_t> words) {
    out_ = driftbus::put_clocks(out_, kept, words);
  }

  [[nodiscard]] char* end() const { return out_; }

 private:
  char* out_;
};

void Cursor::put_peers(std::span<const Party> peers) {
  for (const Party& peer : peers) {
    put(peer.name);
    put(';');
  }
  // The separator after the last name, where there is one, becomes the column's end.
  if (!peers.empty()) {
    --out_;
  }
  put(',');
}

void Cursor::put_detail(std::string_view detail) {
  if (detail.find_first_of(",\"\r\n") == std::string_view::npos) {
    put(detail);
    return;
  }
  put('"');
  for (const char letter : detail) {
    if (letter == '"') {
      put('"');
    }
    put(letter == '\r' || letter == '\n' ? ' ' : letter);
  }
  put('"');
}

/// At most kLongestDetail bytes, and no character of UTF-8 in halves.
std::string_view cut(std::string_view detail) {
  std::size_t length = std::min(detail.size(), kLongestDetail);
  while (length > 0 && length < detail.size() &&
         (static_cast<unsigned char>(detail[length]) & 0xC0U) == 0x80) {
    --length;
  }
  return detail.substr(0, length);
}

/// Besides the clocks that are kept.
std::size_t most_bytes(const Row& row) {
  std::size_t bytes =
      kFixedPart + row.vm.name.size() + 2 * std::min(row.detail.size(), kLongestDetail);
  for (const Party& peer : row.peers) {
    bytes += peer.name.size() + 1;
  }
  return bytes;
}

}  // namespace

TraceWriter::TraceWriter(const std::filesystem::path& path, const ClockSet& kept)
    : TraceWriter(path.string(), create(path.string()), kept) {
  // The object is complete here, so that the descriptor is closed when the disk is full already.
  Cursor cursor(buffer_.data());
  cursor.put(trace_header({.vector = kept.vector_entries > 0, .hybrid = kept.hybrid}));
  cursor.put('\n');
  used_ = static_cast<std::size_t>(cursor.end() - buffer_.data());
  flush();
}

TraceWriter::TraceWriter(std::string path, int file, const ClockSet& kept)
    : path_(std::move(path)),
      file_(file),
      kept_(kept),
      clock_bytes_(kept.any() ? most_clock_bytes(kept) : 0),
      buffer_(kWriteAtOnce) {}

TraceWriter::~TraceWriter() { ::close(file_); }

void TraceWriter::append(const Row& row) {
  if (const std::size_t bytes = most_bytes(row) + clock_bytes_; buffer_.size() - used_ < bytes) {
    grow(bytes);
  }
  Cursor cursor(buffer_.data() + used_);
  cursor.put(row.vm.name);
  cursor.put(',');
  cursor.put(columns_.tick, row.tick);
  cursor.put(columns_.time, row.time_us);
  cursor.put(columns_.wall, row.wall_us);
  cursor.put(columns_.arrived, row.arrived_us);
  cursor.put(row.kind);
  cursor.put(columns_.clock, row.clock);
  cursor.put(columns_.queue, row.queue);
  cursor.put_peers(row.peers);
  cursor.put(columns_.message, row.message);
  cursor.put(columns_.stamp, row.stamp);
  cursor.put_detail(cut(row.detail));
  if (clock_bytes_ > 0) {
    ensure(row.clocks.size() == kept_.words(), "a row has the clocks that are kept");
    cursor.put_clocks(kept_, row.clocks);
  }
  cursor.put('\n');
  used_ = static_cast<std::size_t>(cursor.end() - buffer_.data());
}

void TraceWriter::grow(std::size_t bytes) {
  buffer_.resize(std::max(2 * buffer_.size(), used_ + bytes));
}

void TraceWriter::flush() {
  std::size_t done = 0;
  while (done < used_) {
    const ssize_t count = ::write(file_, buffer_.data() + done, used_ - done);
    if (count > 0) {
      done += static_cast<std::size_t>(count);
    } else if (count == 0 || errno != EINTR) {
      give_up(count == 0 ? ENOSPC : errno, done);
    }
  }
  written_ += used_;
  used_ = 0;
}

void TraceWriter::give_up(int error, std::size_t written) {
  const std::string_view text(buffer_.data(), written);
  const std::size_t last_end = text.rfind('\n');
  written_ += last_end == std::string_view::npos ? 0 : last_end + 1;
  used_ = 0;
  if (::ftruncate(file_, static_cast<off_t>(written_)) != 0) {
    throw_system_error(errno, "cut back " + path_);
  }
  throw_system_error(error, "write " + path_);
}

}  // namespace driftbus
