#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "base/function.h"
#include "driver/redis/options.h"
#include "driver/redis/resp.h"
#include "net/connector.h"
#include "net/stream.h"

namespace whirl::driver::redis {

/// A command on its way. The answer is called once; a value of type error may also tell that the connection
/// failed (then its text begins with kConnectionTrouble).
struct Request {
  SharedBytes bytes{};
  UniqueFunction<void(const Value&)> answer{};
  std::int64_t deadline_ms = 0;
  bool repeatable = false;  ///< may be sent again if the connection is lost before the answer
};
using Requests = std::deque<Request>;

inline constexpr std::string_view kConnectionTrouble = "CONNECTION ";
/// Answers with an error of the connection.
void fail_request(Request& request, std::string_view why);

SharedBytes command_bytes(std::span<const std::string_view> words);

/// One connection to one server, from connecting to its end; it does not come back. Commands are written when
/// the loop's turn ends, all in one write, and answered in their order. Owned by a Reconnector.
class Link final : private net::StreamHandler, private net::Timer {
 public:
  class Owner {
   public:
    /// The server took the introduction. Commands may be sent from now on.
    virtual void on_up() = 0;
    /// A value that answers no command: a message, or the answer to send_unanswered().
    virtual void on_push(const Value& value) = 0;
    /// The connection failed, or never came to be. Called once; the link is of no use any more.
    virtual void on_down(std::string why) = 0;

   protected:
    ~Owner() = default;
  };

  struct Options {
    net::ConnectAddress address{};
    Login login{};
    std::int64_t connect_timeout_ms = 0;
    std::int64_t io_timeout_ms = 0;  ///< of the introduction
    bool must_be_master = false;
    bool read_only = false;  ///< a replica of a Cluster that is to answer reads
  };

  Link(net::Loop& loop, Options options, Owner& owner);
  ~Link();

  void send(Request request);
  void send_unanswered(SharedBytes bytes);
  bool idle() const { return pending_.empty(); }
  std::size_t unsent_bytes() const { return stream_ ? stream_->outbox_bytes() : 0; }
  const net::ConnectAddress& address() const { return options_.address; }
  /// The commands that were sent and not answered.
  Requests take_pending() { return std::exchange(pending_, {}); }
  /// Nothing is called any more.
  void close();

 private:
  void connected(Result<net::StreamPtr> stream);
  void introduce();
  void ask(std::initializer_list<std::string_view> words, std::string_view what);
  void introduced(std::string_view what, const Value& value);
  void on_data(std::span<char> bytes) override;
  void on_end() override;
  void on_timer() override;
  void handle(const Value& value);
  void down(std::string why);
  void watch_deadline();

  net::Loop& loop_;
  Options options_;
  Owner& owner_;
  net::Connector connector_;
  net::StreamPtr stream_;
  Parser parser_;
  Requests pending_;
  int introductions_ = 0;  // not answered yet
  bool heard_ = false;     // anything at all
  bool up_ = false;
  bool closed_ = false;
};

}  // namespace whirl::driver::redis
