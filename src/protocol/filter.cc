#include "protocol/filter.h"

#include <algorithm>

#include "codec/arena.h"
#include "codec/protobuf.h"

namespace whirl::protocol {

/// What a comparison takes beside its key.
struct CompiledFilter::CmpRule {
  enum class Takes : std::uint8_t { val, vals, nothing };
  std::string_view name;
  Cmp cmp;
  Takes takes;
};

const CompiledFilter::CmpRule CompiledFilter::kRules[] = {
    {"eq", Cmp::eq, CmpRule::Takes::val},     {"neq", Cmp::neq, CmpRule::Takes::val},
    {"in", Cmp::in, CmpRule::Takes::vals},    {"nin", Cmp::nin, CmpRule::Takes::vals},
    {"ex", Cmp::ex, CmpRule::Takes::nothing}, {"nex", Cmp::nex, CmpRule::Takes::nothing},
    {"sw", Cmp::sw, CmpRule::Takes::val},     {"ew", Cmp::ew, CmpRule::Takes::val},
    {"ct", Cmp::ct, CmpRule::Takes::val},     {"gt", Cmp::gt, CmpRule::Takes::val},
    {"gte", Cmp::gte, CmpRule::Takes::val},   {"lt", Cmp::lt, CmpRule::Takes::val},
    {"lte", Cmp::lte, CmpRule::Takes::val},
};

Result<std::unique_ptr<CompiledFilter>> CompiledFilter::compile(const FilterNode& filter) {
  std::unique_ptr<CompiledFilter> out(new CompiledFilter);
  codec::encode_protobuf(filter, out->wire_);
  out->hash_ = std::hash<std::string_view>()(out->wire_);
  codec::Arena arena;
  FilterNode own;
  auto read = codec::decode_protobuf(out->wire_, own, arena);
  if (!read) return fail("filter: {}", read.error().message);
  auto added = out->add(own);
  if (!added) return tl::unexpected(added.error());
  return out;
}

Result<> CompiledFilter::add(const FilterNode& node) {
  return node.op.empty() ? add_comparison(node) : add_logic(node);
}

Result<> CompiledFilter::add_comparison(const FilterNode& node) {
  using Takes = CmpRule::Takes;
  auto* rule = std::find_if(std::begin(kRules), std::end(kRules),
                            [&](const CmpRule& r) { return r.name == node.cmp; });
  if (rule == std::end(kRules)) return fail("filter: unknown comparison \"{}\"", node.cmp);
  if (node.val.empty() == (rule->takes == Takes::val)) {
    return fail("filter: {} {}", node.cmp, node.val.empty() ? "needs val" : "takes no val");
  }
  if (node.vals.empty() == (rule->takes == Takes::vals)) {
    return fail("filter: {} {}", node.cmp, node.vals.empty() ? "needs vals" : "takes no vals");
  }
  if (node.key.empty() && rule->takes != Takes::nothing) return fail("filter: {} needs a key", node.cmp);
  Node added;
  added.cmp = rule->cmp;
  added.key = node.key;
  added.val = node.val;
  added.end = static_cast<std::uint32_t>(nodes_.size() + 1);
  added.first_val = static_cast<std::uint32_t>(vals_.size());
  added.val_count = static_cast<std::uint32_t>(node.vals.size());
  added.is_number = Decimal::parse(node.val, added.number);
  vals_.insert(vals_.end(), node.vals.begin(), node.vals.end());
  nodes_.push_back(added);
  return {};
}

Result<> CompiledFilter::add_logic(const FilterNode& node) {
  Kind kind;
  if (node.op == "and") {
    kind = Kind::all;
  } else if (node.op == "or") {
    kind = Kind::any;
  } else if (node.op == "not") {
    kind = Kind::negate;
  } else {
    return fail("filter: unknown op \"{}\"", node.op);
  }
  if (kind == Kind::negate && node.nodes.size() != 1) return fail("filter: not needs exactly one node");
  if (node.nodes.empty()) return fail("filter: {} needs at least one node", node.op);
  std::size_t at = nodes_.size();
  nodes_.emplace_back().kind = kind;
  for (const FilterNode& child : node.nodes) {
    if (auto added = add(child); !added) return added;
  }
  nodes_[at].end = static_cast<std::uint32_t>(nodes_.size());
  return {};
}

bool CompiledFilter::matches_at(std::size_t index, std::span<const Tag> tags) const {
  const Node& node = nodes_[index];
  if (node.kind == Kind::compare) return compares(node, tags);
  if (node.kind == Kind::negate) return !matches_at(index + 1, tags);
  bool any = node.kind == Kind::any;
  for (std::size_t child = index + 1; child < node.end; child = nodes_[child].end) {
    if (matches_at(child, tags) == any) return any;
  }
  return !any;
}

bool CompiledFilter::compares(const Node& node, std::span<const Tag> tags) const {
  auto tag = std::find_if(tags.begin(), tags.end(), [&](const Tag& t) { return t.first == node.key; });
  bool exists = tag != tags.end();
  std::string_view value = exists ? std::string_view(tag->second) : std::string_view();
  auto in_vals = [&] {
    auto first = vals_.begin() + node.first_val;
    auto last = first + node.val_count;
    return std::find(first, last, value) != last;  // a missing tag is found as the empty text
  };
  auto ordered = [&](auto accept) {
    Decimal number;
    return exists && node.is_number && Decimal::parse(value, number) && accept(number <=> node.number);
  };
  switch (node.cmp) {
    case Cmp::eq:
      return exists && value == node.val;
    case Cmp::neq:
      return !exists || value != node.val;
    case Cmp::in:
      return in_vals();
    case Cmp::nin:
      return !in_vals();
    case Cmp::ex:
      return exists;
    case Cmp::nex:
      return !exists;
    case Cmp::sw:
      return exists && value.starts_with(node.val);
    case Cmp::ew:
      return exists && value.ends_with(node.val);
    case Cmp::ct:
      return exists && value.find(node.val) != value.npos;
    case Cmp::gt:
      return ordered([](auto order) { return order > 0; });
    case Cmp::gte:
      return ordered([](auto order) { return order >= 0; });
    case Cmp::lt:
      return ordered([](auto order) { return order < 0; });
    case Cmp::lte:
      return ordered([](auto order) { return order <= 0; });
  }
  return false;
}

}  // namespace whirl::protocol
