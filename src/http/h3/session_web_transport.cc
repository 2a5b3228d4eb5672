#include <utility>

#include "http/h3/session.h"

namespace whirl::http::h3 {
namespace {

// Streams of no session that we know of, and all but the first of one.
constexpr std::uint64_t kStreamRejected = 0x3994bd84;
constexpr std::size_t kTypeSize = 2;
constexpr char kTypeBegin = 0x40;

}  // namespace

Channel* Session::find_channel(std::int64_t id) {
  auto found = channels_.find(id);
  return found == channels_.end() ? nullptr : found->second.get();
}

// `bytes`: all that came of a new stream. False if it is that of a request; else it was dealt with, if only
// by waiting for more.
bool Session::is_web_transport(std::int64_t id, std::string_view bytes, bool last) {
  const auto type = read_varint(bytes.substr(0, kTypeSize));
  const bool undecided = bytes.empty() || (bytes.size() < kTypeSize && bytes.front() == kTypeBegin);
  const bool decided = type && type->value == kWebTransportStream;
  if (!undecided && !decided) return false;
  const auto request = decided ? read_varint(bytes.substr(type->size)) : std::nullopt;
  if (!request) {
    if (last) {
      quic_.consumed(id, bytes.size());
      quic_.reset(id, kStreamRejected);
    } else {
      sniffed_[id] = bytes;
    }
    return true;
  }
  sniffed_.erase(id);
  quic_.consumed(id, type->size + request->size);
  if (begin_channel(id, static_cast<std::int64_t>(request->value))) {
    on_channel_data(*find_channel(id), bytes.substr(type->size + request->size), last);
  } else {
    quic_.reset(id, kStreamRejected);
    quic_.stop_reading(id, kStreamRejected);
  }
  quic_.flush_later();
  return true;
}

bool Session::begin_channel(std::int64_t id, std::int64_t request) {
  RequestStream* owner = find(request);
  if (!owner || !owner->is_web_transport() || !owner->stream() || owner->channel >= 0) return false;
  auto channel = std::make_unique<Channel>();
  channel->id = id;
  channel->request = request;
  owner->channel = id;
  channels_[id] = std::move(channel);
  return true;
}

void Session::on_channel_data(Channel& channel, std::string_view bytes, bool last) {
  channel.held += bytes;
  channel.client_done |= last;
  deliver(channel);
}

void Session::resume_channel(std::int64_t id) {
  if (Channel* channel = find_channel(id)) deliver(*channel);
}

void Session::deliver(Channel& channel) {
  const std::int64_t id = channel.id;
  auto stream_of = [this](const Channel& of) {
    RequestStream* request = find(of.request);
    return request ? request->stream() : nullptr;
  };
  SessionStream* stream = stream_of(channel);
  if (stream && stream->paused()) return;
  std::string bytes = std::exchange(channel.held, {});
  if (!bytes.empty()) {
    quic_.consumed(id, bytes.size());
    if (stream) stream->received(bytes);
  }
  // What the receiver did may have changed everything.
  Channel* still = find_channel(id);
  if (!still || !still->client_done || !still->held.empty()) return;
  stream = stream_of(*still);
  if (stream && !stream->paused()) stream->ended(false);
}

// The end of a session makes browsers drop what the page has not read yet, though it has arrived. So it is
// told a moment after the end of the channel arrived; by then most clients have ended the session themselves.
void Session::end_channel(std::int64_t id, SessionStream& stream) {
  Channel* channel = find_channel(id);
  if (!channel) return;
  while (SharedBytes bytes = stream.next()) channel->out.push(std::move(bytes));
  channel->out.end();
  quic_.stop_reading(id, kNoError);
  quic_.flush_later();
}

bool Session::channel_arrived(std::int64_t id) const {
  auto found = channels_.find(id);
  return found == channels_.end() || found->second->out.arrived();
}

}  // namespace whirl::http::h3
