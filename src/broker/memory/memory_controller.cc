#include <string>

#include "broker/memory/memory.h"

namespace whirl::broker {
namespace {

/// There are no other nodes: what is for all or for this one comes straight back.
class MemoryController final : public Controller {
 public:
  explicit MemoryController(std::string_view node_uid) : uid_(node_uid) {}

  void start(ControllerSink& sink) override { sink_ = &sink; }
  void publish(std::string_view message, std::string_view node_id, Done<> done) override {
    if (node_id.empty() || node_id == uid_) sink_->on_control(message);
    done({});
  }

 private:
  const std::string uid_;
  ControllerSink* sink_ = nullptr;
};

}  // namespace

std::unique_ptr<Controller> make_memory_controller(std::string_view node_uid) {
  return std::make_unique<MemoryController>(node_uid);
}

}  // namespace whirl::broker
