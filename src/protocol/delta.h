#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "protocol/variant.h"

/// Deltas in the format of the Fossil version control system: the size of the result, then copies from the
/// source and insertions, then a checksum, with numbers in base 64.
namespace whirl::protocol {

/// Where a delta may cut its insertions.
enum class DeltaText : unsigned char {
  bytes,  // anywhere
  utf8,   // between characters only, so that a delta between well-formed texts is well formed and fits a JSON
          // string
};

/// Appends the delta that makes `target` from `source`. Takes time and memory proportional to both. It may be
/// longer than `target`, which is then better sent itself. Sizes are below 4 GiB.
void append_fossil_delta(std::string& out, std::string_view source, std::string_view target,
                         DeltaText text = DeltaText::bytes);

/// What the delta makes of `source`. Refused: malformed deltas, a wrong checksum, results above `max_size`
/// bytes.
Result<std::string> apply_fossil_delta(std::string_view source, std::string_view delta, std::size_t max_size);

/// Appends the `data` of a publication for subscribers that take deltas and have `previous`: the delta if it
/// is shorter than the payload (returns true), else the payload. In JSON either one is the text of a JSON
/// string.
bool append_delta_data(std::string& out, Encoding encoding, std::string_view previous,
                       std::string_view payload);

/// The same for subscribers that have nothing yet: the whole payload, in JSON as the text of a JSON string.
void append_full_data(std::string& out, Encoding encoding, std::string_view payload);

}  // namespace whirl::protocol
