// folders: codec protocol
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "codec/json.h"
#include "protocol/filter.h"

namespace {

using whirl::protocol::CompiledFilter;
using whirl::protocol::FilterNode;

std::vector<CompiledFilter::Tag> tags_of(std::string_view line) {
  std::vector<CompiledFilter::Tag> tags;
  while (!line.empty()) {
    std::string_view word = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(word.size() + 1, line.size()));
    std::size_t equals = std::min(word.find('='), word.size());
    tags.emplace_back(word.substr(0, equals), word.substr(std::min(equals + 1, word.size())));
  }
  return tags;
}

}  // namespace

/// The first line has tags as KEY=VALUE; what follows is a filter in JSON.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static whirl::codec::Arena arena;
  arena.reset();
  std::string_view in(reinterpret_cast<const char*>(data), size);
  std::string_view line = in.substr(0, in.find('\n'));
  auto tags = tags_of(line);
  FilterNode node;
  if (!whirl::codec::decode_json(in.substr(std::min(line.size() + 1, in.size())), node, arena)) return 0;
  auto compiled = CompiledFilter::compile(node);
  FilterNode negated;
  negated.op = "not";
  negated.nodes = {&node, 1};
  auto opposite = CompiledFilter::compile(negated);
  if (!compiled || !opposite) return 0;
  WHIRL_CHECK((*compiled)->matches(tags) != (*opposite)->matches(tags));
  WHIRL_CHECK(**CompiledFilter::compile(node) == **compiled);
  return 0;
}
