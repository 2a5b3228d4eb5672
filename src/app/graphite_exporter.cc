#include "app/graphite_exporter.h"

#include <algorithm>

#include "base/log.h"

namespace whirl::app {
namespace {

std::string prefix(const config::Graphite& options, const std::string& node_name) {
  std::string out = options.prefix;
  if (out.ends_with('.')) out.pop_back();
  return out + '.' + metrics::Graphite::component(node_name);
}

}  // namespace

GraphiteExporter::GraphiteExporter(net::Loop& loop, Scraper& scraper, const config::Graphite& options,
                                   const std::string& node_name)
    : loop_(loop),
      scraper_(scraper),
      address_{.host = options.host, .port = static_cast<int>(options.port)},
      interval_ms_(std::max<std::int64_t>(1, options.interval.ms())),
      format_(prefix(options, node_name), options.tags),
      connector_(loop),
      self_(std::make_shared<GraphiteExporter*>(this)) {
  loop_.arm(*this, interval_ms_);
}

GraphiteExporter::~GraphiteExporter() {
  *self_ = nullptr;
}

void GraphiteExporter::on_timer() {
  loop_.arm(*this, interval_ms_);
  scraper_.collect([self = self_](metrics::Snapshot snapshot) {
    if (*self) (*self)->send(std::move(snapshot));
  });
}

void GraphiteExporter::send(metrics::Snapshot snapshot) {
  std::string lines = format_.lines(snapshot, loop_.clock().unix_ms() / 1000);
  connector_.start(address_, kConnectTimeoutMs, nullptr,
                   [this, lines = std::move(lines)](Result<net::StreamPtr> stream) {
                     if (!stream) {
                       if (!failing_)
                         log::warn("metrics are not sent to Graphite", {{"error", stream.error().message}});
                       failing_ = true;
                       return;
                     }
                     failing_ = false;
                     (*stream)->write(lines);
                     (*stream)->close_after_flush();
                   });
}

}  // namespace whirl::app
