#include "transport/emulation/sessions.h"

#include <utility>

#include "base/check.h"

namespace whirl::transport::emulation {
namespace {

int here() {
  WHIRL_CHECK(net::Loop::current());
  return net::Loop::current()->index();
}

}  // namespace

Sessions::Sessions(net::Runtime& runtime) : runtime_(runtime) {
  for (int i = 0; i < runtime_.size(); ++i) parts_.push_back(std::make_unique<Part>());
}

void Sessions::on(int loop, net::Loop::Task task) {
  if (loop == here()) {
    task();
  } else {
    runtime_.loop(loop).post(std::move(task));
  }
}

void Sessions::add(const Uuid& id, Receiver& receiver) {
  const int home = here();
  part(home).receivers.emplace(id, &receiver);
  const int owner = owner_of(id);
  on(owner, [this, id, owner, home] { part(owner).loops.emplace(id, home); });
}

void Sessions::remove(const Uuid& id) {
  part(here()).receivers.erase(id);
  const int owner = owner_of(id);
  on(owner, [this, id, owner] { part(owner).loops.erase(id); });
}

void Sessions::deliver(const Uuid& id, std::string data, UniqueFunction<void(Delivery)> done) {
  const int home = here();
  const int owner = owner_of(id);
  on(owner, [this, id, owner, home, data = std::move(data), done = std::move(done)]() mutable {
    const auto at = part(owner).loops.find(id);
    const int loop = at == part(owner).loops.end() ? home : at->second;
    on(loop, [this, id, home, data = std::move(data), done = std::move(done)]() mutable {
      const Delivery delivery = deliver_here(id, data);
      on(home, [delivery, done = std::move(done)]() mutable { done(delivery); });
    });
  });
}

Sessions::Delivery Sessions::deliver_here(const Uuid& id, std::string_view data) {
  auto& receivers = part(here()).receivers;
  const auto at = receivers.find(id);
  if (at == receivers.end()) return Delivery::no_session;
  return at->second->on_commands(data) ? Delivery::delivered : Delivery::malformed;
}

}  // namespace whirl::transport::emulation
