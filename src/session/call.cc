#include "session/call.h"

#include <time.h>

#include "base/log.h"
#include "protocol/errors.h"
#include "protocol/outgoing.h"
#include "session/client.h"

namespace whirl::session {
namespace {

std::int64_t now_us() {
  timespec now;
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
}

std::string_view name_of(protocol::Method method) {
  return protocol::kCommands[static_cast<std::size_t>(method)].name;
}

}  // namespace

Call::Call(Client& client, protocol::Method method, std::uint32_t id)
    : client_(client.weak()), started_us_(now_us()), id_(id), method_(method) {}

std::shared_ptr<Client> Call::client() const {
  auto client = client_.lock();
  return client && !client->closed() ? client : nullptr;
}

void Call::finish(Client& client) {
  client.metrics().command(method_, now_us() - started_us_);
  client.finished();
}

bool Call::send(protocol::Reply reply, bool can_be_shown) {
  auto client = this->client();
  if (!client) return false;
  if (!can_be_shown) {
    refuse(protocol::disconnects::inappropriate_protocol, "a payload is not JSON");
    return false;
  }
  reply.id = id_;
  client->send(protocol::reply_frame(client->variant(), reply), frame_type(method_));
  return true;
}

void Call::reply(protocol::Reply reply, bool can_be_shown) {
  if (send(reply, can_be_shown)) done();
}

void Call::done() {
  if (auto client = this->client()) finish(*client);
}

void Call::refuse(const protocol::Error& error, std::string why) {
  refuse(Refusal::error(error, std::move(why)));
}

void Call::refuse(const protocol::Disconnect& disconnect, std::string why) {
  refuse(Refusal::disconnect(disconnect, std::move(why)));
}

void Call::fail(const whirl::Error& error, std::string_view what) {
  log::error(what, {{"command", name_of(method_)}, {"error", error.message}});
  refuse(protocol::errors::internal, error.message);
}

void Call::refuse(const Refusal& refusal) {
  auto client = this->client();
  if (!client) return;
  log::debug(refusal.ends_connection ? "a command ends the connection" : "a command is refused",
             {{"command", name_of(method_)},
              {"code", refusal.code},
              {"reason", refusal.text},
              {"why", refusal.why},
              {"client", client->id_text()},
              {"user", client->user()}});
  if (refusal.ends_connection) {
    client->metrics().command(method_, now_us() - started_us_);
    return client->close({refusal.code, refusal.text});
  }
  std::string message = refusal.text;
  if (client->settings().explains_errors && !refusal.why.empty()) message += ": " + refusal.why;
  client->metrics().reply_error(method_, refusal.code);
  const protocol::Error error{refusal.code, message, refusal.temporary};
  protocol::Reply reply;
  reply.id = id_;
  reply.error = &error;
  client->send(protocol::reply_frame(client->variant(), reply), frame_type(method_));
  finish(*client);
}

}  // namespace whirl::session
