#pragma once
#include <cstdint>

#include "http/head_parser.h"

namespace whirl::http::h2 {

/// The bounds of a connection. What a client does beyond them ends its stream or its connection.
struct Options {
  HeadLimits head;
  std::uint32_t max_streams = 250;  ///< at a time on a connection; more are refused
  /// Bytes that a client may send on a stream ahead of those that were taken.
  std::uint32_t stream_window = 256 * 1024;
  std::uint32_t connection_window = 1024 * 1024;
  /// Frames that cost the server work and bring nothing (resets, pings, settings, empty data) may come so
  /// many at once and so many a second; a frame of data that we send earns another one.
  std::uint32_t idle_frames = 1000;
  std::uint32_t idle_frames_per_second = 100;
  std::int64_t body_timeout_ms = 30'000;  ///< from the head of a request to its end
  std::int64_t idle_timeout_ms = 30'000;  ///< without a stream; 0: no limit
  /// Silence after which the client is asked for a sign of life, and the time it has for that. 0: never.
  std::int64_t ping_after_ms = 0;
  std::int64_t ping_timeout_ms = 20'000;
};

}  // namespace whirl::http::h2
