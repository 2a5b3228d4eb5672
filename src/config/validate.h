#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/config.h"

namespace whirl::config {

/// Judges the values of all options and their combinations. The error names the option and says what it may
/// be.
Result<> validate(const Config& config);

// Parts of validate(), by what they judge. Errors are relative to `path`, the option that holds the argument.

Result<> validate_engines(const Config& config);
/// `proxies` are the names that channel options may refer to.
Result<> validate_channels(const Config& config, const std::vector<std::string_view>& proxies);
Result<> validate_map(const MapConfig& map, std::string_view subscription_type);
Result<> validate_proxy(const Proxy& proxy, std::string_view path);
Result<> validate_consumers(const std::vector<Consumer>& consumers);

/// Fails unless the text is one of the words; empty text is fine if the words have it.
Result<> one_of(std::string_view text, std::span<const std::string_view> words, std::string_view path);

/// Fails unless the text can name a namespace or proxy: at least two letters, digits, `-`, `_` or `.`.
Result<> is_name(std::string_view text, std::string_view path);

/// Puts the path before the message, so that errors read "channel.namespaces[0]: history_size ...".
Result<> at(std::string_view path, Result<> result);

}  // namespace whirl::config
