#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "base/string_hash.h"
#include "broker/memory/memory.h"
#include "net/loop.h"

namespace whirl::broker {
namespace {

/// Presence of the channels of one loop.
class MemoryPresence final : public PresenceStore {
 public:
  MemoryPresence(net::Loop& loop, std::int64_t ttl_ms) : loop_(loop), ttl_ms_(ttl_ms) {}

  void add(std::string_view channel, ClientInfoPtr info, Done<> done) override {
    auto at = channels_.find(channel);
    if (at == channels_.end()) {
      auto made = std::make_unique<Channel>(*this, channel);
      std::string_view name = made->name;
      at = channels_.emplace(name, std::move(made)).first;
      if (ttl_ms_ > 0) loop_.arm(*at->second, ttl_ms_);
    }
    Member member{.info = info,
                  .gone_at_ms = ttl_ms_ > 0 ? loop_.now_ms() + ttl_ms_ : net::TimerWheel::kNever};
    auto& members = at->second->members;
    // The key is a view into the entry's own info, so both are replaced together.
    members.erase(info->client);
    members.emplace(info->client, std::move(member));
    done({});
  }

  void remove(std::string_view channel, std::string_view client, std::string_view, Done<> done) override {
    if (auto at = channels_.find(channel); at != channels_.end()) {
      at->second->members.erase(client);
      if (at->second->members.empty()) channels_.erase(at);
    }
    done({});
  }

  void presence(std::string_view channel, Done<PresenceMap> done) override {
    PresenceMap out;
    for_each(channel, [&](const ClientInfoPtr& info) { out.emplace_back(info->client, info); });
    done(std::move(out));
  }

  void stats(std::string_view channel, Done<PresenceStats> done) override {
    boost::unordered_flat_set<std::string_view, StringHash, std::equal_to<>> users;
    PresenceStats out;
    for_each(channel, [&](const ClientInfoPtr& info) {
      ++out.clients;
      users.insert(info->user);
    });
    out.users = static_cast<std::uint32_t>(users.size());
    done(out);
  }

 private:
  struct Member {
    ClientInfoPtr info;
    std::int64_t gone_at_ms;
  };
  /// Its timer looks through the members once per ttl and drops those whose time is over.
  struct Channel final : net::Timer {
    Channel(MemoryPresence& owner, std::string_view channel) : presence(owner), name(channel) {}
    void on_timer() override { presence.sweep(*this); }
    MemoryPresence& presence;
    std::string name;
    boost::unordered_flat_map<std::string_view, Member, StringHash, std::equal_to<>> members;
  };

  template <class Function>
  void for_each(std::string_view channel, Function function) const {
    auto at = channels_.find(channel);
    if (at == channels_.end()) return;
    for (const auto& [client, member] : at->second->members) {
      if (member.gone_at_ms > loop_.now_ms()) function(member.info);
    }
  }

  void sweep(Channel& channel) {
    std::int64_t now = loop_.now_ms();
    boost::unordered::erase_if(channel.members,
                               [now](const auto& entry) { return entry.second.gone_at_ms <= now; });
    if (channel.members.empty()) {
      channels_.erase(channel.name);
    } else {
      loop_.arm(channel, ttl_ms_);
    }
  }

  net::Loop& loop_;
  const std::int64_t ttl_ms_;
  boost::unordered_flat_map<std::string_view, std::unique_ptr<Channel>, StringHash, std::equal_to<>>
      channels_;
};

}  // namespace

std::unique_ptr<PresenceStore> make_memory_presence(net::Loop& loop, const MemoryOptions& options) {
  return std::make_unique<MemoryPresence>(loop, options.presence_ttl_ms);
}

}  // namespace whirl::broker
