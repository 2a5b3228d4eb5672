#include "http/router.h"

#include "base/check.h"

namespace whirl::http {

std::string Router::path_of_prefix(std::string_view prefix) {
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  return prefix.empty() ? "/" : std::string(prefix);
}

void Router::add(Route route) {
  WHIRL_CHECK(route.path.starts_with('/'));
  route.filters.insert(route.filters.begin(), common_.begin(), common_.end());
  std::string path = route.path;
  routes_.insert_or_assign(std::move(path), std::move(route));
}

Route* Router::find(std::string_view path) {
  if (auto exact = routes_.find(path); exact != routes_.end()) return &exact->second;
  while (!path.empty()) {
    path.remove_suffix(1);
    while (!path.empty() && !path.ends_with('/')) path.remove_suffix(1);
    if (auto subtree = routes_.find(path); subtree != routes_.end()) return &subtree->second;
  }
  return nullptr;
}

}  // namespace whirl::http
