#include "broker/by_channel.h"

namespace whirl::broker {
namespace {

class BrokerByChannel final : public Broker {
 public:
  BrokerByChannel(std::vector<std::unique_ptr<Broker>> brokers, Choice choice)
      : brokers_(std::move(brokers)), choice_(std::move(choice)) {}

  void start(BrokerSink& sink) override {
    for (auto& broker : brokers_) broker->start(sink);
  }
  void subscribe(std::string_view channel, Done<> done) override {
    of(channel).subscribe(channel, std::move(done));
  }
  void unsubscribe(std::string_view channel, Done<> done) override {
    of(channel).unsubscribe(channel, std::move(done));
  }
  void publish(std::string_view channel, SharedBytes data, PublishOptions options,
               Done<PublishResult> done) override {
    of(channel).publish(channel, std::move(data), std::move(options), std::move(done));
  }
  void publish_join(std::string_view channel, ClientInfoPtr info, Done<> done) override {
    of(channel).publish_join(channel, std::move(info), std::move(done));
  }
  void publish_leave(std::string_view channel, ClientInfoPtr info, Done<> done) override {
    of(channel).publish_leave(channel, std::move(info), std::move(done));
  }
  void history(std::string_view channel, HistoryQuery query, Done<HistoryResult> done) override {
    of(channel).history(channel, std::move(query), std::move(done));
  }
  void remove_history(std::string_view channel, Done<> done) override {
    of(channel).remove_history(channel, std::move(done));
  }

 private:
  Broker& of(std::string_view channel) { return *brokers_[choice_(channel)]; }

  const std::vector<std::unique_ptr<Broker>> brokers_;
  const Choice choice_;
};

class PresenceByChannel final : public PresenceStore {
 public:
  PresenceByChannel(std::vector<std::unique_ptr<PresenceStore>> stores, Choice choice)
      : stores_(std::move(stores)), choice_(std::move(choice)) {}

  void add(std::string_view channel, ClientInfoPtr info, Done<> done) override {
    of(channel).add(channel, std::move(info), std::move(done));
  }
  void remove(std::string_view channel, std::string_view client, std::string_view user,
              Done<> done) override {
    of(channel).remove(channel, client, user, std::move(done));
  }
  void presence(std::string_view channel, Done<PresenceMap> done) override {
    of(channel).presence(channel, std::move(done));
  }
  void stats(std::string_view channel, Done<PresenceStats> done) override {
    of(channel).stats(channel, std::move(done));
  }

 private:
  PresenceStore& of(std::string_view channel) { return *stores_[choice_(channel)]; }

  const std::vector<std::unique_ptr<PresenceStore>> stores_;
  const Choice choice_;
};

}  // namespace

std::unique_ptr<Broker> make_broker_by_channel(std::vector<std::unique_ptr<Broker>> brokers, Choice choice) {
  return std::make_unique<BrokerByChannel>(std::move(brokers), std::move(choice));
}

std::unique_ptr<PresenceStore> make_presence_by_channel(std::vector<std::unique_ptr<PresenceStore>> stores,
                                                        Choice choice) {
  return std::make_unique<PresenceByChannel>(std::move(stores), std::move(choice));
}

}  // namespace whirl::broker
