#include "app/scraper.h"

#include "base/check.h"
#include "metrics/exposition.h"

namespace whirl::app {

struct Scraper::Round {
  metrics::Snapshot sum;
  int missing;
  UniqueFunction<void(metrics::Snapshot)> done;
};

Scraper::Scraper(net::Runtime& runtime) : runtime_(runtime) {
  for (int i = 0; i < runtime.size(); ++i) loops_.push_back(std::make_unique<metrics::LoopMetrics>());
}

void Scraper::collect(UniqueFunction<void(metrics::Snapshot)> done) {
  net::Loop* home = net::Loop::current();
  WHIRL_CHECK(home);
  auto round = std::make_shared<Round>(Round{{}, runtime_.size(), std::move(done)});
  metrics::add_process_metrics(round->sum);
  for (int i = 0; i < runtime_.size(); ++i) {
    net::Loop& loop = runtime_.loop(i);
    // The round is used and ends at home: the other loop only carries the reference there and back.
    loop.post([&loop, &metrics = of(i), home, round]() mutable {
      auto part = metrics.registry.collect(loop.now_ms());
      home->post([round = std::move(round), part = std::move(part)] {
        metrics::merge(round->sum, part);
        if (--round->missing == 0) round->done(std::move(round->sum));
      });
    });
  }
}

}  // namespace whirl::app
