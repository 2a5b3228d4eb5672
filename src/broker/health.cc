#include "broker/health.h"

#include <utility>

namespace whirl::broker {

void Health::set_unhealthy(std::string_view part, std::string trouble) {
  std::lock_guard lock(mutex_);
  troubles_.insert_or_assign(std::string(part), std::move(trouble));
}

void Health::set_healthy(std::string_view part) {
  std::lock_guard lock(mutex_);
  if (auto at = troubles_.find(part); at != troubles_.end()) troubles_.erase(at);
}

std::map<std::string, std::string, std::less<>> Health::troubles() const {
  std::lock_guard lock(mutex_);
  return troubles_;
}

}  // namespace whirl::broker
