#include "channel/rules.h"
#include "codec/json.h"

namespace whirl::channel {

bool valid_data(DataFormat format, std::string_view data) {
  switch (format) {
    case DataFormat::not_empty:
      return !data.empty();
    case DataFormat::json:
      return codec::is_json(data);
    case DataFormat::json_object: {
      const auto first = data.find_first_not_of(" \t\r\n");
      return first != data.npos && data[first] == '{' && codec::is_json(data);
    }
    case DataFormat::binary:
      return true;
  }
  return false;
}

}  // namespace whirl::channel
