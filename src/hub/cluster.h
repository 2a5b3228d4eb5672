#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "broker/broker.h"
#include "hub/control_messages.h"
#include "hub/node.h"
#include "hub/user_command.h"
#include "net/loop.h"

namespace whirl::hub {

/// The other nodes: who they are, and the messages to and from them. Owned by the node, lives on the
/// controller's loop.
class Cluster final : public broker::ControllerSink {
 public:
  static constexpr std::int64_t kPingMs = 3000;
  static constexpr std::int64_t kForgetMs = 2 * kPingMs + 1000;  ///< of silence, until a node counts as gone
  static constexpr std::int64_t kSurveyTimeoutMs = 10'000;

  /// What it needs of its own node; called on its loop.
  class Host {
   public:
    virtual void own_info(UniqueFunction<void(NodeInfo)> done) = 0;
    virtual void run_here(UserCommand command, broker::Done<> done) = 0;
    virtual void control_sent() = 0;
    virtual void control_received() = 0;

   protected:
    ~Host() = default;
  };

  Cluster(net::Loop& loop, std::string uid, Host& host, std::unique_ptr<broker::Controller> controller);

  /// An empty uid means all nodes.
  void send(std::string_view message, std::string_view to_uid, broker::Done<> done);
  /// Tells the others that this node goes, so that they need not wait for its silence.
  void leave();

  /// As they last told of themselves.
  std::vector<NodeInfo> others() const;
  std::size_t size() const { return nodes_.size() + 1; }

  /// Surveys of this kind are answered by the handler.
  void answer(std::string op, SurveyHandler handler) { handlers_[std::move(op)] = std::move(handler); }
  /// Asks one node, or all if the uid is empty, this one included; done with the answers that came in time.
  /// Fails at once if the node is not known.
  void survey(std::string_view op, std::string_view data, std::string_view to_uid,
              broker::Done<std::vector<SurveyReply>> done);

  void on_control(std::string_view message) override;

 private:
  struct Other {
    NodeInfo info;
    std::int64_t heard_ms = 0;
  };
  struct Survey final : net::Timer {
    Survey(Cluster& owner, std::uint64_t number) : cluster(owner), id(number) {}
    void on_timer() override { cluster.finish(id); }
    Cluster& cluster;
    std::uint64_t id;
    std::size_t missing = 0;
    std::vector<SurveyReply> replies;
    broker::Done<std::vector<SurveyReply>> done;
  };

  void ping(std::string to_uid);
  void on_ping_time();
  void on_node(const control::Node& node);
  void on_survey_request(const control::Command& command);
  void answer_here(std::string_view op, std::string_view data, UniqueFunction<void(SurveyReply)> reply);
  void on_reply(std::uint64_t id, SurveyReply reply);
  void finish(std::uint64_t id);
  void send_logged(const control::Command& command, std::string_view to_uid);

  net::Loop& loop_;
  const std::string uid_;
  Host& host_;
  std::map<std::string, Other, std::less<>> nodes_;
  std::shared_ptr<const NodeMetrics> told_metrics_;  // to all
  std::map<std::string, SurveyHandler, std::less<>> handlers_;
  std::map<std::uint64_t, std::unique_ptr<Survey>> surveys_;
  std::uint64_t last_survey_ = 0;
  net::CallbackTimer ping_timer_;
  std::unique_ptr<broker::Controller> controller_;  // ends first
};

}  // namespace whirl::hub
