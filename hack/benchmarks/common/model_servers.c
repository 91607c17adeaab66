// Model servers that cost next to nothing, so that they are never what a benchmark measures: many addresses, two threads.
//
// GET: the page. POST /v1/completions: a stream of events, one each EVENT_GAP. Any other POST: the answer, once the body is
// read whole. With a pause, 64 KiB of a body are read, then nothing for so long, from a socket that buffers little.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 2, EVENT_GAP = 20000, PIECE = 65536, HEAD = 16384 };

struct connection {
  int file, listens, waits;  // waits: it is in its thread's line
  char head[HEAD];
  size_t have;   // bytes of a head that is not whole yet
  size_t left;   // bytes of the body that have not come
  int events;    // events of a stream that are still to be sent
  char *answer;  // what follows the body, of so many bytes
  size_t length;
  uint64_t due;
  struct connection *next;
};

// Who waits, all for the same time: first come, first due.
struct line {
  struct connection *first, *last;
};

struct loop {
  int poll;
  struct line streams, pauses;
};

static char *page, *answer, event[512], start[1024], end[64];
static size_t page_length, answer_length, event_length, start_length, end_length;
static uint64_t pause_time;
static int events, port;
static uint32_t first_address, address_count;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

static void append(struct line *line, struct connection *one, uint64_t due) {
  one->due = due;
  one->next = NULL;
  one->waits = 1;
  if (line->first) line->last->next = one; else line->first = one;
  line->last = one;
}

static void watch(struct loop *loop, struct connection *one, int operation, uint32_t what) {
  struct epoll_event wish = {.events = what, .data.ptr = one};
  if (epoll_ctl(loop->poll, operation, one->file, &wish)) fail("epoll_ctl");
}

// One that waits in a line is freed when its turn comes.
static void drop(struct connection *one) {
  if (one->file >= 0) close(one->file);
  one->file = -1;
  if (!one->waits) free(one);
}

// The benchmark's messages fit into a socket's buffer; a peer that does not take one is lost.
static int give(struct connection *one, const char *data, size_t length) {
  return send(one->file, data, length, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)length;
}

static int finish(struct loop *loop, struct connection *one) {
  if (one->answer) return give(one, one->answer, one->length);
  one->events = events - 1;
  append(&loop->streams, one, now() + EVENT_GAP);
  return give(one, start, start_length);
}

// A whole head of so many bytes: what is asked for, and how long the body is.
static int begin(struct connection *one, size_t head) {
  one->left = 0;
  for (char *line = one->head; line < one->head + head; line = (char *)memchr(line, '\n', HEAD) + 1) {
    if (!strncasecmp(line, "content-length:", 15)) one->left = strtoull(line + 15, NULL, 10);
    if (!strncasecmp(line, "transfer-encoding:", 18)) return 0;
  }
  int get = !strncmp(one->head, "GET ", 4);
  one->answer = get ? page : strncmp(one->head, "POST /v1/completions ", 21) ? answer : NULL;
  one->length = get ? page_length : answer_length;
  return 1;
}

static int take_head(struct loop *loop, struct connection *one) {
  ssize_t count = recv(one->file, one->head + one->have, HEAD - one->have, 0);
  if (count <= 0) return count < 0 && errno == EAGAIN;
  one->have += (size_t)count;
  while (one->have) {
    char *blank = memmem(one->head, one->have, "\r\n\r\n", 4);
    if (!blank) return one->have < HEAD;
    size_t head = (size_t)(blank + 4 - one->head);
    if (!begin(one, head)) return 0;
    size_t rest = one->have - head, body = rest < one->left ? rest : one->left;
    one->left -= body;
    one->have = rest - body;
    memmove(one->head, blank + 4 + body, one->have);
    if (one->left) return 1;
    if (!finish(loop, one)) return 0;
  }
  return 1;
}

// The body is dropped in the kernel: nobody looks at it.
static int take_body(struct loop *loop, struct connection *one) {
  size_t most = pause_time && one->left > PIECE ? PIECE : one->left;
  ssize_t count = recv(one->file, NULL, most, MSG_TRUNC);
  if (count <= 0) return count < 0 && errno == EAGAIN;
  one->left -= (size_t)count;
  if (!one->left) return finish(loop, one);
  if (pause_time) {
    watch(loop, one, EPOLL_CTL_MOD, 0);
    append(&loop->pauses, one, now() + pause_time);
  }
  return 1;
}

