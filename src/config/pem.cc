#include "config/pem.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/base64.h"

namespace whirl::config {
namespace {

/// Whether there is a block between BEGIN and END lines of the same name. What is inside is for the TLS
/// library.
bool has_pem_block(std::string_view text) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  const std::size_t begin = text.find(kBegin);
  if (begin == text.npos) return false;
  const std::size_t name = begin + kBegin.size();
  const std::size_t name_end = text.find("-----", name);
  if (name_end == text.npos) return false;
  const std::string end = fmt::format("-----END {}-----", text.substr(name, name_end - name));
  return text.find(end, name_end) != text.npos;
}

}  // namespace

Result<std::string> load_pem(const std::string& option) {
  if (has_pem_block(option)) return option;
  std::string decoded;
  if (decode_base64(option, decoded) && has_pem_block(decoded)) return decoded;
  std::ifstream in(option, std::ios::binary);
  if (!in) {
    return fail("is neither PEM, nor the base64 of PEM, nor the path of a file that can be read ({})",
                std::strerror(errno));
  }
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (!has_pem_block(text)) return fail("is the path of a file that is not PEM: {}", option);
  return text;
}

Result<> load_pems(std::string_view path, std::initializer_list<PemOption> options) {
  for (const PemOption& one : options) {
    if (one.option.empty() && !one.required) continue;
    if (one.option.empty()) return fail("{}.enabled is true, but {}.{} is empty", path, path, one.name);
    auto pem = load_pem(one.option);
    if (!pem) return fail("{}.{} {}", path, one.name, pem.error().message);
    one.to = std::move(*pem);
  }
  return {};
}

}  // namespace whirl::config
