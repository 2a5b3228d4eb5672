#include "api/reflection.h"

#include <array>
#include <cstdint>

#include "base/check.h"
#include "codec/protobuf.h"
#include "codec/table.h"
#include "http/grpc/status.h"

namespace whirl::api::reflection {

using codec::List;
using codec::Raw;

/// A method, or an enum.
struct Named {
  std::string_view name;
};

struct Message {
  std::string_view name;
  List<Message> nested;
  List<Named> enums;
};

struct Service {
  std::string_view name;
  List<Named> methods;
};

struct File {
  std::string_view name;
  std::string_view package;
  List<Message> messages;
  List<Named> enums;
  List<Service> services;
};

struct FileSet {
  List<std::string_view> files;
};

/// One of the fields is there, maybe empty.
struct Request {
  Raw file_by_filename;
  Raw file_containing_symbol;
  Raw file_containing_extension;
  Raw all_extension_numbers_of_type;
  Raw list_services;
};

struct Files {
  List<std::string_view> files;
};

struct Extensions {
  std::string_view base_type;
};

struct Services {
  List<Named> services;
};

struct Failure {
  std::uint32_t code = 0;
  std::string_view message;
};

struct Response {
  Raw original_request;
  const Files* files = nullptr;
  const Extensions* extensions = nullptr;
  const Services* services = nullptr;
  const Failure* failure = nullptr;
};

}  // namespace whirl::api::reflection

namespace whirl::codec {

template <>
struct Schema<api::reflection::Named> {
  static constexpr auto fields = std::tuple{field<1>("name", &api::reflection::Named::name)};
};

template <>
struct Schema<api::reflection::Message> {
  using M = api::reflection::Message;
  static constexpr auto fields = std::tuple{field<1>("name", &M::name), field<3>("nested_type", &M::nested),
                                            field<4>("enum_type", &M::enums)};
};

template <>
struct Schema<api::reflection::Service> {
  using M = api::reflection::Service;
  static constexpr auto fields = std::tuple{field<1>("name", &M::name), field<2>("method", &M::methods)};
};

template <>
struct Schema<api::reflection::File> {
  using M = api::reflection::File;
  static constexpr auto fields = std::tuple{
      field<1>("name", &M::name), field<2>("package", &M::package), field<4>("message_type", &M::messages),
      field<5>("enum_type", &M::enums), field<6>("service", &M::services)};
};

template <>
struct Schema<api::reflection::FileSet> {
  static constexpr auto fields = std::tuple{field<1>("file", &api::reflection::FileSet::files)};
};

template <>
struct Schema<api::reflection::Request> {
  using M = api::reflection::Request;
  static constexpr auto fields =
      std::tuple{field<3>("file_by_filename", &M::file_by_filename),
                 field<4>("file_containing_symbol", &M::file_containing_symbol),
                 field<5>("file_containing_extension", &M::file_containing_extension),
                 field<6>("all_extension_numbers_of_type", &M::all_extension_numbers_of_type),
                 field<7>("list_services", &M::list_services)};
};

template <>
struct Schema<api::reflection::Files> {
  static constexpr auto fields =
      std::tuple{field<1>("file_descriptor_proto", &api::reflection::Files::files)};
};

template <>
struct Schema<api::reflection::Extensions> {
  static constexpr auto fields =
      std::tuple{field<1>("base_type_name", &api::reflection::Extensions::base_type)};
};

template <>
struct Schema<api::reflection::Services> {
  static constexpr auto fields = std::tuple{field<1>("service", &api::reflection::Services::services)};
};

template <>
struct Schema<api::reflection::Failure> {
  using M = api::reflection::Failure;
  static constexpr auto fields =
      std::tuple{field<1>("error_code", &M::code), field<2>("error_message", &M::message)};
};

template <>
struct Schema<api::reflection::Response> {
  using M = api::reflection::Response;
  static constexpr auto fields = std::tuple{
      field<2>("original_request", &M::original_request), field<4>("file_descriptor_response", &M::files),
      field<5>("all_extension_numbers_response", &M::extensions),
      field<6>("list_services_response", &M::services), field<7>("error_response", &M::failure)};
};

}  // namespace whirl::codec

namespace whirl::api {
namespace {

std::string join(std::string_view scope, std::string_view name) {
  return std::string(scope).append(name);
}

}  // namespace

Reflection::Reflection(std::string_view descriptors) {
  codec::Arena arena;
  reflection::FileSet set;
  WHIRL_CHECK(codec::decode_protobuf(descriptors, set, arena));
  for (std::string_view bytes : set.files) {
    reflection::File file;
    WHIRL_CHECK(codec::decode_protobuf(bytes, file, arena));
    files_.emplace(file.name, bytes);
    const std::string scope = file.package.empty() ? "" : join(file.package, ".");
    for (const reflection::Message& message : file.messages) add(scope, message, bytes);
    for (const reflection::Named& one : file.enums) symbols_.emplace(join(scope, one.name), bytes);
    for (const reflection::Service& service : file.services) {
      const std::string& name = services_.emplace_back(join(scope, service.name));
      symbols_.emplace(name, bytes);
      for (const reflection::Named& one : service.methods)
        symbols_.emplace(join(name + ".", one.name), bytes);
    }
  }
}

void Reflection::add(const std::string& scope, const reflection::Message& message, std::string_view file) {
  const std::string name = join(scope, message.name);
  symbols_.emplace(name, file);
  for (const reflection::Message& one : message.nested) add(name + ".", one, file);
  for (const reflection::Named& one : message.enums) symbols_.emplace(join(name + ".", one.name), file);
}

std::string_view Reflection::file_of(std::string_view symbol) const {
  auto found = symbols_.find(std::string(symbol));
  return found == symbols_.end() ? std::string_view() : found->second;
}

std::optional<std::string> Reflection::answer(std::string_view bytes) const {
  codec::Arena arena;
  reflection::Request request;
  if (!codec::decode_protobuf(bytes, request, arena)) return std::nullopt;
  reflection::Response response;
  response.original_request = codec::Raw::unless_empty(bytes);
  std::vector<reflection::Named> names;
  reflection::Services services;
  std::string_view file;
  reflection::Files files;
  reflection::Extensions extensions;
  reflection::Failure failure{static_cast<std::uint32_t>(http::grpc::Code::not_found), "not found"};
  if (request.list_services.present()) {
    for (const std::string& name : services_) names.push_back({name});
    services.services = names;
    response.services = &services;
  } else if (request.all_extension_numbers_of_type.present()) {
    extensions.base_type = request.all_extension_numbers_of_type.bytes;
    if (!file_of(extensions.base_type).empty()) response.extensions = &extensions;
  } else if (request.file_by_filename.present()) {
    auto found = files_.find(std::string(request.file_by_filename.bytes));
    if (found != files_.end()) file = found->second;
  } else if (request.file_containing_symbol.present()) {
    file = file_of(request.file_containing_symbol.bytes);
  } else if (!request.file_containing_extension.present()) {
    return std::nullopt;
  }
  files.files = {&file, 1};
  if (!file.empty()) response.files = &files;
  if (!response.services && !response.extensions && !response.files) response.failure = &failure;
  std::string out;
  codec::encode_protobuf(response, out);
  return out;
}

}  // namespace whirl::api
