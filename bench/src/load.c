/*
 * A load generator that costs little beside what it measures: one thread, epoll, keep-alive.
 *
 *   load --port P --body FILE [--host 127.0.0.1] [--path /v1/chat/completions] [--header 'Name: value']...
 *        [--conns 64] [--rate R] [--warmup S] [--seconds S] [--sse] [--expect N] [--hold]
 *
 * Without --rate every connection sends its next request when the last one is answered (closed loop). With
 * it R requests a second are due at even distances whatever the server does (open loop), and latency counts
 * from the instant a request was due. --sse counts events; --expect N makes any other number of events
 * an error. --hold opens --conns streams, waits for the first event of each, and keeps them until stdin closes.
 *
 * Prints the line `start` when the warm-up is over and `end {json}` when the measured time is; both at
 * once, so that a reader of the pipe can look at the processor clocks at the same instants. Then it lets
 * running requests end and leaves. The JSON counts what happened between the two lines.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common.h"

enum { HEAD_LIMIT = 8192, LINE_KEEP = 16, DRAIN_SECONDS = 10, ERROR_LIMIT = 2000 };

typedef enum { CLOSED, CONNECTING, IDLE, BUSY } state;
typedef enum { HEAD, LENGTH, CHUNK_SIZE, CHUNK_DATA, CHUNK_END, TRAILER, UNTIL_CLOSE } part;

typedef struct {
    int fd;
    state state;
    size_t sent;       /* of the request */
    int64_t since;     /* when the request was due */
    part part;
    char *head;
    size_t head_length;
    uint64_t left;     /* of the body or chunk */
    int status, closes, done, failed;
    uint64_t body_bytes;
    long events;
    char line[LINE_KEEP];
    size_t line_length;
} conn;

static struct {
    const char *host, *path, *body;
    int port, conns, sse, hold;
    long expect;
    double rate, warmup, seconds;
    char headers[4096];
} o = {.host = "127.0.0.1", .path = "/v1/chat/completions", .conns = 64, .seconds = 5, .warmup = 1};

static int epoll, measuring, draining;
static char *request;
static size_t request_length;
static conn *conns, **idle;
static int idle_count, busy_count;
static uint64_t requests, all_events, bytes, errors, all_errors, reconnects, opened;
static histogram latency, first;
static char example[256];

static void fail(conn *c, const char *why, const char *detail, size_t n) {
    if (c->failed) return;
    c->failed = 1;
    all_errors++;
    if (measuring) errors++;
    if (!example[0]) {
        snprintf(example, sizeof example, "%s: %.*s", why, (int)(n > 160 ? 160 : n), detail);
        for (char *p = example; *p; p++)
            if (*p == '"' || *p == '\\' || (unsigned char)*p < ' ') *p = ' ';
    }
    if (all_errors > ERROR_LIMIT) {
        fprintf(stderr, "load: more than %d errors, the first: %s\n", ERROR_LIMIT, example);
        exit(1);
    }
}

/* ---- connections ---- */

static void close_conn(conn *c) {
    if (c->state == CLOSED) return;
    if (c->state == BUSY) busy_count--;
    close(c->fd);
    c->state = CLOSED;
}

static void open_conn(conn *c) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)o.port)};
    inet_pton(AF_INET, o.host, &at.sin_addr);
    int on = 1;
    if ((c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) < 0) die("socket");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(c->fd, (struct sockaddr *)&at, sizeof at) && errno != EINPROGRESS) die("connect");
    c->state = CONNECTING;
    struct epoll_event e = {.events = EPOLLOUT, .data.ptr = c};
    epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &e);
}

static void watch(conn *c, uint32_t what) {
    struct epoll_event e = {.events = what, .data.ptr = c};
    epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &e);
}

static void reopen(conn *c) {
    close_conn(c);
    reconnects++;
    if (!draining) open_conn(c);
}

static void push_request(conn *c) {
    while (c->sent < request_length) {
        ssize_t n = send(c->fd, request + c->sent, request_length - c->sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN) return watch(c, EPOLLIN | EPOLLOUT);
        if (n < 0) {
            fail(c, "send", strerror(errno), 99);
            return reopen(c);
        }
        c->sent += (size_t)n;
    }
}

static void start_request(conn *c, int64_t due) {
    c->state = BUSY;
    busy_count++;
    c->since = due;
    c->part = HEAD;
    c->sent = c->head_length = c->line_length = c->body_bytes = 0;
    c->events = 0;
    c->done = c->failed = 0;
    push_request(c);
}

