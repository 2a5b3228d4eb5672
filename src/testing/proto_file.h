#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "codec/schema.h"

namespace whirl::testing {

/// Messages as a line per field, for comparing: "4 bytes data", "6 map<string,string> tags". Sorted.
using Fields = std::vector<std::string>;

/// Reads the messages of a .proto file that has nothing else in it.
std::map<std::string, Fields> read_proto_file(const std::string& path);

/// The same from tables. `names` knows every message that any of them leads to.
std::map<std::string, Fields> describe_tables(const std::map<std::string, const codec::Table*>& names);

}  // namespace whirl::testing
