#include "hub/recovery.h"

#include <algorithm>

namespace whirl::hub {
namespace {

using broker::HistoryResult;
using broker::PublicationPtr;

/// The filter that counts, or null.
const protocol::CompiledFilter* filter_of(const SubscribeRequest& request) {
  return request.delta ? nullptr : request.filter.get();
}

bool passes(const protocol::CompiledFilter* filter, const PublicationPtr& publication) {
  return !filter || filter->matches(publication->tags);
}

/// The history holds everything after `since` up to the top.
bool reaches_back(const broker::StreamPosition& since, const HistoryResult& history) {
  if (!since.epoch.empty() && since.epoch != history.top.epoch) return false;
  if (history.publications.empty()) return since.offset == history.top.offset;
  return history.publications.front()->offset == since.offset + 1 &&
         history.publications.back()->offset == history.top.offset;
}

void recover_stream(const SubscribeRequest& request, HistoryResult& history, SubscribeOutcome& out) {
  out.recovered = reaches_back(request.since, history);
  if (!out.recovered) return;
  const auto* filter = filter_of(request);
  for (auto& publication : history.publications) {
    if (passes(filter, publication)) out.publications.push_back(std::move(publication));
  }
}

/// `history` is read backwards: the newest one that passes is the state to be told, unless the client has it.
void recover_cache(const SubscribeRequest& request, const HistoryResult& history, SubscribeOutcome& out) {
  const auto* filter = filter_of(request);
  auto chosen = std::ranges::find_if(history.publications, [&](const auto& p) { return passes(filter, p); });
  bool is_current = request.since.offset > 0 && request.since == history.top;
  if (chosen == history.publications.end()) {
    out.recovered = is_current;
    return;
  }
  out.recovered = history.publications.front()->offset == history.top.offset;
  if (out.recovered && !is_current) out.publications.push_back(*chosen);
}

}  // namespace

broker::HistoryQuery recovery_query(const SubscribeRequest& request) {
  broker::HistoryQuery query;
  query.meta_ttl_ms = request.history_meta_ttl_ms;
  if (!request.recover) return query;
  query.limit = request.recover_limit > 0 ? request.recover_limit : -1;
  if (request.recovery_mode == RecoveryMode::cache) {
    query.reverse = true;
    if (!filter_of(request)) query.limit = 1;
  } else {
    query.has_since = true;
    query.since = request.since;
  }
  return query;
}

SubscribeOutcome decide_recovery(const SubscribeRequest& request, HistoryResult history,
                                 std::span<const Heard> heard) {
  SubscribeOutcome out;
  bool cache = request.recovery_mode == RecoveryMode::cache;
  if (request.recover && cache) recover_cache(request, history, out);
  if (request.recover && !cache) recover_stream(request, history, out);
  out.position = std::move(history.top);

  for (const Heard& live : heard) {
    const auto& publication = live.publication;
    if (publication->offset <= out.position.offset) continue;
    if (out.position.epoch.empty()) out.position.epoch = live.epoch;
    if (live.epoch != out.position.epoch) continue;
    if (publication->offset > out.position.offset + 1) out.recovered = false;
    out.position.offset = publication->offset;
    if (out.recovered && passes(filter_of(request), publication)) out.publications.push_back(publication);
  }
  if (!out.recovered) out.publications.clear();
  if (cache && !request.delta && out.publications.size() > 1) {
    out.publications.erase(out.publications.begin(), out.publications.end() - 1);
  }
  return out;
}

}  // namespace whirl::hub
