#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "testing/peer.h"

struct nghttp2_session;

namespace whirl::testing {

/// An HTTP/2 client over a plain socket, which remembers what it got. Frames go out and come in by
/// exchange(), between turns of the loop that serves it.
class H2Client {
 public:
  using Fields = std::vector<std::pair<std::string, std::string>>;
  struct Answer {
    std::map<std::string, std::string> fields;  ///< of the head and the trailers
    std::string body;
    bool ended = false;      ///< by the server, orderly
    bool closed = false;     ///< in both directions
    std::uint32_t code = 0;  ///< of a reset
  };
  enum class End { now, later };

  explicit H2Client(Peer peer, std::uint32_t window = 65535);
  ~H2Client();

  /// Begins a request; the usual fields come from the arguments. Returns the stream's id.
  std::int32_t request(std::string_view method, std::string_view path, Fields more = {}, End end = End::now);
  void data(std::int32_t id, std::string_view bytes, End end = End::later);
  void reset(std::int32_t id);
  void ping();
  void settings();
  /// Bytes that are no frames of the session's own.
  void raw(std::string_view bytes) { out_ += bytes; }
  /// Data on a stream is left unacknowledged from now on.
  void take_nothing() { takes_ = false; }

  /// Sends and receives what there is.
  void exchange();
  Answer& answer(std::int32_t id) { return answers_[id]; }
  bool has_setting(int id, std::uint32_t value) const;
  /// The code of the server's GOAWAY; -1 if none came.
  std::int64_t goaway() const { return goaway_; }
  int pongs() const { return pongs_; }
  bool ended() { return peer_.at_end(); }
  void close() { peer_.close(); }

 private:
  struct Callbacks;
  struct FreeSession {
    void operator()(nghttp2_session* session) const;
  };
  struct Upload {
    std::string bytes;
    bool last = false;
  };

  Peer peer_;
  std::unique_ptr<nghttp2_session, FreeSession> session_;
  std::map<std::int32_t, Answer> answers_;
  std::map<std::int32_t, Upload> uploads_;
  std::string out_;
  std::int64_t goaway_ = -1;
  int pongs_ = 0;
  bool takes_ = true;
};

}  // namespace whirl::testing