static void become_idle(conn *c) {
    c->state = IDLE;
    if (o.rate == 0 && !draining) start_request(c, now_ns());
    else idle[idle_count++] = c;
}

static void drop_from_idle(conn *c) {
    for (int i = 0; i < idle_count; i++)
        if (idle[i] == c) idle[i] = idle[--idle_count];
}

/* ---- answers ---- */

static void end_answer(conn *c) {
    if (c->status != 200) fail(c, "status", c->head, c->head_length);
    else if (o.sse && !c->done) fail(c, "stream without [DONE]", "", 0);
    else if (o.sse && o.expect && c->events != o.expect) {
        char n[64];
        snprintf(n, sizeof n, "%ld instead of %ld", c->events, o.expect);
        fail(c, "events", n, strlen(n));
    } else if (!o.sse && c->body_bytes < 100) fail(c, "short body", c->head, c->head_length);
    if (measuring && !c->failed) {
        requests++;
        histogram_add(&latency, now_ns() - c->since);
    }
    busy_count--;
    c->state = IDLE;
    if (c->closes) reopen(c);
    else become_idle(c);
}

static void take_line(conn *c) {
    if (c->line_length < 5 || memcmp(c->line, "data:", 5) != 0) return;
    if (c->events++ == 0) {
        opened++;
        if (measuring) histogram_add(&first, now_ns() - c->since);
    }
    if (measuring) all_events++;
    if (c->line_length >= 12 && memcmp(c->line, "data: [DONE]", 12) == 0) c->done = 1;
    if (c->line_length >= 15 && memcmp(c->line, "data: {\"error\":", 15) == 0) fail(c, "error event", c->line, 15);
}

static void take_data(conn *c, const char *p, size_t n) {
    c->body_bytes += n;
    if (measuring) bytes += n;
    if (!o.sse || c->status != 200) return;
    for (const char *end = p + n; p < end;) {
        const char *eol = memchr(p, '\n', (size_t)(end - p));
        size_t part = (size_t)((eol ? eol : end) - p), keep = LINE_KEEP - c->line_length;
        if (keep > part) keep = part;
        memcpy(c->line + c->line_length, p, keep);
        c->line_length += keep;
        if (!eol) return;
        take_line(c);
        c->line_length = 0;
        p = eol + 1;
    }
}

/* Collects the head up to its empty line; what of [p, p + n) belongs to it. 0: the head is too long. */
static size_t take_head(conn *c, const char *p, size_t n, int *whole) {
    size_t room = HEAD_LIMIT - c->head_length, take = n < room ? n : room, from = c->head_length;
    memcpy(c->head + from, p, take);
    c->head_length += take;
    char *end = memmem(c->head, c->head_length, "\r\n\r\n", 4);
    if (!end) return take;
    *whole = 1;
    size_t head = (size_t)(end - c->head) + 4, length;
    c->head_length = head;
    c->status = head > 12 ? atoi(c->head + 9) : 0;
    c->closes = header_is(c->head, end, "connection", "close");
    const char *value = header(c->head, end, "content-length", &length);
    if (header_is(c->head, end, "transfer-encoding", "chunked")) c->part = CHUNK_SIZE, c->left = 0;
    else if (value) c->part = LENGTH, c->left = strtoull(value, NULL, 10);
    else c->part = UNTIL_CLOSE, c->closes = 1;
    return head - from;
}

