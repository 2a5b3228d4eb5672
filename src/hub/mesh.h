#pragma once
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/string_hash.h"
#include "broker/types.h"
#include "net/runtime.h"

namespace whirl::hub {

class Counters;
class LoopHub;
class ChannelOwner;

/// The parts of the hub, one of each for every loop, and the ways between them. Owned by the node; fixed
/// before the loops run, so every loop reads it.
class Mesh {
 public:
  explicit Mesh(net::Runtime& runtime);
  ~Mesh();

  int size() const { return runtime_.size(); }
  net::Loop& loop(int index) { return runtime_.loop(index); }
  LoopHub& hub(int index) const { return *hubs_[static_cast<std::size_t>(index)]; }
  ChannelOwner& owner(int index) const { return *owners_[static_cast<std::size_t>(index)]; }
  Counters& counters(int index) const { return *counters_[static_cast<std::size_t>(index)]; }
  void add(std::unique_ptr<Counters> counters, std::unique_ptr<LoopHub> hub,
           std::unique_ptr<ChannelOwner> owner);

  /// The loop that owns a channel or a user.
  int owner_of(std::string_view name) const { return runtime_.owner_index(StringHash{}(name)); }

  /// The calling loop.
  static int here() {
    WHIRL_CHECK(net::Loop::current());
    return net::Loop::current()->index();
  }

  /// Calls the function on a loop: at once if that is the calling one, else as soon as that loop comes to it.
  template <class Function>
  void on(int index, Function function) {
    if (index == here()) {
      function();
    } else {
      loop(index).post(std::move(function));
    }
  }

  /// A callback that may be called on any loop and calls `done` on this one.
  template <class T>
  broker::Done<T> back_here(broker::Done<T> done) {
    return [this, home = here(), done = std::move(done)](Result<T> result) mutable {
      on(home, [done = std::move(done), result = std::move(result)]() mutable { done(std::move(result)); });
    };
  }

  /// Calls `ask(index)` on each loop and, here, `done` with the answers.
  template <class T, class Ask, class GotAll>
  void gather(Ask ask, GotAll done) {
    struct Answers {
      std::vector<T> parts;
      int missing;
      GotAll done;
    };
    auto answers = std::make_shared<Answers>(
        Answers{std::vector<T>(static_cast<std::size_t>(size())), size(), std::move(done)});
    for (int i = 0; i < size(); ++i) {
      on(i, [this, i, home = here(), ask, answers] {
        on(home, [i, answers, part = ask(i)]() mutable {
          answers->parts[static_cast<std::size_t>(i)] = std::move(part);
          if (--answers->missing == 0) answers->done(std::move(answers->parts));
        });
      });
    }
  }

 private:
  net::Runtime& runtime_;
  std::vector<std::unique_ptr<Counters>> counters_;
  std::vector<std::unique_ptr<LoopHub>> hubs_;
  std::vector<std::unique_ptr<ChannelOwner>> owners_;
};

}  // namespace whirl::hub
