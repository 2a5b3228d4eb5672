#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace whirl {

/// The alphabet with + and /, padded with = to whole groups of four.
std::string encode_base64(std::string_view bytes);

/// The alphabet with - and _, without padding, as tokens and keys of the web have it.
std::string encode_base64url(std::string_view bytes);

/// Appends the decoded bytes; false, with `out` in an unspecified state, if the text is not in the padded
/// form. Like Go's decoder it passes over line ends and does not look at the unused bits of the last
/// character.
bool decode_base64(std::string_view text, std::string& out);

/// The same for the unpadded form with - and _, but line ends are not accepted.
bool decode_base64url(std::string_view text, std::string& out);

/// The same into a buffer of at least three bytes for every four characters begun; the number of bytes
/// written.
std::optional<std::size_t> decode_base64url(std::string_view text, char* out);

}  // namespace whirl