static void take_connections(struct loop *loop, struct connection *listener) {
  int file, yes = 1;
  while ((file = accept4(listener->file, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
    setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    struct connection *one = calloc(1, sizeof *one);
    one->file = file;
    watch(loop, one, EPOLL_CTL_ADD, EPOLLIN);
  }
}

// Sends the events, and ends the pauses, that are due; microseconds until the next are.
static uint64_t take_turns(struct loop *loop, struct line *line) {
  for (struct connection *one; (one = line->first);) {
    uint64_t time = now();
    if (one->file >= 0 && one->due > time) return one->due - time;
    line->first = one->next;
    one->waits = 0;
    if (one->file < 0) {
      drop(one);
    } else if (line == &loop->pauses) {
      watch(loop, one, EPOLL_CTL_MOD, EPOLLIN);
    } else if (one->events-- > 0) {
      append(line, one, one->due + EVENT_GAP);
      if (!give(one, event, event_length)) drop(one);
    } else if (!give(one, end, end_length)) {
      drop(one);
    }
  }
  return 1000000;
}

static void listen_at(struct loop *loop, uint32_t address) {
  struct connection *one = calloc(1, sizeof *one);
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  name.sin_addr.s_addr = htonl(address);
  int yes = 1, small = PIECE / 2;
  one->listens = 1;
  one->file = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  setsockopt(one->file, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
  setsockopt(one->file, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (pause_time) setsockopt(one->file, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  if (bind(one->file, (struct sockaddr *)&name, sizeof name) || listen(one->file, 4096)) fail("bind");
  watch(loop, one, EPOLL_CTL_ADD, EPOLLIN);
}

static void *run(void *argument) {
  struct loop *loop = argument;
  struct epoll_event ready[256];
  for (;;) {
    uint64_t left = take_turns(loop, &loop->streams), other = take_turns(loop, &loop->pauses);
    if (other < left) left = other;
    int count = epoll_wait(loop->poll, ready, 256, (int)(left / 1000 + 1));
    for (int number = 0; number < count; number++) {
      struct connection *one = ready[number].data.ptr;
      if (one->listens) take_connections(loop, one);
      else if (!(one->left ? take_body(loop, one) : take_head(loop, one))) drop(one);
    }
  }
  return NULL;
}

static char *message(const char *file, const char *kind, size_t *length) {
  FILE *stream = fopen(file, "r");
  char *text = malloc(1 << 20);
  if (!stream) fail(file);
  size_t size = fread(text + 256, 1, (1 << 20) - 256, stream);
  fclose(stream);
  int head = sprintf(text, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n", kind, size);
  memmove(text + head, text + 256, size);
  *length = (size_t)head + size;
  return text;
}

static size_t chunk(char *to, const char *text) { return (size_t)sprintf(to, "%zx\r\n%s\r\n", strlen(text), text); }

static void prepare(void) {
  // nginx would otherwise keep the events until its buffer is full.
  const char *head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Accel-Buffering: no\r\n"
                     "Transfer-Encoding: chunked\r\n\r\n";
  const char *text = "data: {\"id\":\"cmpl-0123456789abcdef\",\"object\":\"text_completion\","
                     "\"choices\":[{\"index\":0,\"text\":\" sky\"}]}\n\n";
  event_length = chunk(event, text);
  start_length = (size_t)sprintf(start, "%s%s", head, event);
  end_length = chunk(end, "data: [DONE]\n\n");
  end_length += (size_t)sprintf(end + end_length, "0\r\n\r\n");
}

int main(int count, char **arguments) {
  if (count != 8) {
    fprintf(stderr, "model_servers PAGE ANSWER FIRST_ADDRESS ADDRESSES PORT EVENTS PAUSE_MICROSECONDS\n");
    return 2;
  }
  page = message(arguments[1], "text/plain; version=0.0.4; charset=utf-8", &page_length);
  answer = message(arguments[2], "application/json", &answer_length);
  first_address = ntohl(inet_addr(arguments[3]));
  address_count = (uint32_t)atoi(arguments[4]);
  port = atoi(arguments[5]);
  events = atoi(arguments[6]);
  pause_time = strtoull(arguments[7], NULL, 10);
  prepare();
  static struct loop loops[THREADS];
  pthread_t thread;
  for (int number = 0; number < THREADS; number++) {
    loops[number].poll = epoll_create1(EPOLL_CLOEXEC);
    for (uint32_t address = 0; address < address_count; address++) listen_at(&loops[number], first_address + address);
  }
  for (int number = 1; number < THREADS; number++) pthread_create(&thread, NULL, run, &loops[number]);
  run(&loops[0]);
}
