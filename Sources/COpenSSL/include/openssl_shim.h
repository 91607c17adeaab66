#pragma once
#include <stddef.h>

// Certificates for the local cluster, made with the system's libcrypto. Every text is a NUL-terminated PEM that the
// caller gives back with switchyard_certificates_free.
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

// Whether these belong together: each key is its certificate's, and the authority signed the server's certificate. 1 or
// 0; texts that are no PEM belong to nothing.
int switchyard_certificates_match(const char *authority_certificate, const char *authority_key,
                                  const char *server_certificate, const char *server_key);

// Frees what switchyard_certificates_make returned and clears the pointers.
void switchyard_certificates_free(switchyard_certificates *certificates);
