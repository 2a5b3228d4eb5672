#include "app/node_metrics.h"

#include "net/loop.h"

namespace whirl::app {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;

}  // namespace

NodeMetrics::NodeMetrics(net::Loop& loop, Scraper& scraper, hub::Node& node, std::int64_t interval_ms)
    : loop_(loop),
      scraper_(scraper),
      node_(node),
      interval_ms_(interval_ms > 0 ? interval_ms : kMinuteMs),
      self_(std::make_shared<NodeMetrics*>(this)) {
  loop_.arm(*this, 0);
}

NodeMetrics::~NodeMetrics() {
  *self_ = nullptr;
}

void NodeMetrics::on_timer() {
  loop_.arm(*this, interval_ms_);
  scraper_.collect([self = self_](const metrics::Snapshot& snapshot) {
    if (*self) (*self)->tell(snapshot);
  });
}

/// Of the process itself nothing is told, as Centrifugo tells only what bears its name.
void NodeMetrics::tell(const metrics::Snapshot& snapshot) {
  hub::NodeMetrics told{static_cast<double>(interval_ms_) / 1000, {}};
  for (auto& value : aggregate_.since_last(snapshot)) {
    if (value.path.starts_with("centrifugo.")) told.values.emplace_back(std::move(value.path), value.value);
  }
  node_.tell_metrics(std::move(told));
}

}  // namespace whirl::app
