#pragma once
#include <nats/nats.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "driver/nats/options.h"

/// Between the C library's ways and ours.
namespace whirl::driver::nats {

struct OptionsEnd {
  void operator()(natsOptions* options) const { natsOptions_Destroy(options); }
};
using LibraryOptions = std::unique_ptr<natsOptions, OptionsEnd>;

/// What the library says about a call that failed on this thread.
std::string reason_of(natsStatus status);

/// Ready to connect with. Messages of all subscriptions come on one thread, in the order of their arrival.
Result<LibraryOptions> library_options(const Options& options);

/// The servers, for logs: without names and passwords.
std::string text_of_servers(const Options& options);

}  // namespace whirl::driver::nats
