#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/function.h"
#include "base/result.h"
#include "net/fd.h"
#include "net/timer_wheel.h"

namespace whirl::net {

/// What a loop calls when a watched descriptor is ready. Unwatched by its owner before it is destroyed.
class IoHandler {
 public:
  /// `events` are EPOLL* bits.
  virtual void on_io(std::uint32_t events) = 0;

 protected:
  ~IoHandler() = default;
};

/// A base for what has something to do when the turn ends (flush an outbox). Leaves the list when destroyed.
class TurnEnd {
 public:
  TurnEnd() = default;
  TurnEnd(const TurnEnd&) = delete;
  TurnEnd& operator=(const TurnEnd&) = delete;

 protected:
  virtual ~TurnEnd() { leave(); }

 private:
  friend class Loop;
  virtual void on_turn_end() = 0;
  void leave();

  TurnEnd* next_ = nullptr;
  TurnEnd** link_ = nullptr;  // the pointer that points to this object, if it waits for the end of the turn
};

/// A base for objects that nobody but the loop owns, such as a connection between its accept and its close.
/// Those that are left when the loop is destroyed are destroyed with it, the youngest first.
class Resident {
 public:
  Resident() = default;
  Resident(const Resident&) = delete;
  Resident& operator=(const Resident&) = delete;
  virtual ~Resident();

 private:
  friend class Loop;
  Resident* next_ = nullptr;
  Resident** link_ = nullptr;
};

/// The reactor of one thread. What is made on a loop lives there and is touched only there; other threads
/// reach it through post(). One turn: wait for I/O, call the I/O handlers, fire timers, run the mailbox, run
/// what was deferred, then the ends of the turn (flushes), then destroy what was given to destroy_later.
///
/// Unless it says otherwise a member function is called on the loop's thread (or before the loop runs and
/// after it has stopped, from the thread that owns the loop).
class Loop {
 public:
  using Task = UniqueFunction<void()>;
  static constexpr std::size_t kReadBufferSize = 64 * 1024;

  explicit Loop(int index = 0, const Clock& clock = system_clock());
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop();

  /// The loop whose turn this thread is in; null outside a turn.
  static Loop* current();
  int index() const { return index_; }

  /// Turns until stop() is called. stop() may come from any thread; the turn under way is finished.
  void run();
  void stop();
  bool stopped() const { return stop_.load(std::memory_order_acquire); }
  /// One turn that waits for I/O at most so long (0: does not wait, -1: until something happens or a timer is
  /// due).
  void turn(int max_wait_ms = 0);

  /// From any thread: runs the task on this loop in a later mailbox phase. Tasks of one sender run in the
  /// order they were sent in. Tasks which are left when the loop is destroyed are destroyed without being
  /// run.
  void post(Task task);
  /// Runs the task later in this turn (in the next one if this turn is past that phase).
  void defer(Task task);
  /// Calls on_turn_end() once before the turn ends, however often it was asked for.
  void at_end_of_turn(TurnEnd* object);
  /// Destroys the object when the turn ends, so that it may be given away by a function that it is running.
  template <class T>
  void destroy_later(std::unique_ptr<T> object) {
    if (object) graveyard_.push_back({object.release(), [](void* p) { delete static_cast<T*>(p); }});
  }

  /// Gives an object to the loop; it is destroyed by release_later() or with the loop.
  template <class T>
  T& keep(std::unique_ptr<T> object) {
    T& kept = *object;
    link_resident(object.release());
    return kept;
  }
  void release_later(Resident& object);
  bool has_residents() const { return residents_ != nullptr; }

  const Clock& clock() const { return clock_; }
  /// Monotonic milliseconds, read once a turn.
  std::int64_t now_ms() const { return now_ms_; }
  TimerWheel& timers() { return timers_; }
  /// Arms for `delay_ms` from now; in a running loop a timer fires up to 8 ms late, so that near ones share a
  /// wake-up.
  void arm(Timer& timer, std::int64_t delay_ms) { timers_.arm(timer, now_ms_ + delay_ms); }

  /// A buffer for everyone on this loop; its content is valid until control returns to the loop.
  std::span<char> read_buffer() { return {read_buffer_.get(), kReadBufferSize}; }

  /// `events` as epoll takes them (EPOLLIN, EPOLLOUT, EPOLLET, ...). After unwatch() the handler is not
  /// called again, not even for events of the batch under way. The descriptor stays the caller's.
  Result<> watch(int fd, std::uint32_t events, IoHandler* handler);
  Result<> rewatch(int fd, std::uint32_t events, IoHandler* handler);
  void unwatch(int fd, IoHandler* handler);
  /// The same where the descriptor is closed at once, which ends its watch without another system call.
  void forget(IoHandler* handler);
  /// Calls the handler in the next turn as if the events had come: for what is left over by an edge-triggered
  /// handler that gives way to others.
  void repeat_io(IoHandler* handler, std::uint32_t events) { repeated_.push_back({handler, events}); }
  /// Likewise for one that has had its part, so that it comes behind what is new. All that comes so has some
  /// milliseconds of a turn together; whom that is not enough for are the first in the next turn.
  void later_io(IoHandler* handler, std::uint32_t events) { later_.push_back({handler, events}); }

 private:
  struct Ready {
    IoHandler* handler;
    std::uint32_t events;
  };
  struct Grave {
    void* object;
    void (*destroy)(void*);
  };

  bool has_work() const;
  int wait_ms(int max_wait_ms);
  void wait(int max_wait_ms);
  void run_io();
  void run_later();
  void run_mailbox();
  void run_deferred();
  void run_turn_ends();
  void bury();
  void wake();
  void link_resident(Resident* object);
  bool mailbox_empty();

  const int index_;
  const Clock& clock_;
  std::int64_t now_ms_;
  Fd epoll_;
  Fd wake_fd_;
  std::atomic<bool> stop_{false};
  bool coalesce_timers_ = false;
  std::unique_ptr<char[]> read_buffer_;

  std::vector<Ready> ready_;     // the batch under way
  std::vector<Ready> repeated_;  // asked for by repeat_io, for the next batch
  std::vector<Ready> later_;     // asked for by later_io
  std::vector<Ready> due_;       // of them, those whose turn it is
  std::size_t next_ready_ = 0;

  std::vector<Task> deferred_;
  TurnEnd* turn_ends_ = nullptr;
  std::vector<Grave> graveyard_;
  Resident* residents_ = nullptr;

  // The mailbox: senders append under the lock, the loop takes all at once. A sender wakes the loop only if
  // it sleeps.
  alignas(64) std::mutex mailbox_mutex_;
  std::vector<Task> mailbox_;
  std::vector<Task> taken_;
  std::atomic<bool> asleep_{false};

  TimerWheel timers_;  // the last member: destroyed first, so timers that outlive it are disarmed
};

}  // namespace whirl::net
