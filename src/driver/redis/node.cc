#include "driver/redis/node.h"

namespace whirl::driver::redis {

Node::Node(net::Loop& loop, std::unique_ptr<Finder> finder, Link::Options options, Watcher& watcher)
    : loop_(loop), watcher_(watcher), link_(loop, std::move(finder), std::move(options), *this) {
  link_.start();
}

Node::~Node() = default;

void Node::send(Request request) {
  Link* link = link_.link();
  if (link && link->unsent_bytes() < kMaxUnsentBytes) return link->send(std::move(request));
  if (link) return fail_request(request, "the server takes no more commands: its queue is full");
  if (waiting_.size() >= kMaxWaiting) {
    return fail_request(request, "too many commands wait for a connection: " + trouble_);
  }
  waiting_.push_back(std::move(request));
  if (waiting_.size() == 1) watch_deadline();
}

void Node::on_link_up() {
  watcher_.on_node_up(*this);
  Requests waiting = std::exchange(waiting_, {});
  Timer::cancel();
  for (Request& request : waiting) send(std::move(request));
}

/// What may be repeated goes to the front of what waits; for the rest nobody knows whether it was done.
void Node::on_link_down(Requests unanswered, std::string_view why) {
  trouble_ = why;
  watcher_.on_node_down(*this, why);
  Requests lost;
  Requests waiting;
  for (Request& request : unanswered) {
    (request.repeatable && request.deadline_ms > loop_.now_ms() ? waiting : lost)
        .push_back(std::move(request));
  }
  for (Request& request : waiting_) waiting.push_back(std::move(request));
  waiting_ = std::move(waiting);
  watch_deadline();
  for (Request& request : lost) fail_request(request, why);
}

void Node::on_no_link(std::string_view why) {
  trouble_ = why;
  watcher_.on_node_down(*this, why);
}

void Node::watch_deadline() {
  if (waiting_.empty()) return Timer::cancel();
  loop_.timers().arm(*this, waiting_.front().deadline_ms);
}

void Node::on_timer() {
  while (!waiting_.empty() && waiting_.front().deadline_ms <= loop_.now_ms()) {
    Request request = std::move(waiting_.front());
    waiting_.pop_front();
    fail_request(request, "no connection in time: " + trouble_);
  }
  watch_deadline();
}

}  // namespace whirl::driver::redis
