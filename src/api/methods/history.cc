#include <deque>
#include <vector>

#include "api/client_info.h"
#include "api/methods/list.h"

namespace whirl::api {
namespace {

using TagList = std::vector<codec::Entry<std::string_view>>;

void reply(Call<HistoryResult>& call, const broker::HistoryResult& history) {
  std::deque<ClientInfo> infos;
  std::deque<TagList> tags;
  std::vector<Publication> publications;
  for (const broker::PublicationPtr& from : history.publications) {
    Publication& to = publications.emplace_back();
    if (from->data.size() > 0) to.data = {from->data.view()};
    if (from->info) to.info = &infos.emplace_back(client_info(*from->info));
    to.offset = from->offset;
    if (from->tags.empty()) continue;
    TagList& list = tags.emplace_back();
    for (const auto& [key, value] : from->tags) list.push_back({key, value});
    to.tags = list;
  }
  call.reply({.publications = publications, .epoch = history.top.epoch, .offset = history.top.offset});
}

}  // namespace

void history(Call<HistoryResult> call, const HistoryRequest& request) {
  const channel::Namespace* ns = call.find_namespace(request.channel);
  if (!ns) return;
  if (!ns->keeps_history()) return call.refuse(errors::not_available, "the channel keeps no history");
  broker::HistoryQuery query;
  if (request.since) {
    query.has_since = true;
    query.since = {request.since->offset, std::string(request.since->epoch)};
  }
  query.limit = request.limit;
  query.reverse = request.reverse;
  query.meta_ttl_ms = ns->history_meta_ttl.ms();
  if (query.reverse && query.has_since && query.since.offset == 0) {
    return call.refuse(errors::internal, "nothing is before offset 0");
  }
  std::string epoch = query.since.epoch;
  hub::Node& node = call.context().node;
  node.history(std::string(request.channel), std::move(query),
               [call = std::move(call), epoch](Result<broker::HistoryResult> done) mutable {
                 if (!done) return call.fail(done.error());
                 if (!epoch.empty() && epoch != done->top.epoch) {
                   return call.refuse(errors::unrecoverable_position, "the stream has another epoch");
                 }
                 reply(call, *done);
               });
}

}  // namespace whirl::api
