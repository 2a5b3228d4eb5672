#include "protocol/errors.h"

namespace whirl::protocol {
namespace {

constexpr const Error* kErrors[] = {&errors::internal,
                                    &errors::unauthorized,
                                    &errors::unknown_channel,
                                    &errors::permission_denied,
                                    &errors::method_not_found,
                                    &errors::already_subscribed,
                                    &errors::limit_exceeded,
                                    &errors::bad_request,
                                    &errors::not_available,
                                    &errors::token_expired,
                                    &errors::expired,
                                    &errors::too_many_requests,
                                    &errors::unrecoverable_position,
                                    &errors::concurrent_pagination};

constexpr const Disconnect* kDisconnects[] = {&disconnects::connection_closed,
                                              &disconnects::shutdown,
                                              &disconnects::server_error,
                                              &disconnects::expired,
                                              &disconnects::subscription_expired,
                                              &disconnects::slow,
                                              &disconnects::write_error,
                                              &disconnects::insufficient_state,
                                              &disconnects::force_reconnect,
                                              &disconnects::no_pong,
                                              &disconnects::too_many_requests,
                                              &disconnects::state_invalidated,
                                              &disconnects::invalid_token,
                                              &disconnects::bad_request,
                                              &disconnects::stale,
                                              &disconnects::force_disconnect,
                                              &disconnects::connection_limit,
                                              &disconnects::channel_limit,
                                              &disconnects::inappropriate_protocol,
                                              &disconnects::permission_denied,
                                              &disconnects::not_available,
                                              &disconnects::too_many_errors};

constexpr const Unsubscribe* kUnsubscribes[] = {&unsubscribes::server, &unsubscribes::insufficient_state,
                                                &unsubscribes::expired, &unsubscribes::state_invalidated};

template <class Row>
const Row* find(std::span<const Row* const> rows, std::uint32_t code) {
  for (const Row* row : rows) {
    if (row->code == code) return row;
  }
  return nullptr;
}

}  // namespace

std::span<const Error* const> all_errors() {
  return kErrors;
}
std::span<const Disconnect* const> all_disconnects() {
  return kDisconnects;
}
std::span<const Unsubscribe* const> all_unsubscribes() {
  return kUnsubscribes;
}

const Error* find_error(std::uint32_t code) {
  return find(all_errors(), code);
}
const Disconnect* find_disconnect(std::uint32_t code) {
  return find(all_disconnects(), code);
}

}  // namespace whirl::protocol
