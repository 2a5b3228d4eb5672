#include "hub/push_frames.h"

#include "broker/client_info.h"
#include "codec/json.h"
#include "protocol/delta.h"
#include "protocol/outgoing.h"

namespace whirl::hub {
namespace {

bool is_json(codec::Raw part) {
  return !part.present() || codec::is_json(part.bytes);
}

}  // namespace

PublicationFrames::PublicationFrames(const Delivery& delivery) : delivery_(delivery) {
  const auto& publication = *delivery.publication;
  tags_.reserve(publication.tags.size());
  for (const auto& [key, value] : publication.tags) tags_.push_back({key, value});
  if (publication.info) info_ = broker::to_message(*publication.info);
}

const SharedBytes& PublicationFrames::get(protocol::Variant variant, Form form) {
  // In Protobuf a payload needs no wrapping to be a base.
  if (form == Form::base && variant.encoding == protocol::Encoding::protobuf) form = Form::plain;
  SharedBytes& frame = frames_[variant.index() * kForms + static_cast<unsigned>(form)];
  if (!frame) frame = encode(variant, form);
  return frame;
}

SharedBytes PublicationFrames::encode(protocol::Variant variant, Form form) {
  if (variant.encoding == protocol::Encoding::json && !fits_json(form)) return {};
  const auto& publication = *delivery_.publication;
  protocol::Publication pub;
  pub.offset = publication.offset;
  pub.tags = tags_;
  pub.channel = publication.channel;
  if (publication.info) pub.info = &info_;

  std::string text;
  switch (form) {
    case Form::plain:
      pub.data.bytes = publication.data.view();
      // The first publication tells the epoch, so that who subscribed before there was one learns it.
      if (publication.offset == 1) pub.epoch = delivery_.epoch;
      pub.version = publication.version;
      break;
    case Form::base:
      protocol::append_full_data(text, variant.encoding, publication.data.view());
      pub.data.bytes = text;
      break;
    case Form::delta: {
      const DeltaData& delta = delta_data(variant.encoding);
      pub.data.bytes = delta.bytes;
      pub.delta = delta.is_delta;
      break;
    }
  }
  protocol::Push push;
  push.channel = delivery_.channel;
  push.pub = &pub;
  return protocol::push_frame(variant, push);
}

bool PublicationFrames::fits_json(Form form) {
  if (!info_is_json_) info_is_json_ = is_json(info_.conn_info) && is_json(info_.chan_info);
  if (!*info_is_json_ || form != Form::plain) return *info_is_json_;  // bases and deltas are JSON strings
  if (!data_is_json_) data_is_json_ = codec::is_json(delivery_.publication->data.view());
  return *data_is_json_;
}

const PublicationFrames::DeltaData& PublicationFrames::delta_data(protocol::Encoding encoding) {
  auto& data = deltas_[static_cast<unsigned>(encoding)];
  if (!data) {
    data = DeltaData{{}, false};
    data->is_delta = protocol::append_delta_data(data->bytes, encoding, delivery_.previous->data.view(),
                                                 delivery_.publication->data.view());
  }
  return *data;
}

PresenceFrames::PresenceFrames(std::string_view channel, PushKind kind, const broker::ClientInfo& info)
    : channel_(channel), kind_(kind), info_(broker::to_message(info)) {}

const SharedBytes& PresenceFrames::get(protocol::Variant variant) {
  SharedBytes& frame = frames_[variant.index()];
  if (frame) return frame;
  if (variant.encoding == protocol::Encoding::json) {
    if (!info_is_json_) info_is_json_ = is_json(info_.conn_info) && is_json(info_.chan_info);
    if (!*info_is_json_) return frame;
  }
  protocol::Join join{&info_};
  protocol::Leave leave{&info_};
  protocol::Push push;
  push.channel = channel_;
  if (kind_ == PushKind::join) push.join = &join;
  if (kind_ == PushKind::leave) push.leave = &leave;
  frame = protocol::push_frame(variant, push);
  return frame;
}

}  // namespace whirl::hub
