#pragma once
#include <nghttp3/nghttp3.h>

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace whirl::http::h3 {

/// Header fields as HTTP/3 has them, for nghttp3.
class Fields {
 public:
  /// The name in lower case.
  void add(std::string_view name, std::string_view value);
  /// Lines as HTTP/1 has them, each with its CRLF. What concerns the connection of HTTP/1 is left out.
  void add_lines(std::string_view lines);

  const nghttp3_nv* data() const { return list_.data(); }
  std::size_t size() const { return list_.size(); }

 private:
  std::deque<std::pair<std::string, std::string>> texts_;  // where they are does not change
  std::vector<nghttp3_nv> list_;
};

}  // namespace whirl::http::h3
