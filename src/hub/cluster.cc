#include "hub/cluster.h"

#include "base/log.h"
#include "codec/arena.h"
#include "codec/protobuf.h"

namespace whirl::hub {
namespace {

// Codes of survey replies, as Centrifugo numbers them.
constexpr std::uint32_t kFailed = 1;
constexpr std::uint32_t kUnknownOp = 3;

/// Metrics for a control message, which points into this.
class MetricsMessage {
 public:
  explicit MetricsMessage(const NodeMetrics* metrics) : is_there_(metrics) {
    if (!metrics) return;
    for (const auto& [name, value] : metrics->values) items_.push_back({name, value});
    message_ = {metrics->interval_seconds, items_};
  }
  const control::Metrics* get() const { return is_there_ ? &message_ : nullptr; }

 private:
  const bool is_there_;
  std::vector<codec::Entry<double>> items_;
  control::Metrics message_;
};

std::shared_ptr<const NodeMetrics> read(const control::Metrics& message) {
  NodeMetrics metrics{message.interval, {}};
  for (const auto& [name, value] : message.items) metrics.values.emplace_back(name, value);
  return std::make_shared<const NodeMetrics>(std::move(metrics));
}

}  // namespace

Cluster::Cluster(net::Loop& loop, std::string uid, Host& host, std::unique_ptr<broker::Controller> controller)
    : loop_(loop),
      uid_(std::move(uid)),
      host_(host),
      ping_timer_([this] { on_ping_time(); }),
      controller_(std::move(controller)) {
  controller_->start(*this);
  loop_.timers().arm(ping_timer_, 0);  // the first one as soon as the loop runs
}

void Cluster::on_ping_time() {
  loop_.arm(ping_timer_, kPingMs);
  std::erase_if(nodes_, [&](const auto& node) { return loop_.now_ms() - node.second.heard_ms > kForgetMs; });
  ping("");
}

void Cluster::ping(std::string to_uid) {
  host_.own_info([this, to_uid = std::move(to_uid)](NodeInfo info) {
    control::Node node;
    node.uid = uid_;
    node.name = info.name;
    node.version = info.version;
    node.num_clients = info.num_clients;
    node.num_users = info.num_users;
    node.num_channels = info.num_channels;
    node.num_subs = info.num_subs;
    node.uptime = info.uptime_seconds;
    const bool is_news = !to_uid.empty() || info.metrics != told_metrics_;
    const MetricsMessage metrics(is_news ? info.metrics.get() : nullptr);
    node.metrics = metrics.get();
    if (to_uid.empty()) told_metrics_ = info.metrics;
    send_logged({.uid = uid_, .node = &node}, to_uid);
  });
}

void Cluster::leave() {
  ping_timer_.cancel();
  control::Shutdown shutdown;
  send_logged({.uid = uid_, .shutdown = &shutdown}, "");
}

void Cluster::send(std::string_view message, std::string_view to_uid, broker::Done<> done) {
  host_.control_sent();
  controller_->publish(message, to_uid, std::move(done));
}

void Cluster::send_logged(const control::Command& command, std::string_view to_uid) {
  std::string message;
  codec::encode_protobuf(command, message);
  send(message, to_uid, [](Result<> result) {
    if (!result) log::error("sending a control message failed", {{"error", result.error().message}});
  });
}

std::vector<NodeInfo> Cluster::others() const {
  std::vector<NodeInfo> out;
  for (const auto& [uid, other] : nodes_) out.push_back(other.info);
  return out;
}

void Cluster::on_control(std::string_view message) {
  host_.control_received();
  codec::Arena arena(1024);
  control::Command command;
  if (auto decoded = codec::decode_protobuf(message, command, arena); !decoded) {
    log::error("a control message is malformed", {{"error", decoded.error().message}});
    return;
  }
  if (command.uid == uid_) return;
  if (command.node) return on_node(*command.node);
  if (command.shutdown) {
    if (auto gone = nodes_.find(command.uid); gone != nodes_.end()) nodes_.erase(gone);
    return;
  }
  if (command.survey_request) return on_survey_request(command);
  if (command.survey_response) {
    const auto& response = *command.survey_response;
    return on_reply(response.id, {std::string(command.uid), response.code, std::string(response.data.bytes)});
  }
  if (auto for_user = UserCommand::from(command)) host_.run_here(std::move(*for_user), [](Result<>) {});
}

void Cluster::on_node(const control::Node& node) {
  NodeInfo info;
  info.uid = node.uid;
  info.name = node.name;
  info.version = node.version;
  info.num_clients = node.num_clients;
  info.num_users = node.num_users;
  info.num_channels = node.num_channels;
  info.num_subs = node.num_subs;
  info.uptime_seconds = node.uptime;
  auto [at, is_new] = nodes_.try_emplace(info.uid);
  info.metrics = node.metrics ? read(*node.metrics) : std::move(at->second.info.metrics);
  at->second = {std::move(info), loop_.now_ms()};
  if (is_new) ping(at->first);  // so that it knows this node without waiting for the next ping
}

void Cluster::on_survey_request(const control::Command& command) {
  const auto& request = *command.survey_request;
  answer_here(request.op, request.data.bytes,
              [this, id = request.id, to = std::string(command.uid)](SurveyReply reply) {
                control::SurveyResponse response{id, reply.code, codec::Raw{reply.data}};
                send_logged({.uid = uid_, .survey_response = &response}, to);
              });
}

void Cluster::answer_here(std::string_view op, std::string_view data,
                          UniqueFunction<void(SurveyReply)> reply) {
  auto handler = handlers_.find(op);
  if (handler == handlers_.end()) return reply({uid_, kUnknownOp, {}});
  handler->second(data, [this, reply = std::move(reply)](Result<SurveyReply> result) mutable {
    SurveyReply out = result ? std::move(*result) : SurveyReply{{}, kFailed, {}};
    out.node = uid_;
    reply(std::move(out));
  });
}

void Cluster::survey(std::string_view op, std::string_view data, std::string_view to_uid,
                     broker::Done<std::vector<SurveyReply>> done) {
  bool is_here = to_uid.empty() || to_uid == uid_;
  bool is_elsewhere = to_uid != uid_ && (!to_uid.empty() || !nodes_.empty());
  if (!is_here && !nodes_.contains(to_uid)) return done(fail("no node {} is known", to_uid));

  std::uint64_t id = ++last_survey_;
  auto survey = std::make_unique<Survey>(*this, id);
  survey->missing = to_uid.empty() ? size() : 1;
  survey->done = std::move(done);
  loop_.arm(*survey, kSurveyTimeoutMs);
  surveys_.emplace(id, std::move(survey));
  if (is_elsewhere) {
    control::SurveyRequest request{id, op, codec::Raw{data}};
    send_logged({.uid = uid_, .survey_request = &request}, to_uid);
  }
  if (is_here) answer_here(op, data, [this, id](SurveyReply reply) { on_reply(id, std::move(reply)); });
}

void Cluster::on_reply(std::uint64_t id, SurveyReply reply) {
  auto at = surveys_.find(id);
  if (at == surveys_.end()) return;
  Survey& survey = *at->second;
  survey.replies.push_back(std::move(reply));
  if (--survey.missing == 0) finish(id);
}

void Cluster::finish(std::uint64_t id) {
  auto at = surveys_.find(id);
  auto survey = std::move(at->second);
  surveys_.erase(at);
  survey->done(std::move(survey->replies));
}

}  // namespace whirl::hub
