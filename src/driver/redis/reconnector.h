#pragma once
#include <memory>
#include <string>

#include "driver/redis/finder.h"
#include "driver/redis/link.h"
#include "driver/redis/reconnect.h"

namespace whirl::driver::redis {

/// Keeps a connection to a server: finds where it is, connects, and begins anew with a growing pause when the
/// connection fails. A member of who uses the connection, on whose loop it lives.
class Reconnector final : private Link::Owner, private net::Timer {
 public:
  class User {
   public:
    virtual void on_link_up() = 0;
    virtual void on_link_push(const Value& value) = 0;
    /// It was up and is not any more; these commands were sent on it and not answered.
    virtual void on_link_down(Requests unanswered, std::string_view why) = 0;
    /// An attempt failed; the next one follows by itself.
    virtual void on_no_link(std::string_view why) = 0;

   protected:
    ~User() = default;
  };

  /// The address in `options` is filled in with what the finder says.
  Reconnector(net::Loop& loop, std::unique_ptr<Finder> finder, Link::Options options, User& user);
  ~Reconnector();

  void start() { act(step(state_, Event::start)); }
  /// Drops the connection and begins with a fresh look where the server is.
  void renew(std::string_view why);
  /// The same after a pause.
  void give_up(std::string_view why) { lose(Event::lost, why); }
  /// Null unless commands may be sent.
  Link* link() { return state_.phase == Phase::up ? link_.get() : nullptr; }

 private:
  void on_up() override;
  void on_push(const Value& value) override { user_.on_link_push(value); }
  void on_down(std::string why) override;
  void on_timer() override { act(step(state_, Event::retry_time)); }
  void found(Result<net::ConnectAddress> address);
  void lose(Event event, std::string_view why);
  void act(const Actions& actions);

  net::Loop& loop_;
  std::unique_ptr<Finder> finder_;
  Link::Options options_;
  User& user_;
  Reconnect state_;
  std::unique_ptr<Link> link_;
  std::uint64_t search_ = 0;  // the answers of earlier ones are too late
};

}  // namespace whirl::driver::redis
