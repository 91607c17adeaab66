// Requests at a fixed rate, whatever is answered: one is due each 1/RATE s, takes a connection that is free or a new one, and
// its time counts from when it was due, so that a slow answer delays none of those after it (coordinated omission).
//
// fixed_rate ADDRESS PORT RATE SECONDS CONNECTIONS <message; prints one line of JSON, times in milliseconds.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 4096, ANSWER = 65536 };

struct connection {
  int file;
  uint64_t due;
  size_t have;
  char answer[ANSWER];
};

static char message[1 << 20];
static size_t message_length;
static struct sockaddr_in server = {.sin_family = AF_INET};
static struct connection *idle[MOST];
static int idle_count, open_count, poll_file;
static uint64_t *times, answered, failed;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static struct connection *opened(void) {
  struct connection *one = calloc(1, sizeof *one);
  int yes = 1;
  if (open_count++ >= MOST) exit((fprintf(stderr, "more than %d requests are unanswered\n", MOST), 1));
  one->file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(one->file, (struct sockaddr *)&server, sizeof server)) fail("connect");
  setsockopt(one->file, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  struct epoll_event wish = {.events = EPOLLIN, .data.ptr = one};
  if (epoll_ctl(poll_file, EPOLL_CTL_ADD, one->file, &wish)) fail("epoll_ctl");
  return one;
}

static void drop(struct connection *one) {
  failed += one->due != 0;
  open_count--;
  close(one->file);
  for (int number = 0; number < idle_count; number++)
    if (idle[number] == one) idle[number] = idle[--idle_count];
  free(one);
}

static void ask(uint64_t due) {
  struct connection *one = idle_count ? idle[--idle_count] : opened();
  one->due = due;
  one->have = 0;
  if (send(one->file, message, message_length, MSG_NOSIGNAL) != (ssize_t)message_length) drop(one);
}

// 1: whole. 0: more is to come. -1: no answer that is understood here.
static int state(struct connection *one) {
  char *blank = memmem(one->answer, one->have, "\r\n\r\n", 4);
  if (!blank) return one->have < ANSWER ? 0 : -1;
  for (char *line = one->answer; line < blank; line = strstr(line, "\r\n") + 2)
    if (!strncasecmp(line, "content-length:", 15)) {
      size_t length = (size_t)(blank + 4 - one->answer) + strtoull(line + 15, NULL, 10);
      return length > ANSWER ? -1 : one->have >= length;
    }
  return -1;
}

static void take(struct connection *one) {
  ssize_t count = recv(one->file, one->answer + one->have, ANSWER - one->have, MSG_DONTWAIT);
  if (count < 0 && errno == EAGAIN) return;
  if (count <= 0 || !one->due) return drop(one);
  one->have += (size_t)count;
  int whole = state(one);
  if (whole < 0) return drop(one);
  if (!whole) return;
  if (memcmp(one->answer, "HTTP/1.1 200", 12)) failed++;
  else times[answered++] = now() - one->due;
  one->due = 0;
  idle[idle_count++] = one;
}

static int compare(const void *left, const void *right) {
  uint64_t one = *(const uint64_t *)left, other = *(const uint64_t *)right;
  return one < other ? -1 : one > other;
}

static double part(double share) {
  uint64_t place = (uint64_t)((double)answered * share);
  return answered ? (double)times[place < answered ? place : answered - 1] / 1e6 : 0;
}

// Until the moment, or, once all is sent, until all is answered or the moment has come.
static void work(int timer, uint64_t until, int rest) {
  struct epoll_event ready[64];
  struct itimerspec when = {.it_value = {.tv_sec = (time_t)(until / 1000000000), .tv_nsec = (long)(until % 1000000000)}};
  timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
  while (now() < until && !(rest && idle_count == open_count)) {
    int count = epoll_wait(poll_file, ready, 64, -1);
    for (int number = 0; number < count; number++)
      if (ready[number].data.ptr) take(ready[number].data.ptr);
  }
}

int main(int count, char **arguments) {
  if (count != 6) return fprintf(stderr, "fixed_rate ADDRESS PORT RATE SECONDS CONNECTIONS <message\n"), 2;
  server.sin_addr.s_addr = inet_addr(arguments[1]);
  server.sin_port = htons((uint16_t)atoi(arguments[2]));
  double rate = atof(arguments[3]);
  uint64_t requests = (uint64_t)(rate * atof(arguments[4]));
  times = calloc(requests + 1, sizeof *times);
  message_length = fread(message, 1, sizeof message, stdin);
  poll_file = epoll_create1(EPOLL_CLOEXEC);
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  // Edge-triggered: each new time is one event, and nothing reads it.
  struct epoll_event wish = {.events = EPOLLIN | EPOLLET, .data.ptr = NULL};
  if (epoll_ctl(poll_file, EPOLL_CTL_ADD, timer, &wish)) fail("epoll_ctl");
  for (int number = atoi(arguments[5]); number > 0; number--) idle[idle_count++] = opened();
  uint64_t start = now() + 50000000;
  for (uint64_t number = 0; number < requests; number++) {
    uint64_t due = start + (uint64_t)((double)number / rate * 1e9);
    work(timer, due, 0);
    ask(due);
  }
  work(timer, now() + 20000000000, 1);
  failed += (uint64_t)(open_count - idle_count);
  qsort(times, answered, sizeof *times, compare);
  printf("{\"requests\":%lu,\"p50\":%f,\"p90\":%f,\"p99\":%f,\"most\":%f,\"failed\":%lu}\n",
         (unsigned long)answered, part(0.5), part(0.9), part(0.99), part(1), (unsigned long)failed);
}
