#include "hub/subscriber.h"

#include "base/check.h"

namespace whirl::hub {

Subscriber::~Subscriber() {
  WHIRL_CHECK(!links_.registered);
  for (PendingLink* p = links_.pending; p; p = p->next) {
    p->subscriber = nullptr;
    p->link = nullptr;
  }
}

}  // namespace whirl::hub
