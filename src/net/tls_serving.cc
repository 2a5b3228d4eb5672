#include "net/tls_serving.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/check.h"
#include "base/ids.h"
#include "net/ticket_keys.h"
#include "net/tls_certificate.h"

namespace whirl::net {
namespace {

/// What the callbacks of a server's context need; it lives as long as the context, which connections may keep
/// beyond a reload.
struct ServerSide {
  std::string protocols;  // as ALPN writes a list
  std::shared_ptr<CertificateSource> source;
  std::shared_ptr<TicketKeys> tickets;

  static const ServerSide& of(SSL* session) {
    return *static_cast<ServerSide*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(session), index()));
  }
  static int index() {
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, destroy);
    return index;
  }

 private:
  static void destroy(void*, void* self, CRYPTO_EX_DATA*, int, long, void*) {
    delete static_cast<ServerSide*>(self);
  }
};

/// Marks sessions whose client is an authority that checks a name.
int challenge_mark() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

bool is_challenge(SSL* session) {
  return SSL_get_ex_data(session, challenge_mark()) != nullptr;
}

std::string wire_list(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    out += static_cast<char>(name.size());
    out += name;
  }
  return out;
}

int choose_protocol(SSL* session, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  static const std::string challenge = wire_list({"acme-tls/1"});
  const std::string& ours = is_challenge(session) ? challenge : ServerSide::of(session).protocols;
  unsigned char* chosen = nullptr;
  int found = SSL_select_next_proto(&chosen, out_size, reinterpret_cast<const unsigned char*>(ours.data()),
                                    static_cast<unsigned>(ours.size()), offered, offered_size);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

int on_client_hello(SSL* session, int*, void*) {
  const unsigned char* list = nullptr;
  std::size_t size = 0;
  if (SSL_client_hello_get0_ext(session, TLSEXT_TYPE_application_layer_protocol_negotiation, &list, &size) !=
      1) {
    return SSL_CLIENT_HELLO_SUCCESS;
  }
  static constexpr std::string_view kOnly(
      "\x00\x0b\x0a"
      "acme-tls/1",
      13);
  static char mark;
  if (std::string_view(reinterpret_cast<const char*>(list), size) == kOnly) {
    SSL_set_ex_data(session, challenge_mark(), &mark);
  }
  return SSL_CLIENT_HELLO_SUCCESS;
}

int choose_certificate(SSL* session, void*) {
  CertificateSource& source = *ServerSide::of(session).source;
  const char* asked = SSL_get_servername(session, TLSEXT_NAMETYPE_host_name);
  std::string_view name = asked ? asked : "";
  TlsCertificatePtr found = is_challenge(session) ? source.find_challenge(name) : source.find(name);
  if (!found) return 0;
  return SSL_use_cert_and_key(session, found->leaf(), found->key(), found->chain(), 1);
}

int seal_or_open_ticket(SSL* session, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
                        EVP_MAC_CTX* mac, int seals) {
  TicketKeys& keys = *ServerSide::of(session).tickets;
  TicketKeys::Opening found{};
  if (seals) {
    found.key = keys.sealing();
    std::memcpy(name, found.key.name, sizeof found.key.name);
    random_bytes(iv, static_cast<std::size_t>(EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())));
  } else if (auto known = keys.opening(name)) {
    found = *known;
  } else {
    return 0;
  }
  char digest[] = "SHA256";
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, found.key.mac, sizeof found.key.mac),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end()};
  if (EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), nullptr, found.key.cipher, iv, seals) != 1 ||
      EVP_MAC_CTX_set_params(mac, parameters) != 1) {
    return -1;
  }
  return found.outdated ? 2 : 1;
}

// Tickets resume without memory here. One is good only where clients must show the same certificates.
void set_up_sessions(SSL_CTX* context, const TlsServerOptions& options) {
  unsigned char rules[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(options.client_ca.data(), options.client_ca.size(), rules, &size, EVP_sha256(), nullptr);
  SSL_CTX_set_session_id_context(context, rules, std::min(size, unsigned{SSL_MAX_SID_CTX_LENGTH}));
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_timeout(context, TicketKeys::kRotateMs / 1000);
  SSL_CTX_set_num_tickets(context, 1);
  SSL_CTX_set_tlsext_ticket_key_evp_cb(context, seal_or_open_ticket);
}

}  // namespace

void serve(SSL_CTX* context, const TlsServerOptions& options) {
  // What is secret today stays so if a key is lost later, and nothing is open to padding attacks.
  WHIRL_CHECK(SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20:!PSK") == 1);
  SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  auto side = std::make_unique<ServerSide>();
  side->protocols = wire_list(options.protocols);
  side->source = options.source;
  side->tickets = options.tickets ? options.tickets : std::make_shared<TicketKeys>();
  SSL_CTX_set_ex_data(context, ServerSide::index(), side.release());
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  if (options.source) {
    SSL_CTX_set_client_hello_cb(context, on_client_hello, nullptr);
    SSL_CTX_set_cert_cb(context, choose_certificate, nullptr);
  }
  set_up_sessions(context, options);
}

}  // namespace whirl::net
