#include "acme/host.h"

#include <algorithm>
#include <cctype>

namespace whirl::acme {
namespace {

constexpr std::size_t kMaxName = 253;
constexpr std::size_t kMaxLabel = 63;

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > kMaxLabel || label.front() == '-' || label.back() == '-') return false;
  for (unsigned char c : label) {
    if (!std::isalnum(c) && c != '-') return false;
  }
  return true;
}

}  // namespace

std::string certifiable_host(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.size() > kMaxName || name.find('.') == name.npos) return "";
  std::string out;
  for (unsigned char c : name) out += static_cast<char>(std::tolower(c));
  std::string_view rest = out;
  std::string_view label;
  while (!rest.empty()) {
    label = rest.substr(0, rest.find('.'));
    if (!is_label(label)) return "";
    rest.remove_prefix(std::min(label.size() + 1, rest.size()));
  }
  // The last label of an address is a number.
  return label.find_first_not_of("0123456789") == label.npos || name.ends_with('.') ? "" : out;
}

}  // namespace whirl::acme
