#pragma once
#include <memory>
#include <string>

#include "auth/verifier.h"
#include "base/result.h"
#include "config/config.h"
#include "session/context.h"

namespace whirl::app {

/// What of the configuration can change while the server runs, made ready for use. Shared by all loops.
/// `explains_errors`: clients are told why something was denied (development).
Result<std::shared_ptr<const session::Settings>> make_settings(const config::Config& config,
                                                               bool explains_errors);

/// The verifiers of one loop.
struct Verifiers {
  std::unique_ptr<auth::Verifier> connection;
  std::unique_ptr<auth::Verifier> subscription;  ///< null: the other one is for both
};
Result<Verifiers> make_verifiers(const config::Client& client, auth::JwksFetcher& fetcher,
                                 const Clock& clock);

/// The name of this node among the others: as configured, or host and port.
std::string node_name(const config::Config& config);

}  // namespace whirl::app
