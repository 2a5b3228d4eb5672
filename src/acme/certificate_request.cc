#include "acme/certificate_request.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

#include "base/check.h"
#include "base/ids.h"

namespace whirl::acme {
namespace {

constexpr const char* kAcmeIdentifier = "1.3.6.1.5.5.7.1.31";
constexpr long kMinute = 60;
constexpr long kDay = 24 * 60 * kMinute;

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_REQ* request) const { X509_REQ_free(request); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

Owned<X509_EXTENSION> names_extension(const std::string& host) {
  const std::string value = "DNS:" + host;
  Owned<X509_EXTENSION> out(X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, value.c_str()));
  WHIRL_CHECK(out);
  return out;
}

Owned<X509_EXTENSION> identifier_extension(std::string_view authorization) {
  // An OCTET STRING of 32 bytes.
  const std::string value = "\x04\x20" + sha256(authorization);
  ASN1_OCTET_STRING* data = ASN1_OCTET_STRING_new();
  ASN1_OCTET_STRING_set(data, reinterpret_cast<const unsigned char*>(value.data()),
                        static_cast<int>(value.size()));
  ASN1_OBJECT* kind = OBJ_txt2obj(kAcmeIdentifier, 1);
  Owned<X509_EXTENSION> out(X509_EXTENSION_create_by_OBJ(nullptr, kind, 1, data));
  ASN1_OBJECT_free(kind);
  ASN1_OCTET_STRING_free(data);
  WHIRL_CHECK(out);
  return out;
}

}  // namespace

EVP_PKEY* new_key() {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  WHIRL_CHECK(key);
  return key;
}

std::string key_pem(EVP_PKEY* key) {
  Owned<BIO> out(BIO_new(BIO_s_mem()));
  WHIRL_CHECK(PEM_write_bio_PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return text_of(out.get());
}

std::string sha256(std::string_view bytes) {
  char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest), &size, EVP_sha256(),
             nullptr);
  return {digest, size};
}

CertificateRequest make_request(const std::string& host) {
  Owned<EVP_PKEY> key(new_key());
  Owned<X509_REQ> request(X509_REQ_new());
  X509_REQ_set_version(request.get(), 0);
  X509_REQ_set_pubkey(request.get(), key.get());
  STACK_OF(X509_EXTENSION)* extensions = sk_X509_EXTENSION_new_null();
  sk_X509_EXTENSION_push(extensions, names_extension(host).release());
  X509_REQ_add_extensions(request.get(), extensions);
  sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
  WHIRL_CHECK(X509_REQ_sign(request.get(), key.get(), EVP_sha256()) > 0);
  unsigned char* der = nullptr;
  const int size = i2d_X509_REQ(request.get(), &der);
  WHIRL_CHECK(size > 0);
  CertificateRequest out{key_pem(key.get()),
                         std::string(reinterpret_cast<char*>(der), static_cast<std::size_t>(size))};
  OPENSSL_free(der);
  return out;
}

CertificatePem make_challenge_certificate(const std::string& host, std::string_view authorization) {
  Owned<EVP_PKEY> key(new_key());
  Owned<X509> made(X509_new());
  X509_set_version(made.get(), 2);
  std::uint32_t serial = 0;
  random_bytes(&serial, sizeof serial);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), serial + std::uint64_t{1});
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -kMinute);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), kDay);
  X509_set_pubkey(made.get(), key.get());
  const auto* name = reinterpret_cast<const unsigned char*>("ACME challenge");
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC, name, -1, -1, 0);
  X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
  X509_add_ext(made.get(), names_extension(host).get(), -1);
  X509_add_ext(made.get(), identifier_extension(authorization).get(), -1);
  WHIRL_CHECK(X509_sign(made.get(), key.get(), EVP_sha256()) > 0);
  Owned<BIO> pem(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(pem.get(), made.get());
  return {text_of(pem.get()), key_pem(key.get())};
}

}  // namespace whirl::acme
