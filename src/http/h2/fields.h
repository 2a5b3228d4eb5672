#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "http/response.h"

namespace whirl::http::h2 {

/// Header fields as HTTP/2 and HTTP/3 write them: names in lower case. Numbers are kept as text.
struct Field {
  std::string name;
  std::string value;
};

/// Appends the fields of header lines, each with its CRLF; without those that are about a connection of
/// HTTP/1.
void append_fields(std::vector<Field>& out, std::string_view lines);

/// The fields of a response's head, ":status" first.
std::vector<Field> fields_of(const ResponseHead& head);

}  // namespace whirl::http::h2
