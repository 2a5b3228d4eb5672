#pragma once
#include <compare>
#include <string_view>

namespace whirl::protocol {

/// A decimal number as text, for exact comparison: digits with an optional sign and an optional fraction.
/// Points into the text it was read from.
class Decimal {
 public:
  static constexpr std::size_t kMaxText = 200;
  static constexpr std::size_t kMaxFraction = 19;

  /// Not a number: no spaces, exponents, missing digits beside the point, more than kMaxText characters or
  /// more than kMaxFraction digits after the point.
  static bool parse(std::string_view text, Decimal& out);

  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);
  friend bool operator==(const Decimal& a, const Decimal& b) { return (a <=> b) == 0; }

 private:
  bool negative_ = false;
  std::string_view whole_;     // without leading zeros
  std::string_view fraction_;  // without trailing zeros
};

}  // namespace whirl::protocol
