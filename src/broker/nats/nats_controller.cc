#include "base/log.h"
#include "broker/nats/nats.h"
#include "driver/nats/client.h"
#include "net/loop.h"

namespace whirl::broker {
namespace {

constexpr std::int64_t kAgainMs = 250;

/// Control messages through NATS: one subject for all nodes and one for each.
class NatsController final : public Controller {
 public:
  NatsController(net::Loop& loop, std::shared_ptr<driver::nats::Connection> connection, NatsSubjects subjects,
                 std::string_view node_uid, OnDropped on_dropped)
      : loop_(loop),
        subjects_(std::move(subjects)),
        uid_(node_uid),
        again_([this] { listen_again(); }),
        client_(loop, std::move(connection)) {
    client_.on_dropped(std::move(on_dropped));
  }

  void start(ControllerSink& sink) override {
    sink_ = &sink;
    listen(subjects_.of_all_nodes());
    listen(subjects_.of_node(uid_));
  }

  void publish(std::string_view message, std::string_view node_id, Done<> done) override {
    client_.publish(node_id.empty() ? subjects_.of_all_nodes() : subjects_.of_node(node_id),
                    std::string(message), std::move(done));
  }

 private:
  /// Tries until it is done: a node that hears nothing is no part of the cluster.
  void listen(std::string subject) {
    client_.subscribe(
        subject, [this](std::string_view, std::string_view data) { sink_->on_control(data); },
        [this, subject](Result<> result) {
          if (result) return;
          log::error("subscribing to control messages failed, trying again",
                     {{"subject", subject}, {"error", result.error().message}});
          failed_.push_back(subject);
          loop_.arm(again_, kAgainMs);
        });
  }

  void listen_again() {
    for (std::string& subject : std::exchange(failed_, {})) listen(std::move(subject));
  }

  net::Loop& loop_;
  const NatsSubjects subjects_;
  const std::string uid_;
  ControllerSink* sink_ = nullptr;
  std::vector<std::string> failed_;
  net::CallbackTimer again_;
  driver::nats::Client client_;
};

}  // namespace

std::unique_ptr<Controller> make_nats_controller(net::Loop& loop,
                                                 std::shared_ptr<driver::nats::Connection> connection,
                                                 const NatsOptions& options, std::string_view node_uid,
                                                 OnDropped on_dropped) {
  return std::make_unique<NatsController>(loop, std::move(connection), options.subjects, node_uid,
                                          std::move(on_dropped));
}

}  // namespace whirl::broker
