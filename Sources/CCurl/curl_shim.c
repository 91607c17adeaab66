#include "curl_shim.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/socket.h>

const size_t switchyard_write_pause = CURL_WRITEFUNC_PAUSE;

CURLcode switchyard_setopt_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

CURLcode switchyard_setopt_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}

CURLcode switchyard_setopt_string(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

CURLcode switchyard_setopt_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}

CURLcode switchyard_setopt_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(handle, option, value);
}

CURLcode switchyard_setopt_bytes_callback(CURL *handle, CURLoption option, switchyard_bytes_callback callback) {
  return curl_easy_setopt(handle, option, callback);
}

CURLcode switchyard_setopt_blob(CURL *handle, CURLoption option, const void *bytes, size_t length) {
  struct curl_blob blob = {.data = (void *)bytes, .len = length, .flags = CURL_BLOB_COPY};
  return curl_easy_setopt(handle, option, &blob);
}

CURLcode switchyard_setopt_body(CURL *handle, const void *bytes, size_t length) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
  if (code != CURLE_OK) return code;
  return curl_easy_setopt(handle, CURLOPT_COPYPOSTFIELDS, length == 0 ? "" : (const char *)bytes);
}

static int set_socket_options(void *context, curl_socket_t socket, curlsocktype purpose) {
  (void)purpose;
  unsigned int milliseconds = (unsigned int)(uintptr_t)context;
#ifdef TCP_USER_TIMEOUT
  // Best effort: a socket that does not know the option (a Unix socket behind a proxy) works without it.
  (void)setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
#else
  (void)socket;
  (void)milliseconds;
#endif
  return CURL_SOCKOPT_OK;
}

CURLcode switchyard_set_unacknowledged_timeout(CURL *handle, long milliseconds) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_SOCKOPTDATA, (void *)(uintptr_t)milliseconds);
  if (code != CURLE_OK) return code;
  return curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, set_socket_options);
}

void switchyard_set_quick_exit(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075700
  // Best effort: an older libcurl at run time does not know the option, and waits.
  (void)curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);
#else
  (void)handle;
#endif
}

CURLcode switchyard_getinfo_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}

CURLcode switchyard_global_init(void) {
  return curl_global_init(CURL_GLOBAL_DEFAULT);
}

CURLcode switchyard_getinfo_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
  return curl_easy_getinfo(handle, info, value);
}

CURLMcode switchyard_multi_setopt_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

CURL *switchyard_multi_next_finished(CURLM *multi, CURLcode *result) {
  int left = 0;
  CURLMsg *message;
  while ((message = curl_multi_info_read(multi, &left)) != NULL) {
    if (message->msg == CURLMSG_DONE) {
      *result = message->data.result;
      return message->easy_handle;
    }
  }
  return NULL;
}

void switchyard_block_sigpipe(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
}
