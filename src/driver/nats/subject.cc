#include "driver/nats/subject.h"

namespace whirl::driver::nats {
namespace {

constexpr std::size_t kMaxLength = 3 * 1024;  // servers take lines of 4 KiB unless told otherwise

}  // namespace

bool is_subject(std::string_view text) {
  if (text.empty() || text.size() > kMaxLength) return false;
  if (text.front() == '.' || text.back() == '.' || text.find("..") != std::string_view::npos) return false;
  return text.find_first_of(kSeparators) == std::string_view::npos;
}

}  // namespace whirl::driver::nats
