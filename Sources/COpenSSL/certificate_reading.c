#include "openssl_shim.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

void switchyard_text_free(void *text) { OPENSSL_free(text); }

static void free_all(switchyard_der *list, int count) {
  for (int index = 0; index < count; index++) OPENSSL_free(list[index].bytes);
}

// Whether reading ended because there was no further block, and not at a mistake.
static int is_end_of_text(void) {
  unsigned long error = ERR_peek_last_error();
  return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

// Without a pass phrase, and without libcrypto asking for one at the terminal.
static int no_pass_phrase(char *buffer, int size, int writing, void *context) {
  (void)buffer, (void)size, (void)writing, (void)context;
  return 0;
}

static int take(X509 *certificate, switchyard_der *out) {
  out->bytes = NULL;
  out->length = i2d_X509(certificate, &out->bytes);
  return out->length > 0;
}

static int read_all(BIO *bio, switchyard_der *out, int capacity) {
  int count = 0;
  for (;;) {
    X509 *certificate = PEM_read_bio_X509(bio, NULL, no_pass_phrase, NULL);
    int result = count;
    if (certificate == NULL) {
      if (is_end_of_text()) return count;
      result = -1;
    } else if (count == capacity) {
      result = -2;
    } else if (!take(certificate, &out[count])) {
      result = -3;
    } else {
      count++;
    }
    X509_free(certificate);
    if (result < 0) {
      free_all(out, count);
      return result;
    }
  }
}

int switchyard_certificates_read(const char *pem, int length, switchyard_der *out, int capacity) {
  BIO *bio = BIO_new_mem_buf(pem, length);
  if (bio == NULL) return -3;
  int result = read_all(bio, out, capacity);
  BIO_free(bio);
  ERR_clear_error();
  return result;
}

static X509 *certificate_of(const unsigned char *der, int length) {
  const unsigned char *position = der;
  return d2i_X509(NULL, &position, length);
}

static char *text_copy(const void *bytes, int length) {
  // A NUL inside would let a name end early for whoever reads it as a C string.
  if (length < 0 || memchr(bytes, 0, (size_t)length) != NULL) return NULL;
  char *text = OPENSSL_malloc((size_t)length + 1);
  if (text == NULL) return NULL;
  memcpy(text, bytes, (size_t)length);
  text[length] = '\0';
  return text;
}

static char *common_name(X509 *certificate) {
  X509_NAME *subject = X509_get_subject_name(certificate);
  int place = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (place < 0) return NULL;
  unsigned char *bytes = NULL;
  int length = ASN1_STRING_to_UTF8(&bytes, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place)));
  if (length < 0) return NULL;
  char *text = text_copy(bytes, length);
  OPENSSL_free(bytes);
  return text;
}

static char *address_text(const ASN1_OCTET_STRING *address) {
  char text[INET6_ADDRSTRLEN];
  int length = ASN1_STRING_length(address);
  int family = length == 4 ? AF_INET : length == 16 ? AF_INET6 : AF_UNSPEC;
  if (family == AF_UNSPEC || inet_ntop(family, ASN1_STRING_get0_data(address), text, sizeof text) == NULL) return NULL;
  return text_copy(text, (int)strlen(text));
}

static char *name_text(const GENERAL_NAME *name, char *kind) {
  switch (name->type) {
    case GEN_DNS:
      *kind = 'D';
      return text_copy(ASN1_STRING_get0_data(name->d.dNSName), ASN1_STRING_length(name->d.dNSName));
    case GEN_IPADD:
      *kind = 'I';
      return address_text(name->d.iPAddress);
    case GEN_URI:
      *kind = 'U';
      return text_copy(ASN1_STRING_get0_data(name->d.uniformResourceIdentifier),
                       ASN1_STRING_length(name->d.uniformResourceIdentifier));
    default:
      return NULL;
  }
}

static int read_names(X509 *certificate, switchyard_certificate *out) {
  int found = -1;
  GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, &found, NULL);
  // -1: there is no such extension. Anything else without names: it is malformed, or there twice.
  if (names == NULL && found != -1) return 0;
  int count = names == NULL ? 0 : sk_GENERAL_NAME_num(names);
  if (count > 0) out->names = OPENSSL_zalloc((size_t)count * sizeof *out->names);
  for (int index = 0; out->names != NULL && index < count; index++) {
    char kind = 0;
    char *text = name_text(sk_GENERAL_NAME_value(names, index), &kind);
    if (text != NULL) out->names[out->name_count++] = (switchyard_certificate_name){kind, text};
  }
  GENERAL_NAMES_free(names);
  return count == 0 || out->names != NULL;
}

static int seconds(const ASN1_TIME *time, int64_t *out) {
  struct tm parts;
  if (ASN1_TIME_to_tm(time, &parts) != 1) return 0;
  *out = (int64_t)timegm(&parts);
  return 1;
}

int switchyard_certificate_fields(const unsigned char *der, int length, switchyard_certificate *out) {
  memset(out, 0, sizeof *out);
  X509 *certificate = certificate_of(der, length);
  int done = certificate != NULL && seconds(X509_get0_notBefore(certificate), &out->not_before) &&
             seconds(X509_get0_notAfter(certificate), &out->not_after) && read_names(certificate, out);
  if (done) {
    out->common_name = common_name(certificate);
    out->is_authority = X509_check_ca(certificate) == 1;
  } else {
    switchyard_certificate_free(out);
  }
  X509_free(certificate);
  ERR_clear_error();
  return done;
}

void switchyard_certificate_free(switchyard_certificate *certificate) {
  OPENSSL_free(certificate->common_name);
  for (int index = 0; index < certificate->name_count; index++) OPENSSL_free(certificate->names[index].text);
  OPENSSL_free(certificate->names);
  memset(certificate, 0, sizeof *certificate);
}

static EVP_PKEY *key_of(const char *pem, int length) {
  BIO *bio = BIO_new_mem_buf(pem, length);
  EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_pass_phrase, NULL) : NULL;
  BIO_free(bio);
  return key;
}

int switchyard_certificate_matches(const unsigned char *der, int length, const char *key, int key_length) {
  X509 *certificate = certificate_of(der, length);
  EVP_PKEY *private_key = key_of(key, key_length);
  int result = -2;
  if (certificate != NULL) result = private_key == NULL ? -1 : X509_check_private_key(certificate, private_key) == 1;
  EVP_PKEY_free(private_key);
  X509_free(certificate);
  ERR_clear_error();
  return result;
}

int switchyard_certificate_is_signed(const unsigned char *der, int length, const unsigned char *authority,
                                     int authority_length) {
  X509 *certificate = certificate_of(der, length);
  X509 *signer = certificate_of(authority, authority_length);
  int result = certificate && signer && X509_verify(certificate, X509_get0_pubkey(signer)) == 1;
  X509_free(signer);
  X509_free(certificate);
  ERR_clear_error();
  return result;
}
