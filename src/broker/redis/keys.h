#pragma once
#include <string>
#include <string_view>

namespace whirl::broker::redis {

/// The names of keys and PUB/SUB channels, as Centrifugo has them. In a Cluster the channel's name is in
/// braces, so that all keys of a channel are in one slot; with partitions (for sharded PUB/SUB) the number of
/// the channel's partition is, so that all of a partition are.
class Keys {
 public:
  Keys(std::string prefix, bool cluster, bool lists, int partitions = 0)
      : prefix_(std::move(prefix)), cluster_(cluster), lists_(lists), partitions_(cluster ? partitions : 0) {}

  /// 0 if channels are not divided.
  int partitions() const { return partitions_; }
  int partition_of(std::string_view channel) const;

  // Of a channel's publications.
  std::string messages(std::string_view channel) const { return of(".client.", channel); }
  std::string history(std::string_view channel) const { return of(lists_ ? ".list." : ".stream.", channel); }
  std::string meta(std::string_view channel) const {
    return of(lists_ ? ".list.meta." : ".stream.meta.", channel);
  }
  std::string result(std::string_view channel, std::string_view idempotency_key) const {
    return of(".result.", channel) + "." + std::string(idempotency_key);
  }

  // Of a channel's presence.
  std::string presence_data(std::string_view channel) const { return of(".presence.data.", channel); }
  std::string presence_expire(std::string_view channel) const { return of(".presence.expire.", channel); }
  std::string user_clients(std::string_view channel) const { return of(".presence.user.clients.", channel); }
  std::string user_expire(std::string_view channel) const { return of(".presence.user.expire.", channel); }

  // Of control messages.
  std::string control() const { return prefix_ + ".control"; }
  std::string node(std::string_view uid) const { return prefix_ + ".node." + std::string(uid); }
  /// Where a subscriber (of a partition, if there are any) hears its own probes.
  std::string probe(std::string_view unique, int partition = 0) const;

  /// The channel whose messages() this is; empty if it is none.
  std::string_view channel_of(std::string_view messages) const;

 private:
  std::string of(std::string_view kind, std::string_view channel) const;

  std::string prefix_;
  bool cluster_;
  bool lists_;
  int partitions_;
};

}  // namespace whirl::broker::redis
