#pragma once
#include <stddef.h>
#include <stdint.h>

// X.509 certificates and keys, read and made with the system's libcrypto. A text that is given back is NUL-terminated and
// the caller's to free with switchyard_text_free. No function leaves an error in libcrypto's queue.

// A certificate in DER: the caller frees `bytes` with switchyard_text_free.
typedef struct {
  unsigned char *bytes;
  int length;
} switchyard_der;

// Reads the certificates of a PEM text, in their order, at most `capacity`; other blocks, such as keys, are passed over.
// Returns how many there are; -1 if one is malformed, -2 if there are more than `capacity`, -3 without memory. Then
// nothing is to be freed.
int switchyard_certificates_read(const char *pem, int length, switchyard_der *out, int capacity);

// What a certificate says. `names` holds `name_count` texts, each with its kind.
typedef struct {
  char kind;  // 'D': a DNS name. 'I': an IP address as text. 'U': a URI.
  char *text;
} switchyard_certificate_name;

typedef struct {
  char *common_name;  // NULL without one.
  int64_t not_before;  // Seconds since 1970.
  int64_t not_after;
  int is_authority;
  switchyard_certificate_name *names;
  int name_count;
} switchyard_certificate;

// Reads the fields of a certificate. Returns 1, or 0 if it is malformed; then nothing is to be freed.
int switchyard_certificate_fields(const unsigned char *der, int length, switchyard_certificate *out);
void switchyard_certificate_free(switchyard_certificate *certificate);

// Whether a private key in PEM is the certificate's. 1 or 0; -1 if the text holds no private key that can be read without a
// pass phrase, -2 if the certificate is malformed.
int switchyard_certificate_matches(const unsigned char *der, int length, const char *key, int key_length);

// Whether the authority's key signed the certificate. 1 or 0; a malformed one is signed by nobody.
int switchyard_certificate_is_signed(const unsigned char *der, int length, const unsigned char *authority,
                                     int authority_length);

// What switchyard_certificates_make makes, in PEM.
typedef struct {
  char *authority_certificate;
  char *authority_key;
  char *server_certificate;
  char *server_key;
} switchyard_certificates;

// Makes an EC P-256 authority and a server certificate signed by it, with the subject alternative names localhost,
// 127.0.0.1 and ::1, valid from one hour ago for the given number of days. Returns 1 on success; on failure returns 0
// and writes libcrypto's reason into `error`.
int switchyard_certificates_make(const char *common_name, long days, switchyard_certificates *out, char *error,
                                 size_t error_size);

// Frees what switchyard_certificates_make returned and clears the pointers.
void switchyard_certificates_free(switchyard_certificates *certificates);

void switchyard_text_free(void *text);
