#pragma once
#include <string>
#include <vector>

#include "broker/types.h"

namespace whirl::broker {

/// Where a broker hands over what came for the channels it is subscribed to; the channel owner implements it.
/// Called on the broker's loop, publications of one channel in the order of their offsets.
class BrokerSink {
 public:
  virtual ~BrokerSink() = default;

  /// `epoch` is that of the stream the publication is in (empty without history). `previous` is the
  /// publication before it, given if the publisher asked for deltas and there is one.
  virtual void on_publication(std::string_view channel, PublicationPtr publication, std::string_view epoch,
                              bool use_delta, PublicationPtr previous) = 0;
  virtual void on_join(std::string_view channel, ClientInfoPtr info) = 0;
  virtual void on_leave(std::string_view channel, ClientInfoPtr info) = 0;
  /// The broker's connection was lost and is there again: of these channels, which are subscribed to,
  /// publications may have been missed. From now on none is.
  virtual void on_missed(std::vector<std::string>) {}
};

/// Publish/subscribe with optional history. One instance per loop, used only on that loop and only for
/// channels which that loop owns. A failure of the world (connection lost, time-out) is an error result whose
/// text is for the log.
class Broker {
 public:
  virtual ~Broker() = default;

  /// Must be called before anything else; the sink outlives the broker.
  virtual void start(BrokerSink& sink) = 0;

  /// Done only after the broker confirmed: from then on every publication reaches the sink.
  virtual void subscribe(std::string_view channel, Done<> done) = 0;
  virtual void unsubscribe(std::string_view channel, Done<> done) = 0;

  /// Stores (if the options ask for history) and sends, in one step per channel. Done after it is stored; a
  /// local subscriber may see the publication before that.
  virtual void publish(std::string_view channel, SharedBytes data, PublishOptions options,
                       Done<PublishResult> done) = 0;
  virtual void publish_join(std::string_view channel, ClientInfoPtr info, Done<> done) = 0;
  virtual void publish_leave(std::string_view channel, ClientInfoPtr info, Done<> done) = 0;

  /// Reading keeps the stream's meta data alive for meta_ttl. A stream that does not exist is made (with an
  /// epoch) if the store works that way, as Centrifugo's memory and Redis engines do.
  virtual void history(std::string_view channel, HistoryQuery query, Done<HistoryResult> done) = 0;
  virtual void remove_history(std::string_view channel, Done<> done) = 0;
};

/// Who is in a channel. One instance per loop, used like Broker. Entries which are not added again within the
/// presence ttl go away by themselves.
class PresenceStore {
 public:
  virtual ~PresenceStore() = default;
  virtual void add(std::string_view channel, ClientInfoPtr info, Done<> done) = 0;
  virtual void remove(std::string_view channel, std::string_view client, std::string_view user,
                      Done<> done) = 0;
  virtual void presence(std::string_view channel, Done<PresenceMap> done) = 0;
  virtual void stats(std::string_view channel, Done<PresenceStats> done) = 0;
};

/// Receives what other nodes (or this one) sent through the controller; lives on the controller's loop.
class ControllerSink {
 public:
  virtual ~ControllerSink() = default;
  virtual void on_control(std::string_view message) = 0;
};

/// Carries control messages between nodes. One instance per process, on the first loop.
class Controller {
 public:
  virtual ~Controller() = default;
  virtual void start(ControllerSink& sink) = 0;
  /// An empty node id sends to every node, this one included.
  virtual void publish(std::string_view message, std::string_view node_id, Done<> done) = 0;
};

}  // namespace whirl::broker
