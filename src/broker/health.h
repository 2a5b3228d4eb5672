#pragma once
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace whirl::broker {

/// What of the engine's connections does not work now, for the readiness endpoint. Owned by the server,
/// outlives the engine; may be used on any thread.
class Health {
 public:
  /// `part` names the connection ("redis 127.0.0.1:6379, loop 1"), `trouble` says what is wrong and since
  /// when.
  void set_unhealthy(std::string_view part, std::string trouble);
  void set_healthy(std::string_view part);

  /// Part → trouble, of what is unhealthy.
  std::map<std::string, std::string, std::less<>> troubles() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> troubles_;
};

}  // namespace whirl::broker
