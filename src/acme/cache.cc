#include "acme/cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "net/fd.h"

namespace whirl::acme {
namespace {

constexpr const char* kAccountFile = "acme_account+key";

}  // namespace

Result<> Cache::prepare() const {
  if (directory_.empty()) return {};
  if (::mkdir(directory_.c_str(), 0700) != 0 && errno != EEXIST) {
    return fail("the directory {} cannot be made: {}", directory_, std::strerror(errno));
  }
  if (::access(directory_.c_str(), R_OK | W_OK | X_OK) != 0) {
    return fail("the directory {} must be readable and writable: {}", directory_, std::strerror(errno));
  }
  return {};
}

std::string Cache::read(const std::string& name) const {
  if (directory_.empty()) return "";
  std::ifstream in(directory_ + "/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Under another name first, so that nobody sees half a file.
Result<> Cache::write(const std::string& name, const std::string& text) const {
  if (directory_.empty()) return {};
  const std::string path = directory_ + "/" + name;
  const std::string draft = path + ".new";
  net::Fd file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  const bool written = file &&
                       ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       ::fsync(file.get()) == 0 && ::rename(draft.c_str(), path.c_str()) == 0;
  if (written) return {};
  return fail("{} cannot be written: {}", path, std::strerror(errno));
}

std::string Cache::account_key() const {
  return read(kAccountFile);
}
Result<> Cache::keep_account_key(const std::string& pem) const {
  return write(kAccountFile, pem);
}
std::string Cache::certificate(const std::string& host) const {
  return read(host);
}
Result<> Cache::keep_certificate(const std::string& host, const std::string& pem) const {
  return write(host, pem);
}

}  // namespace whirl::acme
