#pragma once
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace whirl {

/// Owns objects in no lasting order, by unique or shared pointers. Each knows its place, so that one is taken
/// out in constant time. T has an integer member `index_`, which is the list's, and has the list for a
/// friend.
template <class T, class Pointer = std::unique_ptr<T>>
class IndexedList {
 public:
  T& add(Pointer object) {
    place(objects_.size(), *object);
    objects_.push_back(std::move(object));
    return *objects_.back();
  }

  /// The last one takes its place.
  Pointer take(T& object) {
    const auto index = static_cast<std::size_t>(object.index_);
    Pointer taken = std::move(objects_[index]);
    objects_[index] = std::move(objects_.back());
    objects_.pop_back();
    if (index < objects_.size()) place(index, *objects_[index]);
    return taken;
  }

  std::size_t size() const { return objects_.size(); }

  /// Calls the function for the `most` that came last, the latest first. It may take out any of them.
  template <class Function>
  void for_last(std::size_t most, Function function) {
    const std::size_t kept = most < objects_.size() ? objects_.size() - most : 0;
    for (std::size_t i = objects_.size(); i > kept; --i) {
      if (i <= objects_.size()) function(*objects_[i - 1]);
    }
  }
  template <class Function>
  void for_each(Function function) {
    for_last(objects_.size(), std::move(function));
  }

  void clear() { objects_.clear(); }

 private:
  void place(std::size_t index, T& object) { object.index_ = static_cast<decltype(object.index_)>(index); }

  std::vector<Pointer> objects_;
};

}  // namespace whirl
