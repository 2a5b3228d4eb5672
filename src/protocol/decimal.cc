#include "protocol/decimal.h"

#include <cstddef>

namespace whirl::protocol {
namespace {

std::size_t digits_in_front(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && text[n] >= '0' && text[n] <= '9') ++n;
  return n;
}

std::strong_ordering compare_magnitudes(std::string_view whole_a, std::string_view fraction_a,
                                        std::string_view whole_b, std::string_view fraction_b) {
  if (whole_a.size() != whole_b.size()) return whole_a.size() <=> whole_b.size();
  if (whole_a != whole_b) return whole_a <=> whole_b;
  return fraction_a <=> fraction_b;
}

}  // namespace

bool Decimal::parse(std::string_view text, Decimal& out) {
  if (text.empty() || text.size() > kMaxText) return false;
  bool negative = text[0] == '-';
  if (negative || text[0] == '+') text.remove_prefix(1);
  std::size_t whole = digits_in_front(text);
  if (whole == 0) return false;
  std::string_view fraction;
  if (whole < text.size()) {
    fraction = text.substr(whole + 1);
    if (text[whole] != '.' || fraction.empty() || fraction.size() > kMaxFraction) return false;
    if (digits_in_front(fraction) != fraction.size()) return false;
  }
  std::string_view digits = text.substr(0, whole);
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  fraction = fraction.substr(0, fraction.find_last_not_of('0') + 1);
  out.whole_ = digits;
  out.fraction_ = fraction;
  out.negative_ = negative && !(digits.empty() && fraction.empty());
  return true;
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
  if (a.negative_ != b.negative_) return b.negative_ <=> a.negative_;
  auto order = compare_magnitudes(a.whole_, a.fraction_, b.whole_, b.fraction_);
  return a.negative_ ? 0 <=> order : order;
}

}  // namespace whirl::protocol
