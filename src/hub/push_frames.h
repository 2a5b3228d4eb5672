#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/types.h"
#include "hub/subscriber.h"
#include "protocol/messages.h"

namespace whirl::hub {

/// A publication on its way to the subscribers of a loop.
struct Delivery {
  std::string_view channel;
  std::string_view epoch;  ///< of the publication's stream
  broker::PublicationPtr publication;
  broker::PublicationPtr previous;  ///< the base for deltas, may be null
};

/// The frames of one publication: each is encoded when the first subscriber needs it and shared with the
/// others. Lives for the length of one fan-out; the delivery outlives it.
class PublicationFrames {
 public:
  /// What a subscription takes: the payload as it is; or, if it asked for deltas, the whole payload as their
  /// first base, or a delta against the previous publication (the whole payload again where that is not
  /// longer).
  enum class Form : std::uint8_t { plain, base, delta };

  explicit PublicationFrames(const Delivery& delivery);

  /// Empty if a JSON client can't be shown it: the payload or an info is not JSON.
  const SharedBytes& get(protocol::Variant variant, Form form);

 private:
  static constexpr unsigned kForms = 3;
  struct DeltaData {
    std::string bytes;
    bool is_delta;
  };

  SharedBytes encode(protocol::Variant variant, Form form);
  bool fits_json(Form form);
  const DeltaData& delta_data(protocol::Encoding encoding);

  const Delivery& delivery_;
  std::vector<codec::Entry<std::string_view>> tags_;
  protocol::ClientInfo info_;
  std::array<std::optional<DeltaData>, 2> deltas_;  // by encoding
  std::optional<bool> info_is_json_;
  std::optional<bool> data_is_json_;
  std::array<SharedBytes, protocol::Variant::kVariants * kForms> frames_;
};

/// The frames of a join or a leave, likewise.
class PresenceFrames {
 public:
  PresenceFrames(std::string_view channel, PushKind kind, const broker::ClientInfo& info);

  const SharedBytes& get(protocol::Variant variant);

 private:
  std::string_view channel_;
  PushKind kind_;
  protocol::ClientInfo info_;
  std::optional<bool> info_is_json_;
  std::array<SharedBytes, protocol::Variant::kVariants> frames_;
};

}  // namespace whirl::hub
