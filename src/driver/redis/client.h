#pragma once
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "driver/redis/node.h"
#include "driver/redis/options.h"
#include "driver/redis/slots.h"

namespace whirl::driver::redis {

/// A Lua script that is called by the hash of its text.
class Script {
 public:
  explicit Script(std::string_view text);
  const std::string& text() const { return text_; }
  const std::string& sha1() const { return sha1_; }

 private:
  std::string text_;
  std::string sha1_;
};

/// The value's texts are valid during the call. Errors say what went wrong and, where it is known, what it
/// means.
using Reply = UniqueFunction<void(Result<Value>)>;

/// How a command is sent.
struct Way {
  std::string_view key{};   ///< decides on the node of a Cluster; empty: any
  bool repeatable = false;  ///< does no harm if it is done twice, so a lost answer is asked for again
  bool replica = false;     ///< a read that a replica may answer, if the options say so
};

/// Sends commands to one shard from one loop: to the server, to the master that Sentinels name, or to the
/// right nodes of a Cluster, whose redirections it follows. Every command is answered within io_timeout, an
/// error if need be. Owned by who uses it, lives on the loop that made it.
class Client final : private Node::Watcher {
 public:
  class Watcher {
   public:
    virtual void on_client_up() = 0;
    virtual void on_client_down(std::string_view why) = 0;
    /// Sentinels name another master: what is connected to the old one is of no use any more.
    virtual void on_master_moved(std::string_view why) = 0;

   protected:
    ~Watcher() = default;
  };

  /// The scripts outlive the client; each is loaded on a connection before anything else is sent.
  Client(net::Loop& loop, ShardOptions options, std::span<const Script* const> scripts);
  ~Client();

  /// Tells the watcher too, for the client's life.
  void watch(Watcher& watcher) { watchers_.push_back(&watcher); }
  void command(std::span<const std::string_view> words, const Way& way, Reply done);
  void eval(const Script& script, std::span<const std::string_view> keys,
            std::span<const std::string_view> args, Way way, Reply done);
  /// Drops the connections and looks anew where the servers are.
  void renew(std::string_view why);

  bool is_cluster() const { return options_.mode == Mode::cluster; }
  const ShardOptions& options() const { return options_; }
  const std::string& name() const { return name_; }
  net::Loop& loop() { return loop_; }
  /// Where to connect to for PUB/SUB: in a Cluster to the server of the key, or to any if it is empty. Must
  /// not outlive the client.
  std::unique_ptr<Finder> subscriber_finder(std::string_view key = {});
  Link::Options link_options() const;

 private:
  class MasterFinder;
  class SlotFinder;
  struct Call {
    SharedBytes bytes;
    int slot = -1;  // of a Cluster; -1: any
    const Script* script = nullptr;
    std::int64_t deadline_ms = 0;
    bool repeatable = false;
    bool replica = false;
    int redirections = 0;
    Reply done;
  };
  using CallPtr = std::unique_ptr<Call>;
  struct Member {
    net::ConnectAddress address;
    std::unique_ptr<Node> node;
  };

  CallPtr new_call(std::span<const std::string_view> words, const Way& way, Reply done) const;
  void route(CallPtr call);
  void send(Node& node, CallPtr call, bool asking = false);
  void answered(Node& node, CallPtr call, const Value& value);
  bool redirect(Node& node, CallPtr& call, std::string_view error);
  bool try_later(Node& node, CallPtr& call, std::string_view error);
  void load(Node& node, const Script& script);
  void delay(CallPtr call, std::string_view why);
  void route_later(CallPtr call);
  void retry_delayed();

  Node& single(bool replica);
  Node& member(const net::ConnectAddress& address, bool read_only);
  Node* member_for(const Call& call);
  const net::ConnectAddress& address_of(const Node& node) const;
  void on_refresh_time();
  void refresh_slots();
  void got_slots(Result<SlotTable> table);
  Node& node_to_ask();
  void check_master();
  void tell_state();
  void tell_down(std::string_view why);

  Node::Watcher& watching() { return *this; }
  void on_node_up(Node& node) override;
  void on_node_down(Node& node, std::string_view why) override;

  static constexpr std::int64_t kRetryMs = 100;
  static constexpr std::int64_t kCheckMasterMs = 5000;
  static constexpr int kMaxRedirections = 8;

  net::Loop& loop_;
  const ShardOptions options_;
  const std::string name_;
  const std::vector<const Script*> scripts_;
  std::vector<Watcher*> watchers_;
  std::string trouble_ = "not connected yet";  // the last
  std::deque<CallPtr> delayed_;
  net::CallbackTimer retry_timer_{[this] { retry_delayed(); }};

  SlotTable table_;
  std::size_t next_seed_ = 0;
  bool refreshing_ = false;
  net::CallbackTimer refresh_timer_{[this] { on_refresh_time(); }};
  std::unique_ptr<Finder> checker_;  // of Sentinels; asked whether the master is still the master

  std::unique_ptr<Node> single_[2];        // of a standalone server or Sentinels: the master, a replica
  std::map<std::string, Member> members_;  // of a Cluster, by address
};

}  // namespace whirl::driver::redis
