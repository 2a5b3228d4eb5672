#include "driver/redis/reconnector.h"

#include "base/ids.h"

namespace whirl::driver::redis {
namespace {

double random_part() {
  std::uint32_t bits = 0;
  random_bytes(&bits, sizeof bits);
  return static_cast<double>(bits) / 4294967296.0;
}

}  // namespace

Reconnector::Reconnector(net::Loop& loop, std::unique_ptr<Finder> finder, Link::Options options, User& user)
    : loop_(loop), finder_(std::move(finder)), options_(std::move(options)), user_(user) {}

Reconnector::~Reconnector() {
  if (link_) link_->close();
  loop_.destroy_later(std::move(link_));
}

void Reconnector::renew(std::string_view why) {
  lose(Event::renew, why);
}

void Reconnector::on_up() {
  act(step(state_, Event::connected));
}

void Reconnector::on_down(std::string why) {
  lose(Event::lost, why);
}

void Reconnector::lose(Event event, std::string_view why) {
  const bool was_up = state_.phase == Phase::up;
  const Actions actions = step(state_, event);
  Requests unanswered;
  if (actions.drop && link_) {
    unanswered = link_->take_pending();
    link_->close();
    loop_.destroy_later(std::move(link_));
  }
  if (was_up && actions.drop) {
    user_.on_link_down(std::move(unanswered), why);
  } else if (actions.wait) {
    user_.on_no_link(why);
  }
  act(actions);
}

void Reconnector::act(const Actions& actions) {
  if (actions.tell_up) user_.on_link_up();
  if (actions.find) {
    finder_->find([this, search = ++search_](Result<net::ConnectAddress> address) {
      if (search == search_) found(std::move(address));
    });
  }
  if (actions.connect) link_ = std::make_unique<Link>(loop_, options_, static_cast<Link::Owner&>(*this));
  if (actions.wait) loop_.arm(*this, backoff_ms(state_.failures, random_part()));
}

void Reconnector::found(Result<net::ConnectAddress> address) {
  if (address) {
    options_.address = std::move(*address);
    return act(step(state_, Event::found));
  }
  const Actions actions = step(state_, Event::not_found);
  if (actions.wait) user_.on_no_link(address.error().message);
  act(actions);
}

}  // namespace whirl::driver::redis
