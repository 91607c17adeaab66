// Typed doors to libcurl's variadic functions, which Swift cannot call. Nothing here decides anything.
#pragma once
#include <curl/curl.h>
#include <stddef.h>

typedef size_t (*switchyard_bytes_callback)(char *bytes, size_t size, size_t count, void *context);

CURLcode switchyard_setopt_long(CURL *handle, CURLoption option, long value);
CURLcode switchyard_setopt_offset(CURL *handle, CURLoption option, curl_off_t value);
CURLcode switchyard_setopt_string(CURL *handle, CURLoption option, const char *value);
CURLcode switchyard_setopt_pointer(CURL *handle, CURLoption option, void *value);
CURLcode switchyard_setopt_list(CURL *handle, CURLoption option, struct curl_slist *value);
CURLcode switchyard_setopt_bytes_callback(CURL *handle, CURLoption option, switchyard_bytes_callback callback);
// libcurl copies the bytes, so they need to live only as long as the call.
CURLcode switchyard_setopt_blob(CURL *handle, CURLoption option, const void *bytes, size_t length);
// Copies `length` bytes as the request's body.
CURLcode switchyard_setopt_body(CURL *handle, const void *bytes, size_t length);
// The kernel gives up a peer that acknowledges nothing for `milliseconds` (TCP_USER_TIMEOUT). The default is a quarter
// of an hour, during which every new request would join the same dead connection.
CURLcode switchyard_set_unacknowledged_timeout(CURL *handle, long milliseconds);
// Lets a removed transfer go at once instead of waiting for the thread that resolves its name (libcurl 7.87 and later).
void switchyard_set_quick_exit(CURL *handle);

// Prepares libcurl for the whole process; call once, before anything else.
CURLcode switchyard_global_init(void);

CURLcode switchyard_getinfo_long(CURL *handle, CURLINFO info, long *value);
CURLcode switchyard_getinfo_offset(CURL *handle, CURLINFO info, curl_off_t *value);
CURLMcode switchyard_multi_setopt_long(CURLM *multi, CURLMoption option, long value);

// The next finished transfer of `multi`, or NULL. `result` receives how it ended.
CURL *switchyard_multi_next_finished(CURLM *multi, CURLcode *result);

// Blocks SIGPIPE in the calling thread: a peer that closed is an error code, not the end of the process.
void switchyard_block_sigpipe(void);

extern const size_t switchyard_write_pause;
