#pragma once
#include <cstdint>
#include <string>

#include "base/result.h"

namespace whirl::app {

/// How many descriptors the process may have open; a connection needs one.
struct DescriptorLimit {
  std::uint64_t before = 0;
  std::uint64_t now = 0;
};
/// Raises the limit as far as the system allows without privileges.
DescriptorLimit raise_descriptor_limit();

/// A file with the process's id, removed at the end. No file if the path is empty.
class PidFile {
 public:
  static Result<PidFile> write(const std::string& path);
  PidFile(PidFile&& other) noexcept;
  PidFile& operator=(PidFile&&) = delete;
  ~PidFile();

 private:
  explicit PidFile(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace whirl::app
