#include "net/loop.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>

#include "base/check.h"

namespace whirl::net {
namespace {

constexpr int kEventsPerTurn = 256;
constexpr int kFlushRounds = 4;
constexpr std::size_t kKeptMailboxCapacity = 16 * 1024;
constexpr std::int64_t kTimerSlackMs = 8;  // a power of two
constexpr std::int64_t kLaterMs = 5;

thread_local Loop* t_current = nullptr;

class CurrentScope {
 public:
  explicit CurrentScope(Loop* loop) : before_(std::exchange(t_current, loop)) {}
  ~CurrentScope() { t_current = before_; }

 private:
  Loop* before_;
};

}  // namespace

void TurnEnd::leave() {
  // Only Loop links objects, and it looks at the list through link_ alone; so a null link means "not in a
  // list".
  if (!link_) return;
  *link_ = next_;
  if (next_) next_->link_ = link_;
  next_ = nullptr;
  link_ = nullptr;
}

Resident::~Resident() {
  if (!link_) return;
  *link_ = next_;
  if (next_) next_->link_ = link_;
}

Loop::Loop(int index, const Clock& clock)
    : index_(index),
      clock_(clock),
      now_ms_(clock.monotonic_ms()),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      read_buffer_(new char[kReadBufferSize]),
      timers_(now_ms_) {
  WHIRL_CHECK(epoll_ && wake_fd_);
  ready_.reserve(kEventsPerTurn);
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  event.data.ptr = nullptr;
  WHIRL_CHECK(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_fd_.get(), &event) == 0);
}

Loop::~Loop() {
  CurrentScope scope(this);
  while (residents_) delete residents_;
  bury();
  deferred_.clear();
  std::vector<Task> left;
  {
    std::lock_guard lock(mailbox_mutex_);
    left.swap(mailbox_);
  }
  left.clear();
  bury();
}

Loop* Loop::current() {
  return t_current;
}

void Loop::run() {
  coalesce_timers_ = true;
  while (!stopped()) turn(-1);
  coalesce_timers_ = false;
}

void Loop::stop() {
  stop_.store(true, std::memory_order_release);
  wake();
}

void Loop::turn(int max_wait_ms) {
  CurrentScope scope(this);
  wait(max_wait_ms);
  now_ms_ = clock_.monotonic_ms();
  run_io();
  run_later();
  timers_.advance(now_ms_);
  run_mailbox();
  run_deferred();
  run_turn_ends();
  bury();
}

void Loop::post(Task task) {
  {
    std::lock_guard lock(mailbox_mutex_);
    mailbox_.push_back(std::move(task));
  }
  // The loop announces its sleep before it looks into the mailbox for the last time, so either it sees the
  // task there or this sees that it sleeps.
  if (asleep_.load() && asleep_.exchange(false)) wake();
}

void Loop::wake() {
  std::uint64_t one = 1;
  [[maybe_unused]] ssize_t written = ::write(wake_fd_.get(), &one, sizeof one);
}

void Loop::defer(Task task) {
  deferred_.push_back(std::move(task));
}

void Loop::at_end_of_turn(TurnEnd* object) {
  if (object->link_) return;
  object->next_ = turn_ends_;
  object->link_ = &turn_ends_;
  if (turn_ends_) turn_ends_->link_ = &object->next_;
  turn_ends_ = object;
}

bool Loop::mailbox_empty() {
  std::lock_guard lock(mailbox_mutex_);
  return mailbox_.empty();
}

bool Loop::has_work() const {
  return !repeated_.empty() || !later_.empty() || !due_.empty() || !deferred_.empty() || turn_ends_ ||
         !graveyard_.empty();
}

int Loop::wait_ms(int max_wait_ms) {
  if (max_wait_ms == 0 || has_work()) return 0;
  std::int64_t due = timers_.next_deadline();
  std::int64_t wait = -1;
  if (due != TimerWheel::kNever) {
    if (coalesce_timers_) due = (due + kTimerSlackMs - 1) & ~(kTimerSlackMs - 1);
    wait = std::clamp<std::int64_t>(due - clock_.monotonic_ms(), 0, std::int64_t{24} * 3600 * 1000);
  }
  if (max_wait_ms > 0 && (wait < 0 || wait > max_wait_ms)) wait = max_wait_ms;
  return static_cast<int>(wait);
}

