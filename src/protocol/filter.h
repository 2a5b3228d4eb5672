#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "protocol/decimal.h"
#include "protocol/messages.h"

namespace whirl::protocol {

/// A tags filter, checked and ready to be asked for each publication. Owns its text, so it outlives the
/// request it came from; immutable. Subscribers with equal filters can share one answer.
class CompiledFilter {
 public:
  using Tag = std::pair<std::string, std::string>;

  /// Fails if the filter breaks a rule: an unknown `op` or `cmp`, a comparison without what it compares or
  /// with more than that, `and`/`or` with no node, `not` with other than one.
  static Result<std::unique_ptr<CompiledFilter>> compile(const FilterNode& filter);

  CompiledFilter(const CompiledFilter&) = delete;
  CompiledFilter& operator=(const CompiledFilter&) = delete;

  /// Whether a publication with these tags (one per key) passes.
  bool matches(std::span<const Tag> tags) const { return matches_at(0, tags); }

  std::size_t hash() const { return hash_; }
  friend bool operator==(const CompiledFilter& a, const CompiledFilter& b) { return a.wire_ == b.wire_; }

 private:
  enum class Kind : std::uint8_t { compare, all, any, negate };
  enum class Cmp : std::uint8_t { eq, neq, in, nin, ex, nex, sw, ew, ct, gt, gte, lt, lte };
  struct CmpRule;

  /// Nodes lie in the order of a walk from the root, so that a node's children follow it; `end` is where they
  /// end.
  struct Node {
    Kind kind = Kind::compare;
    Cmp cmp = Cmp::eq;
    std::uint32_t end = 0;
    std::string_view key;
    std::string_view val;
    std::uint32_t first_val = 0;  // in vals_
    std::uint32_t val_count = 0;
    bool is_number = false;
    Decimal number;  // val, if it is one
  };

  static const CmpRule kRules[];

  CompiledFilter() = default;
  Result<> add(const FilterNode& node);
  Result<> add_comparison(const FilterNode& node);
  Result<> add_logic(const FilterNode& node);
  bool matches_at(std::size_t index, std::span<const Tag> tags) const;
  bool compares(const Node& node, std::span<const Tag> tags) const;

  std::string wire_;  // the filter in Protobuf: all strings point into it, and equal filters are equal here
  std::size_t hash_ = 0;
  std::vector<Node> nodes_;
  std::vector<std::string_view> vals_;
};

}  // namespace whirl::protocol