/* Feeds what arrived through the answer's parts; stops where the answer ends. */
static void take_bytes(conn *c, const char *p, size_t n) {
    const char *end = p + n;
    while (p < end && c->state == BUSY) {
        size_t have = (size_t)(end - p), part;
        int whole = 0;
        switch (c->part) {
            case HEAD:
                part = take_head(c, p, have, &whole);
                p += part;
                if (whole && c->part == LENGTH && c->left == 0) return end_answer(c);
                if (!whole && part == 0) {
                    fail(c, "head too long", "", 0);
                    return reopen(c);
                }
                break;
            case LENGTH:
            case CHUNK_DATA:
                part = have < c->left ? have : (size_t)c->left;
                take_data(c, p, part);
                p += part;
                c->left -= part;
                if (c->left == 0 && c->part == LENGTH) return end_answer(c);
                if (c->left == 0) c->part = CHUNK_END;
                break;
            case CHUNK_SIZE:
                if (*p == '\n') {
                    c->part = (c->left & ~(1ull << 63)) ? CHUNK_DATA : TRAILER;
                    c->left &= ~(1ull << 63);
                    c->line_length = c->part == TRAILER ? 0 : c->line_length;
                } else if (*p == ';') c->left |= 1ull << 63; /* an extension: skip to the line's end */
                else if (*p != '\r' && !(c->left >> 63))
                    c->left = c->left * 16 + (uint64_t)(*p <= '9' ? *p - '0' : (*p | 32) - 'a' + 10);
                p++;
                break;
            case CHUNK_END:
                if (*p++ == '\n') c->part = CHUNK_SIZE, c->left = 0;
                break;
            case TRAILER: /* lines until an empty one */
                if (*p == '\n' && c->line_length == 0) return end_answer(c);
                if (*p == '\n') c->line_length = 0;
                else if (*p != '\r') c->line_length = 1;
                p++;
                break;
            case UNTIL_CLOSE:
                take_data(c, p, have);
                p = end;
                break;
        }
    }
    if (p < end) fail(c, "bytes after the answer", p, (size_t)(end - p));
}

static void on_ready(conn *c, uint32_t what) {
    static char buffer[65536];
    if (c->state == CONNECTING) {
        int error = 0;
        socklen_t n = sizeof error;
        getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &n);
        if (error) {
            c->failed = 0;
            fail(c, "connect", strerror(error), 99);
            close_conn(c);
            return open_conn(c);
        }
        watch(c, EPOLLIN);
        return become_idle(c);
    }
    if ((what & EPOLLOUT) && c->state == BUSY) {
        push_request(c);
        if (c->state == BUSY && c->sent == request_length) watch(c, EPOLLIN);
    }
    if (!(what & (EPOLLIN | EPOLLHUP | EPOLLERR)) || c->state < IDLE) return;
    ssize_t n = recv(c->fd, buffer, sizeof buffer, 0);
    if (n < 0 && errno == EAGAIN) return;
    if (n > 0 && c->state == BUSY) return take_bytes(c, buffer, (size_t)n);
    if (c->state == IDLE) drop_from_idle(c);
    else if (n == 0 && c->part == UNTIL_CLOSE) return end_answer(c);
    else fail(c, n == 0 ? "closed early" : "recv", n == 0 ? "" : strerror(errno), n == 0 ? 0 : 99);
    reopen(c);
}

/* ---- the run ---- */

static void run_until(int64_t end, int64_t t0, uint64_t *sent) {
    struct epoll_event ready[256];
    for (int64_t now; (now = now_ns()) < end;) {
        int64_t due = end;
        if (o.rate > 0 && !draining) {
            int64_t next;
            while ((next = t0 + (int64_t)((double)*sent * 1e9 / o.rate)) <= now && idle_count > 0) {
                start_request(idle[--idle_count], next);
                ++*sent;
            }
            if (idle_count > 0 && next < due) due = next;
        }
        if (draining && busy_count == 0) return;
        int n = wait_until(epoll, ready, 256, due);
        if (n < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < n; i++) on_ready(ready[i].data.ptr, ready[i].events);
    }
}

static void print_end(double seconds, uint64_t unsent) {
    printf("end {\"seconds\":%.6f,\"requests\":%llu,\"events\":%llu,\"bytes\":%llu,\"errors\":%llu,\"warmup_errors\":%llu,"
           "\"unsent\":%llu,\"reconnects\":%llu,\"example\":\"%s\",",
           seconds, (unsigned long long)requests, (unsigned long long)all_events, (unsigned long long)bytes,
           (unsigned long long)errors, (unsigned long long)(all_errors - errors), (unsigned long long)unsent,
           (unsigned long long)reconnects, example);
    histogram_print("latency_us", &latency);
    putchar(',');
    histogram_print("first_us", &first);
    puts("}");
    fflush(stdout);
}

static void say_start(void) {
    puts("start");
    fflush(stdout);
}

