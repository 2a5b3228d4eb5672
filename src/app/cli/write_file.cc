#include "app/cli/write_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace whirl::app::cli {

Result<std::string> write_for(const std::string& path, const config::Value& value) {
  if (const config::Format* format = config::format_of(path)) return format->write(value);
  return fail("{}: the name of a configuration file must end with .json, .yaml, .yml or .toml", path);
}

Result<> create_file(const std::string& path, const std::string& text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return fail("{}: cannot be created: {}", path, std::strerror(errno));
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t n = ::write(fd, text.data() + written, text.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    written += static_cast<std::size_t>(n);
  }
  const int error = errno;
  ::close(fd);
  if (written < text.size()) return fail("{}: cannot be written: {}", path, std::strerror(error));
  return {};
}

}  // namespace whirl::app::cli
