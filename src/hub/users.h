#pragma once
#include <cstddef>
#include <string_view>
#include <unordered_set>

#include "base/string_hash.h"
#include "hub/subscriber.h"

namespace whirl::hub {

/// The connections of one loop by user: chains through the subscribers themselves, found by their first ones.
class Users {
 public:
  /// True if it is the user's first connection here.
  bool add(Subscriber& subscriber);
  /// True if it was the user's last connection here.
  bool remove(Subscriber& subscriber);

  std::size_t users() const { return first_.size(); }
  std::size_t connections(std::string_view user) const;

  /// The function may remove the subscriber that it is called with.
  template <class Function>
  void for_each(std::string_view user, Function function) const {
    auto at = first_.find(user);
    if (at == first_.end()) return;
    for (Subscriber* s = *at; s;) {
      Subscriber* next = s->links().next;
      function(*s);
      s = next;
    }
  }

 private:
  struct Hash : StringHash {
    using StringHash::operator();
    std::size_t operator()(const Subscriber* s) const noexcept { return StringHash::operator()(s->user()); }
  };
  struct Equal {
    using is_transparent = void;
    static std::string_view user(std::string_view name) { return name; }
    static std::string_view user(const Subscriber* s) { return s->user(); }
    bool operator()(const auto& a, const auto& b) const { return user(a) == user(b); }
  };

  std::unordered_set<Subscriber*, Hash, Equal> first_;
};

}  // namespace whirl::hub
