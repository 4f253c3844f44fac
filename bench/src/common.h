/*
 * What the bench upstream and the load generator share: a clock, a precise epoll wait, a histogram,
 * and the few HTTP/1.1 helpers both sides of a connection need. Linux only.
 */
#ifndef MIXGATEWAY_BENCH_COMMON_H
#define MIXGATEWAY_BENCH_COMMON_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>

static inline int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static inline void die(const char *what) {
    perror(what);
    exit(1);
}

/* Waits until an event or until the instant `due` (INT64_MAX: for ever). */
static inline int wait_until(int epoll, struct epoll_event *events, int max, int64_t due) {
    if (due == INT64_MAX) return epoll_wait(epoll, events, max, -1);
    int64_t left = due - now_ns();
    if (left < 0) left = 0;
    struct timespec t = {left / 1000000000, left % 1000000000};
    return epoll_pwait2(epoll, events, max, &t, NULL);
}

/* Open files up to the hard limit: thousands of streams are held at once. */
static inline void raise_file_limit(void) {
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r) == 0) {
        r.rlim_cur = r.rlim_max;
        setrlimit(RLIMIT_NOFILE, &r);
    }
}

/*
 * Durations in nanoseconds, in logarithmic buckets of 512 steps per power of two: every percentile is
 * right within 0.2 %, whatever its size.
 */
enum { STEP_BITS = 9, STEPS = 1 << STEP_BITS, HISTOGRAM_BUCKETS = (64 - STEP_BITS) * STEPS };

typedef struct {
    uint64_t count, max;
    uint32_t buckets[HISTOGRAM_BUCKETS];
} histogram;

static inline void histogram_add(histogram *h, int64_t ns) {
    uint64_t v = ns < 0 ? 0 : (uint64_t)ns;
    unsigned index = (unsigned)v;
    if (v >= STEPS) {
        unsigned exponent = 63u - (unsigned)__builtin_clzll(v);
        index = (exponent - STEP_BITS + 1) * STEPS + ((v >> (exponent - STEP_BITS)) & (STEPS - 1));
    }
    h->buckets[index]++;
    h->count++;
    if (v > h->max) h->max = v;
}

/* The value below which the share `q` of all samples lies, in microseconds; 0 without samples. */
static inline double histogram_us(const histogram *h, double q) {
    uint64_t wanted = (uint64_t)(q * (double)h->count), seen = 0;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += h->buckets[i];
        if (seen > wanted) {
            double low = i < STEPS ? i : (double)((uint64_t)(STEPS + i % STEPS) << (i / STEPS - 1));
            double width = i < STEPS ? 1 : (double)(1ull << (i / STEPS - 1));
            return (low + width / 2) / 1000.0;
        }
    }
    return (double)h->max / 1000.0;
}

static inline void histogram_print(const char *name, const histogram *h) {
    printf("\"%s\":{\"n\":%llu,\"p50\":%.1f,\"p90\":%.1f,\"p99\":%.1f,\"max\":%.1f}", name,
           (unsigned long long)h->count, histogram_us(h, .5), histogram_us(h, .9), histogram_us(h, .99),
           (double)h->max / 1000.0);
}

/* The value of a header in the block [head, end), or NULL; *length gets its length. */
static inline const char *header(const char *head, const char *end, const char *name, size_t *length) {
    size_t n = strlen(name);
    for (const char *line = head; line < end;) {
        const char *eol = memchr(line, '\r', (size_t)(end - line));
        if (!eol) eol = end;
        if ((size_t)(eol - line) > n && line[n] == ':' && strncasecmp(line, name, n) == 0) {
            const char *value = line + n + 1;
            while (value < eol && *value == ' ') value++;
            *length = (size_t)(eol - value);
            return value;
        }
        line = eol + 2;
    }
    return NULL;
}

static inline int header_is(const char *head, const char *end, const char *name, const char *value) {
    size_t n;
    const char *v = header(head, end, name, &n);
    return v && n == strlen(value) && strncasecmp(v, value, n) == 0;
}

#endif
