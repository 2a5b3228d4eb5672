#include "hub/users.h"

#include "base/check.h"

namespace whirl::hub {

bool Users::add(Subscriber& subscriber) {
  auto& links = subscriber.links();
  WHIRL_CHECK(!links.registered);
  links.registered = true;
  auto [at, is_new] = first_.insert(&subscriber);
  if (is_new) return true;
  auto& first = (*at)->links();
  links.next = first.next;
  links.previous = *at;
  if (first.next) first.next->links().previous = &subscriber;
  first.next = &subscriber;
  return false;
}

bool Users::remove(Subscriber& subscriber) {
  auto& links = subscriber.links();
  WHIRL_CHECK(links.registered);
  if (links.next) links.next->links().previous = links.previous;
  if (links.previous) {
    links.previous->links().next = links.next;
  } else {
    first_.erase(&subscriber);
    if (links.next) first_.insert(links.next);
  }
  bool was_last = !links.previous && !links.next;
  links.next = links.previous = nullptr;
  links.registered = false;
  return was_last;
}

std::size_t Users::connections(std::string_view user) const {
  std::size_t count = 0;
  for_each(user, [&](Subscriber&) { ++count; });
  return count;
}

}  // namespace whirl::hub
