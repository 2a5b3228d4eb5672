#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/function.h"
#include "http/request.h"
#include "http/responder.h"

namespace whirl::http {

/// Serves a request: answers through the responder, now or later. The request ends with the call.
using Handler = UniqueFunction<void(Request&, Responder)>;
/// Looks at a request before its body is read: answers it itself and returns false, or lets it pass.
using Filter = std::function<bool(Request&, Responder&)>;

inline constexpr std::uint64_t kDefaultBodyLimit = 64 * 1024 * 1024;

/// One entry of the router. A path that ends in "/" stands for everything below it ("/" for everything).
struct Route {
  std::string path;
  std::vector<Filter> filters;
  Handler handler;
  std::uint64_t max_body = kDefaultBodyLimit;  ///< bytes; larger bodies are answered with 413
  /// In HTTP/2 the handler is called at the end of the head, and must take the stream within the call: it
  /// reads the body from there.
  bool reads_body = false;
};

/// The paths of one listener on one loop. Filled before it is used.
class Router {
 public:
  /// A handler prefix of the configuration as a path: without trailing slashes, "/" if nothing is left.
  static std::string path_of_prefix(std::string_view prefix);

  void add(Route route);
  /// Asked before those of each route that is added from now on.
  void add_filter(Filter filter) { common_.push_back(std::move(filter)); }
  /// The exact path, or else the longest subtree that it is in; null if there is none.
  Route* find(std::string_view path);

 private:
  std::map<std::string, Route, std::less<>> routes_;
  std::vector<Filter> common_;
};

}  // namespace whirl::http
