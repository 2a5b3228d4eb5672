#include <dirent.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "metrics/exposition.h"

namespace whirl::metrics {
namespace {

struct Row {
  Description description;
  double (*read)();
};

double cpu_seconds() {
  timespec t{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

/// A field of /proc/self/statm in bytes.
double statm_bytes(int field) {
  std::ifstream file("/proc/self/statm");
  double pages = 0;
  for (int i = 0; i <= field; ++i) file >> pages;
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double open_descriptors() {
  DIR* folder = ::opendir("/proc/self/fd");
  if (!folder) return 0;
  double count = -3;  // ".", ".." and the folder itself
  while (::readdir(folder)) ++count;
  ::closedir(folder);
  return count;
}

double max_descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

/// Seconds since 1970: the boot time plus the process's start after it.
double start_time() {
  static const double value = [] {
    std::ifstream file("/proc/self/stat");
    std::string stat((std::istreambuf_iterator<char>(file)), {});
    std::size_t at = stat.rfind(')');
    for (int field = 2; field < 22 && at != std::string::npos; ++field) at = stat.find(' ', at + 1);
    if (at == std::string::npos) return 0.0;
    double ticks = std::strtod(stat.c_str() + at, nullptr);
    timespec boot{};
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &boot);
    ::clock_gettime(CLOCK_REALTIME, &now);
    auto since_boot = static_cast<double>(boot.tv_sec) + static_cast<double>(boot.tv_nsec) / 1e9;
    auto unix_time = static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
    return unix_time - since_boot + ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
  }();
  return value;
}

const Row kRows[] = {
    {{"process_cpu_seconds_total", Kind::counter, "User and system CPU time spent, in seconds."},
     cpu_seconds},
    {{"process_resident_memory_bytes", Kind::gauge, "Resident memory in bytes."},
     [] { return statm_bytes(1); }},
    {{"process_virtual_memory_bytes", Kind::gauge, "Virtual memory in bytes."},
     [] { return statm_bytes(0); }},
    {{"process_open_fds", Kind::gauge, "Open file descriptors."}, open_descriptors},
    {{"process_max_fds", Kind::gauge, "Limit of open file descriptors."}, max_descriptors},
    {{"process_start_time_seconds", Kind::gauge, "When the process was started, in seconds since 1970."},
     start_time},
};

}  // namespace

void add_process_metrics(Snapshot& snapshot) {
  for (const Row& row : kRows) snapshot[{&row.description, ""}].value = row.read();
}

}  // namespace whirl::metrics
