#include "session/wire.h"

#include <new>

#include "codec/json.h"
#include "protocol/delta.h"

namespace whirl::session {

using protocol::Encoding;

codec::Raw Wire::payload(std::string_view bytes) {
  if (bytes.empty()) return {};
  if (encoding_ == Encoding::json && !codec::is_json(bytes)) can_be_shown_ = false;
  return {bytes};
}

void Wire::fill(protocol::ClientInfo& out, const broker::ClientInfo& info) {
  out.user = info.user;
  out.client = info.client;
  out.conn_info = payload(info.conn_info);
  out.chan_info = payload(info.chan_info);
}

const protocol::ClientInfo* Wire::info(const broker::ClientInfo* info) {
  if (!info) return nullptr;
  protocol::ClientInfo& out = array<protocol::ClientInfo>(1).front();
  fill(out, *info);
  return &out;
}

protocol::Publication Wire::publication(const broker::Publication& publication, std::string_view epoch) {
  protocol::Publication out;
  out.info = info(publication.info.get());
  out.offset = publication.offset;
  out.version = publication.version;
  if (publication.offset == 1) out.epoch = epoch;
  if (!publication.tags.empty()) {
    auto tags = array<codec::Entry<std::string_view>>(publication.tags.size());
    for (std::size_t i = 0; i < tags.size(); ++i) {
      tags[i] = {publication.tags[i].first, publication.tags[i].second};
    }
    out.tags = tags;
  }
  return out;
}

protocol::List<protocol::Publication> Wire::publications(std::span<const broker::PublicationPtr> publications,
                                                         std::string_view epoch) {
  auto out = array<protocol::Publication>(publications.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = publication(*publications[i], epoch);
    out[i].data = payload(publications[i]->data.view());
  }
  return out;
}

protocol::List<protocol::Publication> Wire::deltas(std::span<const broker::PublicationPtr> publications,
                                                   std::string_view epoch) {
  // Such publications carry no version, and in JSON, where their data is a string, no epoch either.
  if (encoding_ == Encoding::json) epoch = {};
  auto out = array<protocol::Publication>(publications.size());
  std::string data;
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = publication(*publications[i], epoch);
    out[i].version = 0;
    data.clear();
    if (i == 0) {
      protocol::append_full_data(data, encoding_, publications[i]->data.view());
    } else {
      out[i].delta = protocol::append_delta_data(data, encoding_, publications[i - 1]->data.view(),
                                                 publications[i]->data.view());
    }
    out[i].data = {arena_.copy(data)};
  }
  return out;
}

protocol::Map<protocol::ClientInfo> Wire::presence(const broker::PresenceMap& presence) {
  auto out = array<codec::Entry<protocol::ClientInfo>>(presence.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].key = presence[i].first;
    fill(out[i].value, *presence[i].second);
  }
  return out;
}

protocol::SubscribeResult Wire::subscribe_result(const Subscribed& subscribed) {
  protocol::SubscribeResult out;
  out.expires = subscribed.expires;
  out.ttl = subscribed.ttl;
  out.positioned = subscribed.positioned;
  out.recoverable = subscribed.recoverable;
  out.recovered = subscribed.recovered;
  out.was_recovering = subscribed.was_recovering;
  out.delta = subscribed.delta;
  out.epoch = subscribed.position.epoch;
  out.offset = subscribed.position.offset;
  out.data = payload(subscribed.data);
  out.publications = subscribed.delta ? deltas(subscribed.publications, subscribed.position.epoch)
                                      : publications(subscribed.publications, subscribed.position.epoch);
  return out;
}

}  // namespace whirl::session
