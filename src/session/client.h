#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hub/subscriber.h"
#include "net/timer_wheel.h"
#include "protocol/messages.h"
#include "session/context.h"
#include "session/frame_type.h"
#include "session/refusal.h"
#include "session/schedule.h"
#include "session/session.h"
#include "session/subscriptions.h"

namespace whirl::session {

/// Who a client is, from its token or the connection itself.
struct Identity {
  std::string user;
  std::string info;            ///< JSON or bytes; empty = none
  std::int64_t expire_at = 0;  ///< Unix seconds, 0 = never
};

/// The session of one client. A transport owns it through a shared reference and reports its end; callbacks
/// from the hub and from other loops hold weak ones. It begins unknown, becomes known by a connect command
/// (or request) and is then registered with the hub until it closes. Closing happens once, whoever asks for
/// it first.
class Client final : public Session,
                     public hub::Subscriber,
                     public std::enable_shared_from_this<Client>,
                     private net::Timer {
 public:
  Client(Context& context, Connection& connection, ConnectionInfo info);
  ~Client() override;

  // Session: what the transport reports.
  void on_frame(std::string_view frame) override;
  void on_native_pong() override;
  void on_connect_request(std::string_view request) override;
  void on_stalled() override;
  void on_closed() override;
  void shutdown() override;

  // hub::Subscriber: what the hub delivers and asks.
  void deliver(const SharedBytes& frame, hub::PushKind kind) override;
  void insufficient_state(std::string_view channel) override;
  void inappropriate_payload(std::string_view channel) override;
  void on_disconnect(const hub::Disconnect& disconnect) override;
  void on_unsubscribe(std::string_view channel, const hub::Unsubscribe& unsubscribe) override;
  void on_subscribe(std::string_view channel, const hub::SubscribeOverrides& options) override;
  void on_refresh(const hub::Refresh& refresh) override;
  std::string_view session_id() const override { return rare_ ? rare_->session_id : std::string_view(); }

  // What commands work with.
  Context& context() { return context_; }
  const Settings& settings() const { return *context_.settings; }
  hub::Node& node() { return context_.node; }
  hub::LocalHub& hub() { return context_.node.local(); }
  Metrics& metrics() { return context_.metrics; }
  Subscriptions& subscriptions() { return subscriptions_; }
  std::weak_ptr<Client> weak() { return weak_from_this(); }
  std::int64_t unix_ms() const { return context_.loop.clock().unix_ms(); }
  std::int64_t unix_seconds() const { return unix_ms() / 1000; }

  bool is_new() const { return state_ == State::fresh; }
  bool closed() const { return state_ == State::closed; }
  bool unusable() const { return state_ == State::unusable; }
  std::string id_text() const { return client_id_.text(); }
  std::string_view transport() const { return traffic_.name(); }
  bool emulation() const { return emulation_; }
  std::int64_t expire_at() const { return expire_at_; }
  /// What others see of the client; `chan_info` is that of a subscription.
  broker::ClientInfoPtr info(std::string_view chan_info = {}) const;
  /// The header of the request that opened the connection (name in lower case), empty if there is none. Kept
  /// until the client has connected.
  std::string_view header(std::string_view name) const;

  /// Connecting has begun: further commands wait. False if that was before.
  bool begin_connecting();
  /// Known from now on: in the hub, reachable by the server API. Pushes are held back until went_live().
  void become(const Identity& identity, ClientLabels labels);
  /// The connect reply is out: pushes flow and the periodic events begin.
  void went_live();
  /// The connect failed: it has no subscriptions, nothing that comes is looked at any more, and the
  /// connection ends as stale.
  void become_unusable();
  /// The connect of a unidirectional client failed: true if its transport tells why, so that nothing is left
  /// to do.
  bool hands_over(const Refusal& refusal);
  /// The credentials were renewed; `expire_at` 0 = they last for ever, an empty `info` keeps the old one.
  void refresh(std::int64_t expire_at, std::string_view info);
  /// A subscription that needs periodic looks came up.
  void watch_subscriptions();

  ClientLabels labels() const { return labels_; }
  /// What the connect reply announces; 0 and false where the client has nothing to do with pings.
  std::uint32_t announced_ping_s() const;
  bool announces_pong() const;

  void send(const SharedBytes& frame, FrameType type);
  void close(const protocol::Disconnect& disconnect);
  /// A command was answered: the next one may run.
  void finished();
  /// While on, no further command begins, whatever client.concurrency allows.
  void hold_commands(bool on) { holds_commands_ = on; }
  /// Its share of a turn was used up, and now it is its turn again.
  void take_turn();

 private:
  enum class State : std::uint8_t { fresh, connecting, connected, unusable, closed };

  /// What few sessions have, or have for a short time only.
  struct Rare {
    std::string session_id;  ///< where commands come another way than pushes go
    std::vector<std::pair<std::string, std::string>> headers;  ///< until the client has connected
    std::vector<std::string> waiting_frames;              ///< what came while a command was being answered
    std::vector<std::pair<SharedBytes, FrameType>> held;  ///< pushes before the connect reply
  };

  void read(std::string_view frame);
  void run(const protocol::Command& command, std::size_t size);
  void go_on();
  void read_on();
  Rare& rare();
  bool frames_wait() const { return rare_ && !rare_->waiting_frames.empty(); }
  void pause();
  bool must_wait() const;
  bool gives_way();
  bool takes_commands() const { return state_ != State::unusable && state_ != State::closed; }
  void on_pong();
  void leave();
  void check_queue();
  void settle(const Refusal& refusal);

  void on_timer() override;
  void fire(Event event);
  void schedule();
  void on_expire();
  void on_presence();
  void on_ping();
  std::int64_t ping_interval_ms() const;
  std::int64_t spread(std::int64_t interval_ms);

  Context& context_;
  Connection& connection_;
  Subscriptions subscriptions_;
  Schedule schedule_;
  Metrics::Transport& traffic_;
  SharedBytes conn_info_;
  std::int64_t expire_at_ = 0;     // Unix seconds, 0 = never
  std::int64_t pinged_at_ms_ = 0;  // the last ping
  std::uint32_t in_flight_ = 0;
  State state_ = State::fresh;
  ClientLabels labels_;
  bool registered_ = false;
  bool paused_ = false;
  bool put_off_ = false;  // until its next turn
  bool holds_commands_ = false;
  bool awaits_pong_ = false;
  bool checks_queue_ = false;
  bool holds_pushes_ = false;
  const bool emulation_;
  const bool native_ping_;
  const bool disconnect_push_;
  const bool raw_connect_errors_;
  std::unique_ptr<Rare> rare_;
};

}  // namespace whirl::session
