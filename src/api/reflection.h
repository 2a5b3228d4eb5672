#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace whirl::api {

namespace reflection {
struct Message;
}  // namespace reflection

/// Tells clients of gRPC that ask what services there are and what messages they take, as the service
/// grpc.reflection.v1.ServerReflection (and v1alpha, which is the same) does. Immutable once it is made.
class Reflection {
 public:
  /// `descriptors`: a FileDescriptorSet without imports, borrowed for good.
  explicit Reflection(std::string_view descriptors);

  /// The response to a request of the service's stream; none if it asks for nothing that the service knows.
  std::optional<std::string> answer(std::string_view request) const;

 private:
  void add(const std::string& scope, const reflection::Message& message, std::string_view file);
  std::string_view file_of(std::string_view symbol) const;

  std::unordered_map<std::string, std::string_view> files_;    // by name
  std::unordered_map<std::string, std::string_view> symbols_;  // the file that declares each
  std::vector<std::string> services_;
};

}  // namespace whirl::api
