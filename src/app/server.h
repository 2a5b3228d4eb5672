#pragma once
#include <memory>
#include <vector>

#include "app/autocert.h"
#include "app/graphite_exporter.h"
#include "app/listeners.h"
#include "app/loop_server.h"
#include "app/node_metrics.h"
#include "app/scraper.h"
#include "app/serve.h"
#include "app/signals.h"
#include "broker/health.h"
#include "config/config.h"
#include "hub/node.h"
#include "net/runtime.h"

namespace whirl::app {

/// The whole running server. Owned by the main thread, which makes it, runs it to its end, and destroys it.
/// Signals are handled on the first loop.
class Server {
 public:
  /// Fails on whatever keeps the configuration from being served: keys, rules, addresses. Nothing runs yet,
  /// but the sockets are open.
  static Result<std::unique_ptr<Server>> create(config::Config config, ServeOptions options);
  ~Server();

  /// Runs the loops until the process was told to stop. Returns the exit code.
  int run();

  const std::vector<Listener>& listeners() const { return listeners_; }
  int loops() const { return runtime_.size(); }

 private:
  explicit Server(ServeOptions options);
  Result<> prepare(config::Config config);
  Result<> prepare_http3();

  /// What keeps a loop from ending.
  struct Left {
    bool connections = false;
    bool lingering = false;  ///< closed, but the peer may not have read everything yet
  };

  // On the first loop.
  void on_signal(int signal);
  void reload();
  Result<> apply(const config::Config& config);
  void use_certificates(const std::vector<Listener>& plan);
  void begin_shutdown();
  void ask_what_is_left();
  void told_what_is_left(Left left);
  void end(int exit_code);

  static constexpr std::int64_t kAskEveryMs = 20;
  static constexpr std::int64_t kFarewellMs = 1000;  // for peers to read the end of closed connections

  ServeOptions options_;
  net::Runtime runtime_;
  Scraper scraper_;
  broker::Health health_;
  http::RateLimit connection_rate_{0};
  std::unique_ptr<hub::Node> node_;
  transport::emulation::Sessions emulated_;
  std::unique_ptr<Shared> shared_;
  std::unique_ptr<Http3> http3_;  // null: none
  std::vector<std::unique_ptr<LoopServer>> loop_servers_;
  std::unique_ptr<Autocert> autocert_;
  TlsShared tls_;
  std::vector<Listener> listeners_;
  std::unique_ptr<Signals> signals_;
  std::unique_ptr<NodeMetrics> node_metrics_;
  std::unique_ptr<GraphiteExporter> graphite_;

  bool stopping_ = false;
  bool farewell_ = false;  // no connection is left
  int exit_code_ = 0;
  int missing_answers_ = 0;
  Left left_;
  std::int64_t give_up_at_ms_ = 0;
  net::CallbackTimer ask_timer_;
};

}  // namespace whirl::app
