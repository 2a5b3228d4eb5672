#include "app/process.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <utility>

namespace whirl::app {

DescriptorLimit raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  DescriptorLimit out{limit.rlim_cur, limit.rlim_cur};
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) == 0) out.now = limit.rlim_cur;
  return out;
}

Result<PidFile> PidFile::write(const std::string& path) {
  if (path.empty()) return PidFile("");
  std::ofstream file(path, std::ios::trunc);
  file << ::getpid() << '\n';
  file.flush();
  if (!file) return fail("cannot write the process id to {} (option pid_file): {}", path, ::strerror(errno));
  return PidFile(path);
}

PidFile::PidFile(PidFile&& other) noexcept : path_(std::exchange(other.path_, "")) {}

PidFile::~PidFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

}  // namespace whirl::app
