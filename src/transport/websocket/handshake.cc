#include "transport/websocket/handshake.h"

#include <openssl/evp.h>

#include "base/base64.h"
#include "http/response.h"

namespace whirl::transport::websocket {
namespace {

constexpr std::string_view kKeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr std::size_t kKeyTextSize = 24;  // 16 bytes in base64
constexpr std::size_t kKeySize = 16;

bool is_valid_key(std::string_view key) {
  std::string decoded;
  return key.size() == kKeyTextSize && decode_base64(key, decoded) && decoded.size() == kKeySize;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Takes what comes before the next separator off the front of a list.
std::string_view take_item(std::string_view& list, char separator) {
  const std::size_t end = list.find(separator);
  const std::string_view item = trim(list.substr(0, end));
  list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
  return item;
}

// The first in the client's order that the server knows.
std::string_view select_subprotocol(std::string_view offered) {
  while (!offered.empty()) {
    std::string_view name = take_item(offered, ',');
    if (name == kJsonSubprotocol) return kJsonSubprotocol;
    if (name == kProtobufSubprotocol) return kProtobufSubprotocol;
  }
  return {};
}

bool is_fine_parameter(std::string_view parameter) {
  const std::string_view name = take_item(parameter, '=');
  if (name == "server_max_window_bits") return parameter == "15" || parameter == "\"15\"";
  return name == "server_no_context_takeover" || name == "client_no_context_takeover" ||
         name == "client_max_window_bits";
}

/// Whether it asks by an extended CONNECT, which has no key and upgrades nothing.
bool is_connect(const http::Request& request) {
  return request.protocol == "websocket";
}

int refusal(const http::Request& request, const http::OriginRule& origins) {
  const bool upgrades = !is_connect(request);
  if (upgrades && !request.header_has_token("Connection", "upgrade")) return 400;
  if (upgrades && !request.header_has_token("Upgrade", "websocket")) return 400;
  if (upgrades && request.method != "GET") return 405;
  if (!request.header_has_token("Sec-WebSocket-Version", "13")) return 400;
  if (upgrades && !is_valid_key(request.header("Sec-WebSocket-Key"))) return 400;
  return origins.allows(request.header("Origin")) ? 0 : 403;
}

}  // namespace

std::string accept_key(std::string_view key) {
  std::string text(key);
  text += kKeySuffix;
  char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  // EVP_sha1() would be looked up again for each digest.
  static EVP_MD* const sha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest), &size, sha1, nullptr);
  return encode_base64({digest, size});
}

bool offers_compression(std::string_view header) {
  while (!header.empty()) {
    std::string_view offer = take_item(header, ',');
    bool fine = take_item(offer, ';') == "permessage-deflate";
    while (fine && !offer.empty()) fine = is_fine_parameter(take_item(offer, ';'));
    if (fine) return true;
  }
  return false;
}

Handshake check_handshake(const http::Request& request, const http::OriginRule& origins, bool compresses) {
  Handshake out;
  out.refusal = refusal(request, origins);
  if (out.refusal != 0) return out;
  out.subprotocol = select_subprotocol(request.header("Sec-WebSocket-Protocol"));
  if (!is_connect(request)) out.accept_key = accept_key(request.header("Sec-WebSocket-Key"));
  for (const http::Header& header : request.headers) {
    if (!compresses || out.compression) break;
    out.compression =
        http::equal_fold(header.name, "Sec-WebSocket-Extensions") && offers_compression(header.value);
  }
  return out;
}

void send_acceptance(net::Stream& stream, bool multiplexed, const Handshake& handshake) {
  std::string lines;
  if (!multiplexed) {
    http::append_header(lines, "Upgrade", "websocket");
    http::append_header(lines, "Connection", "Upgrade");
    http::append_header(lines, "Sec-WebSocket-Accept", handshake.accept_key);
  }
  if (!handshake.subprotocol.empty()) {
    http::append_header(lines, "Sec-WebSocket-Protocol", handshake.subprotocol);
  }
  if (handshake.compression) {
    http::append_header(lines, "Sec-WebSocket-Extensions",
                        "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
  }
  if (multiplexed) return static_cast<http::MessageStream&>(stream).send_head({.extra = lines});
  stream.write("HTTP/1.1 101 Switching Protocols\r\n" + lines + "\r\n");
}

}  // namespace whirl::transport::websocket
