#include "broker/redis/history.h"

#include <algorithm>
#include <charconv>

#include "base/ids.h"
#include "broker/redis/format.h"

namespace whirl::broker::redis {
namespace {

using driver::redis::Value;

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

Result<StreamPosition> read_top(const Value& value) {
  std::int64_t offset = 0;
  if (value.items.size() < 3 || !value.items[0].to_integer(offset)) {
    return fail("the answer about a stream is malformed");
  }
  return StreamPosition{static_cast<std::uint64_t>(offset), std::string(value.items[1].text)};
}

/// An entry is its id, "4-0" for offset 4, and a list of fields and values.
Result<PublicationPtr> read_entry(const Value& entry) {
  std::uint64_t offset = 0;
  if (entry.items.size() == 2) {
    const std::string_view id = entry.items[0].text;
    const std::vector<Value>& fields = entry.items[1].items;
    const bool good = std::from_chars(id.data(), id.data() + id.size(), offset).ec == std::errc{};
    for (std::size_t i = 0; good && i + 1 < fields.size(); i += 2) {
      if (fields[i].text != "d") continue;
      auto decoded = decode_publication(fields[i + 1].text, offset);
      if (!decoded) return tl::unexpected(std::move(decoded.error()));
      return std::move(decoded->publication);
    }
  }
  return fail("an entry of the stream is malformed");
}

}  // namespace

std::string new_epoch() {
  unsigned char bytes[8];
  random_bytes(bytes, sizeof bytes);
  std::string out;
  for (unsigned char byte : bytes) out += kLetters[byte % kLetters.size()];
  return out;
}

HistoryRange range_of(const HistoryQuery& query, bool lists) {
  HistoryRange out;
  out.wanted = query.limit != 0;
  if (lists) return out;
  if (query.limit > 0) out.limit = std::to_string(query.limit);
  if (!query.has_since) return out;
  if (!query.reverse) {
    out.first = std::to_string(query.since.offset + 1);
  } else if (query.since.offset <= 1) {
    out.wanted = false;  // nothing is before the first one
  } else {
    out.first = std::to_string(query.since.offset - 1);
  }
  return out;
}

Result<PublishResult> read_publish_result(const Value& value) {
  PublishResult out;
  std::int64_t offset = 0;
  if (value.items.size() != 4 || (!value.items[0].is_nil() && !value.items[0].to_integer(offset))) {
    return fail("the answer to a publication is malformed");
  }
  out.position = {static_cast<std::uint64_t>(offset), std::string(value.items[1].text)};
  out.suppressed_by_version = value.items[3].text == "1";
  out.suppressed = out.suppressed_by_version || value.items[2].text == "1";
  return out;
}

Result<HistoryResult> read_stream(const Value& value) {
  auto top = read_top(value);
  if (!top) return tl::unexpected(std::move(top.error()));
  HistoryResult out;
  out.top = std::move(*top);
  out.publications.reserve(value.items[2].items.size());
  for (const Value& entry : value.items[2].items) {
    auto publication = read_entry(entry);
    if (!publication) return tl::unexpected(std::move(publication.error()));
    out.publications.push_back(std::move(*publication));
  }
  return out;
}

Result<HistoryResult> read_list(const Value& value, const HistoryQuery& query) {
  auto top = read_top(value);
  if (!top) return tl::unexpected(std::move(top.error()));
  HistoryResult out;
  out.top = std::move(*top);
  const std::vector<Value>& newest_first = value.items[2].items;
  for (auto item = newest_first.rbegin(); item != newest_first.rend(); ++item) {
    auto push = parse_push(item->text);
    if (!push) return tl::unexpected(std::move(push.error()));
    if (query.has_since && push->offset <= query.since.offset) continue;
    if (query.limit >= 0 && out.publications.size() == static_cast<std::size_t>(query.limit)) break;
    auto decoded = decode_publication(push->payload, push->offset);
    if (!decoded) return tl::unexpected(std::move(decoded.error()));
    out.publications.push_back(std::move(decoded->publication));
  }
  return out;
}

}  // namespace whirl::broker::redis
