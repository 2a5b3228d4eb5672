#pragma once
#include <deque>
#include <memory>
#include <string>

#include "driver/redis/reconnector.h"

namespace whirl::driver::redis {

/// Sends commands to one server, over a connection that comes back by itself. While there is none, commands
/// wait for one until their deadline; how many may wait is limited. Owned by a Client.
class Node final : private Reconnector::User, private net::Timer {
 public:
  /// More than this many waiting, or so many bytes that the server does not take: a command fails at once.
  static constexpr std::size_t kMaxWaiting = 65'536;
  static constexpr std::size_t kMaxUnsentBytes = 64U << 20;

  /// Told what people should know; called on the loop.
  class Watcher {
   public:
    virtual void on_node_up(Node& node) = 0;
    /// It went down, or could not be reached again.
    virtual void on_node_down(Node& node, std::string_view why) = 0;

   protected:
    ~Watcher() = default;
  };

  Node(net::Loop& loop, std::unique_ptr<Finder> finder, Link::Options options, Watcher& watcher);
  ~Node();

  void send(Request request);
  bool up() { return link_.link() != nullptr; }
  /// No command waits or is unanswered.
  bool idle() { return waiting_.empty() && (!up() || link_.link()->idle()); }
  /// Where it is connected to; empty while it is not.
  std::string address() { return up() ? link_.link()->address().text() : std::string(); }
  void renew(std::string_view why) { link_.renew(why); }

 private:
  void on_link_up() override;
  void on_link_push(const Value&) override {}
  void on_link_down(Requests unanswered, std::string_view why) override;
  void on_no_link(std::string_view why) override;
  void on_timer() override;
  void watch_deadline();

  net::Loop& loop_;
  Watcher& watcher_;
  Requests waiting_;
  std::string trouble_ = "not connected yet";
  Reconnector link_;
};

}  // namespace whirl::driver::redis