void Loop::wait(int max_wait_ms) {
  int timeout = wait_ms(max_wait_ms);
  if (timeout != 0) {
    asleep_.store(true);
    if (!mailbox_empty() || stopped()) {
      asleep_.store(false);
      timeout = 0;
    }
  }
  epoll_event events[kEventsPerTurn];
  int count = ::epoll_wait(epoll_.get(), events, kEventsPerTurn, timeout);
  asleep_.store(false, std::memory_order_relaxed);
  WHIRL_CHECK(count >= 0 || errno == EINTR);
  ready_.swap(repeated_);
  for (int i = 0; i < count; ++i) {
    auto* handler = static_cast<IoHandler*>(events[i].data.ptr);
    if (handler) ready_.push_back({handler, events[i].events});
  }
  due_.insert(due_.end(), later_.begin(), later_.end());
  later_.clear();
}

void Loop::run_io() {
  for (next_ready_ = 0; next_ready_ < ready_.size();) {
    Ready ready = ready_[next_ready_++];
    if (ready.handler) ready.handler->on_io(ready.events);
  }
  ready_.clear();
}

// At least one goes on.
void Loop::run_later() {
  if (due_.empty()) return;
  ready_.swap(due_);
  const std::int64_t until_ms = clock_.monotonic_ms() + kLaterMs;
  next_ready_ = 0;
  do {
    Ready ready = ready_[next_ready_++];
    if (ready.handler) ready.handler->on_io(ready.events);
  } while (next_ready_ < ready_.size() && clock_.monotonic_ms() < until_ms);
  due_.assign(ready_.begin() + static_cast<std::ptrdiff_t>(next_ready_), ready_.end());
  ready_.clear();
}

void Loop::run_mailbox() {
  {
    std::lock_guard lock(mailbox_mutex_);
    taken_.swap(mailbox_);
  }
  for (Task& task : taken_) {
    task();
    task.reset();
  }
  taken_.clear();
  if (taken_.capacity() > kKeptMailboxCapacity) std::vector<Task>().swap(taken_);
}

void Loop::run_deferred() {
  // Deferring from a deferred task adds to the same list, so indices, not iterators.
  for (std::size_t i = 0; i < deferred_.size(); ++i) {
    Task task = std::move(deferred_[i]);
    task();
  }
  deferred_.clear();
}

void Loop::run_turn_ends() {
  // Flushing can make more to flush; a bound keeps the turn finite, the rest is done in the next one.
  for (int round = 0; round < kFlushRounds && turn_ends_; ++round) {
    TurnEnd* due = std::exchange(turn_ends_, nullptr);
    due->link_ = &due;
    while (due) {
      TurnEnd* object = due;
      object->leave();
      __builtin_prefetch(due);  // likely long out of the cache
      object->on_turn_end();
    }
  }
}

void Loop::bury() {
  while (!graveyard_.empty()) {
    std::vector<Grave> graves;
    graves.swap(graveyard_);
    for (Grave& grave : graves) grave.destroy(grave.object);
  }
}

void Loop::link_resident(Resident* object) {
  object->next_ = residents_;
  object->link_ = &residents_;
  if (residents_) residents_->link_ = &object->next_;
  residents_ = object;
}

void Loop::release_later(Resident& object) {
  if (!object.link_) return;
  *object.link_ = object.next_;
  if (object.next_) object.next_->link_ = object.link_;
  object.link_ = nullptr;
  object.next_ = nullptr;
  destroy_later(std::unique_ptr<Resident>(&object));
}

Result<> Loop::watch(int fd, std::uint32_t events, IoHandler* handler) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = handler;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0) return {};
  return fail("cannot watch descriptor {}: {}", fd, ::strerror(errno));
}

Result<> Loop::rewatch(int fd, std::uint32_t events, IoHandler* handler) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = handler;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) == 0) return {};
  return fail("cannot change the watch of descriptor {}: {}", fd, ::strerror(errno));
}

void Loop::unwatch(int fd, IoHandler* handler) {
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
  forget(handler);
}

void Loop::forget(IoHandler* handler) {
  for (std::size_t i = next_ready_; i < ready_.size(); ++i) {
    if (ready_[i].handler == handler) ready_[i].handler = nullptr;
  }
  for (std::vector<Ready>* list : {&repeated_, &later_, &due_}) {
    std::erase_if(*list, [handler](const Ready& r) { return r.handler == handler; });
  }
}

}  // namespace whirl::net
