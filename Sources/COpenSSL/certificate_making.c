#include "openssl_shim.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

static char *text_of(BIO *bio) {
  char *data = NULL;
  long length = BIO_get_mem_data(bio, &data);
  char *copy = OPENSSL_malloc((size_t)length + 1);
  if (copy != NULL) {
    memcpy(copy, data, (size_t)length);
    copy[length] = '\0';
  }
  return copy;
}

static char *certificate_text(X509 *certificate) {
  BIO *bio = BIO_new(BIO_s_mem());
  if (bio == NULL) return NULL;
  char *text = PEM_write_bio_X509(bio, certificate) == 1 ? text_of(bio) : NULL;
  BIO_free(bio);
  return text;
}

static char *key_text(EVP_PKEY *key) {
  BIO *bio = BIO_new(BIO_s_mem());
  if (bio == NULL) return NULL;
  char *text = PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1 ? text_of(bio) : NULL;
  BIO_free(bio);
  return text;
}

static int add_extension(X509 *certificate, X509 *issuer, int nid, const char *value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
  if (extension == NULL) return 0;
  int added = X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  return added;
}

// A random, positive 127-bit serial, so that two authorities of one name never collide in a client's store.
static int set_serial(X509 *certificate) {
  BIGNUM *number = BN_new();
  if (number == NULL) return 0;
  int done = BN_rand(number, 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
             BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
  BN_free(number);
  return done;
}

static X509 *make_certificate(EVP_PKEY *key, const char *common_name, long days) {
  X509 *certificate = X509_new();
  if (certificate == NULL) return NULL;
  X509_NAME *name = X509_get_subject_name(certificate);
  if (X509_set_version(certificate, 2) != 1 || !set_serial(certificate) ||
      X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) == NULL ||
      X509_gmtime_adj(X509_getm_notAfter(certificate), days * 86400) == NULL ||
      X509_set_pubkey(certificate, key) != 1 ||
      X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC, (const unsigned char *)"Switchyard", -1, -1, 0) != 1 ||
      X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)common_name, -1, -1, 0) != 1) {
    X509_free(certificate);
    return NULL;
  }
  return certificate;
}

static int finish_authority(X509 *authority, EVP_PKEY *key) {
  return X509_set_issuer_name(authority, X509_get_subject_name(authority)) == 1 &&
         add_extension(authority, authority, NID_basic_constraints, "critical,CA:TRUE") &&
         add_extension(authority, authority, NID_key_usage, "critical,keyCertSign,cRLSign") &&
         add_extension(authority, authority, NID_subject_key_identifier, "hash") &&
         X509_sign(authority, key, EVP_sha256()) > 0;
}

static int finish_server(X509 *server, X509 *authority, EVP_PKEY *authority_key) {
  return X509_set_issuer_name(server, X509_get_subject_name(authority)) == 1 &&
         add_extension(server, authority, NID_basic_constraints, "critical,CA:FALSE") &&
         add_extension(server, authority, NID_key_usage, "critical,digitalSignature") &&
         add_extension(server, authority, NID_ext_key_usage, "serverAuth") &&
         add_extension(server, authority, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1") &&
         add_extension(server, authority, NID_authority_key_identifier, "keyid") &&
         X509_sign(server, authority_key, EVP_sha256()) > 0;
}

int switchyard_certificates_make(const char *common_name, long days, switchyard_certificates *out, char *error,
                                 size_t error_size) {
  memset(out, 0, sizeof *out);
  EVP_PKEY *authority_key = EVP_EC_gen("P-256");
  EVP_PKEY *server_key = EVP_EC_gen("P-256");
  X509 *authority = authority_key ? make_certificate(authority_key, common_name, days) : NULL;
  X509 *server = server_key ? make_certificate(server_key, "localhost", days) : NULL;
  int made = authority && server && finish_authority(authority, authority_key) &&
             finish_server(server, authority, authority_key);
  if (made) {
    out->authority_certificate = certificate_text(authority);
    out->authority_key = key_text(authority_key);
    out->server_certificate = certificate_text(server);
    out->server_key = key_text(server_key);
    made = out->authority_certificate && out->authority_key && out->server_certificate && out->server_key;
  }
  if (!made) {
    ERR_error_string_n(ERR_get_error(), error, error_size);
    ERR_clear_error();
    switchyard_certificates_free(out);
  }
  X509_free(server);
  X509_free(authority);
  EVP_PKEY_free(server_key);
  EVP_PKEY_free(authority_key);
  return made;
}

void switchyard_certificates_free(switchyard_certificates *certificates) {
  OPENSSL_free(certificates->authority_certificate);
  OPENSSL_free(certificates->authority_key);
  OPENSSL_free(certificates->server_certificate);
  OPENSSL_free(certificates->server_key);
  memset(certificates, 0, sizeof *certificates);
}