/* Opens every stream at an even pace, waits for the first event of each, and keeps them. */
static void hold_streams(void) {
    int64_t began = now_ns();
    uint64_t none = 0;
    measuring = 1;
    for (int i = 0; i < o.conns; i++) {
        open_conn(&conns[i]);
        run_until(began + (int64_t)(i + 1) * 500000, began, &none);
    }
    while (opened < (uint64_t)o.conns && now_ns() - began < 120 * 1000000000ll) run_until(now_ns() + 10000000, began, &none);
    say_start();
    fcntl(0, F_SETFL, O_NONBLOCK);
    for (char byte; read(0, &byte, 1) < 0 && errno == EAGAIN;) run_until(now_ns() + 50000000, began, &none);
    requests = opened;
    print_end((double)(now_ns() - began) / 1e9, (uint64_t)(o.conns - busy_count));
}

static void measure(void) {
    int64_t t0 = now_ns(), warm = t0 + (int64_t)(o.warmup * 1e9);
    uint64_t sent = 0;
    /* Streams that all began at once would all end at once: spread them over the first half of the warm-up. */
    int64_t step = o.sse && o.rate == 0 ? (warm - t0) / 2 / o.conns : 0;
    for (int i = 0; i < o.conns; i++) {
        open_conn(&conns[i]);
        if (step) run_until(t0 + step * (i + 1), t0, &sent);
    }
    run_until(warm, t0, &sent);
    measuring = 1;
    int64_t began = now_ns();
    say_start();
    run_until(began + (int64_t)(o.seconds * 1e9), t0, &sent);
    measuring = 0;
    int64_t ended = now_ns();
    double due = (double)(ended - t0) * o.rate / 1e9;
    print_end((double)(ended - began) / 1e9, o.rate > 0 && due > (double)sent + 1 ? (uint64_t)(due - (double)sent) : 0);
    draining = 1;
    run_until(ended + (int64_t)DRAIN_SECONDS * 1000000000, t0, &sent);
}

static char *read_file(const char *name, size_t *n) {
    static char content[1 << 20];
    FILE *f = fopen(name, "rb");
    if (!f) die(name);
    *n = fread(content, 1, sizeof content, f);
    fclose(f);
    return content;
}

static void read_options(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        const char *name = argv[i];
        if (!strcmp(name, "--sse")) { o.sse = 1; continue; }
        if (!strcmp(name, "--hold")) { o.hold = o.sse = 1; continue; }
        if (i + 1 == argc) fprintf(stderr, "load: %s needs a value\n", name), exit(2);
        const char *value = argv[++i];
        if (!strcmp(name, "--host")) o.host = value;
        else if (!strcmp(name, "--port")) o.port = atoi(value);
        else if (!strcmp(name, "--path")) o.path = value;
        else if (!strcmp(name, "--body")) o.body = value;
        else if (!strcmp(name, "--conns")) o.conns = atoi(value);
        else if (!strcmp(name, "--rate")) o.rate = atof(value);
        else if (!strcmp(name, "--warmup")) o.warmup = atof(value);
        else if (!strcmp(name, "--seconds")) o.seconds = atof(value);
        else if (!strcmp(name, "--expect")) o.expect = atol(value);
        else if (!strcmp(name, "--header")) {
            size_t n = strlen(o.headers);
            snprintf(o.headers + n, sizeof o.headers - n, "%s\r\n", value);
        } else fprintf(stderr, "load: unknown option %s\n", name), exit(2);
    }
    if (!o.port || !o.body || o.conns < 1) fprintf(stderr, "load: --port, --body and --conns are needed\n"), exit(2);
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    signal(SIGPIPE, SIG_IGN);
    raise_file_limit();
    size_t n;
    char *body = read_file(o.body, &n);
    request = malloc(n + 8192);
    conns = calloc((size_t)o.conns, sizeof *conns);
    idle = calloc((size_t)o.conns, sizeof *idle);
    if (!request || !conns || !idle) die("malloc");
    request_length = (size_t)sprintf(request,
        "POST %s HTTP/1.1\r\nHost: %s:%d\r\nContent-Type: application/json\r\nAccept: %s\r\n"
        "User-Agent: bench/1\r\n%sContent-Length: %zu\r\n\r\n",
        o.path, o.host, o.port, o.sse ? "text/event-stream" : "application/json", o.headers, n);
    memcpy(request + request_length, body, n);
    request_length += n;
    for (int i = 0; i < o.conns; i++)
        if (!(conns[i].head = malloc(HEAD_LIMIT))) die("malloc");
    if ((epoll = epoll_create1(0)) < 0) die("epoll");
    if (o.hold) hold_streams();
    else measure();
    return 0;
}
