/*
 * A model provider that costs next to nothing: one thread, epoll, prebuilt answers, keep-alive.
 *
 *   upstream PORT
 *
 * Any POST is a chat completion: plain JSON, or an SSE stream when the body says "stream":true. A stream
 * is `events` content chunks, one `interval_us`, the first `first_us` after the request; then the
 * finish chunk, the usage chunk when the body says "include_usage":true (and then "usage":null in every
 * other chunk, as OpenAI does), and [DONE]. A plain answer waits `first_us`, too.
 * `GET /_set?first_us=N&events=N&interval_us=N` changes these for the requests that follow.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common.h"

enum { MAX_REQUEST = 1 << 20, OUT_LIMIT = 1 << 20 };

typedef struct conn {
    int fd;
    char *in;
    size_t in_length, in_room;
    char *out; /* what the socket did not take yet */
    size_t out_from, out_to, out_room;
    int answering, streaming, with_usage;
    long left;         /* content chunks still to send */
    int first;         /* the next chunk is the first */
    long interval_ns;
    int64_t due;       /* when to send next */
    int heap_at;       /* place in the heap, or -1 */
} conn;

static int epoll;
static long first_us = 0, events = 20, interval_us = 0;

/* ---- answers, built once ---- */

#define JSON_BODY                                                                                          \
    "{\"id\":\"chatcmpl-Bq1mGqW5cYFhN0aP2s8vLr7t\",\"object\":\"chat.completion\",\"created\":1760000000," \
    "\"model\":\"gpt-4.1-mini-2025-04-14\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\"," \
    "\"content\":\"A gateway sits between callers and providers: it checks who is calling, picks where "  \
    "the call goes, passes the bytes on, and counts what was used.\",\"refusal\":null,"                   \
    "\"annotations\":[]},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":96,"  \
    "\"completion_tokens\":32,\"total_tokens\":128,\"prompt_tokens_details\":{\"cached_tokens\":0,"        \
    "\"audio_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":0}},"                         \
    "\"system_fingerprint\":\"fp_6f2eabb9a5\"}\n"
#define CHUNK_HEAD                                                                                       \
    "data: {\"id\":\"chatcmpl-Bq1mGqW5cYFhN0aP2s8vLr7t\",\"object\":\"chat.completion.chunk\","          \
    "\"created\":1760000000,\"model\":\"gpt-4.1-mini-2025-04-14\",\"system_fingerprint\":\"fp_6f2eabb9a5\","
#define STREAM_HEAD                                                                                      \
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"   \
    "x-request-id: req_0123456789abcdef\r\nTransfer-Encoding: chunked\r\n\r\n"

typedef struct {
    char bytes[2048];
    size_t length;
} text;

static text json_answer, stream_head, first_chunk[2], next_chunk[2], last_chunks[2];

static void add_chunk(text *t, const char *event, const char *after) {
    char line[1024];
    int n = snprintf(line, sizeof line, "%s%s\n\n", event, after);
    t->length += (size_t)snprintf(t->bytes + t->length, sizeof t->bytes - t->length, "%x\r\n%s\r\n", n, line);
}

static void build_answers(void) {
    json_answer.length = (size_t)snprintf(
        json_answer.bytes, sizeof json_answer.bytes,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-request-id: req_0123456789abcdef\r\n"
        "Content-Length: %zu\r\n\r\n%s", sizeof JSON_BODY - 1, JSON_BODY);
    stream_head.length = sizeof STREAM_HEAD - 1;
    memcpy(stream_head.bytes, STREAM_HEAD, sizeof STREAM_HEAD);
    for (int usage = 0; usage < 2; usage++) {
        const char *end = usage ? ",\"usage\":null}" : "}";
        char choices[256];
        snprintf(choices, sizeof choices,
                 "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},"
                 "\"logprobs\":null,\"finish_reason\":null}]%s", end);
        add_chunk(&first_chunk[usage], CHUNK_HEAD, choices);
        snprintf(choices, sizeof choices,
                 "\"choices\":[{\"index\":0,\"delta\":{\"content\":\" gateway\"},\"logprobs\":null,"
                 "\"finish_reason\":null}]%s", end);
        add_chunk(&next_chunk[usage], CHUNK_HEAD, choices);
        snprintf(choices, sizeof choices,
                 "\"choices\":[{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}]%s", end);
        add_chunk(&last_chunks[usage], CHUNK_HEAD, choices);
        if (usage)
            add_chunk(&last_chunks[usage], CHUNK_HEAD,
                      "\"choices\":[],\"usage\":{\"prompt_tokens\":96,\"completion_tokens\":32,\"total_tokens\":128,"
                      "\"prompt_tokens_details\":{\"cached_tokens\":0}}}");
        add_chunk(&last_chunks[usage], "data: [DONE]", "");
        memcpy(last_chunks[usage].bytes + last_chunks[usage].length, "0\r\n\r\n", 5);
        last_chunks[usage].length += 5;
    }
}

/* ---- a heap of streams by the instant of their next chunk ---- */

static conn **heap;
static int heap_size, heap_room;

static void heap_put(int i, conn *c) {
    heap[i] = c;
    c->heap_at = i;
}

static void heap_up(int i) {
    conn *c = heap[i];
    for (; i > 0 && heap[(i - 1) / 2]->due > c->due; i = (i - 1) / 2) heap_put(i, heap[(i - 1) / 2]);
    heap_put(i, c);
}

static void heap_down(int i) {
    conn *c = heap[i];
    for (int child; (child = 2 * i + 1) < heap_size; i = child) {
        if (child + 1 < heap_size && heap[child + 1]->due < heap[child]->due) child++;
        if (heap[child]->due >= c->due) break;
        heap_put(i, heap[child]);
    }
    heap_put(i, c);
}

static void schedule(conn *c) {
    if (heap_size == heap_room) heap = realloc(heap, sizeof *heap * (size_t)(heap_room = heap_room * 2 + 64));
    if (!heap) die("realloc");
    heap[heap_size] = c;
    heap_up(heap_size++);
}

static void unschedule(conn *c) {
    int i = c->heap_at;
    if (i < 0) return;
    c->heap_at = -1;
    conn *last = heap[--heap_size];
    if (last == c) return;
    heap_put(i, last);
    heap_up(i);
    heap_down(last->heap_at);
}

/* ---- connections ---- */

static void close_conn(conn *c) {
    unschedule(c);
    close(c->fd);
    free(c->in);
    free(c->out);
    free(c);
}

static void watch(conn *c, uint32_t what) {
    struct epoll_event e = {.events = what, .data.ptr = c};
    epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &e);
}

/* Sends or keeps the bytes; -1 when the connection is lost. */
static int send_bytes(conn *c, const char *bytes, size_t n) {
    if (c->out_to == c->out_from) {
        ssize_t sent = send(c->fd, bytes, n, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) return -1;
        if (sent == (ssize_t)n) return 0;
        if (sent > 0) bytes += sent, n -= (size_t)sent;
        c->out_from = c->out_to = 0;
        watch(c, EPOLLIN | EPOLLOUT);
    }
    if (c->out_to + n > OUT_LIMIT) return -1;
    if (c->out_to + n > c->out_room && !(c->out = realloc(c->out, c->out_room = c->out_to + n))) die("realloc");
    memcpy(c->out + c->out_to, bytes, n);
    c->out_to += n;
    return 0;
}

static int take_requests(conn *c);

static int finish_answer(conn *c) {
    c->answering = c->streaming = 0;
    return take_requests(c);
}

/* Sends the chunk that is due and sets the next instant; a client that reads slowly holds its stream up. */
static int send_due(conn *c) {
    if (!c->streaming) return send_bytes(c, json_answer.bytes, json_answer.length) || finish_answer(c) ? -1 : 0;
    const text *chunk = c->left == 0 ? &last_chunks[c->with_usage]
                        : c->first   ? &first_chunk[c->with_usage]
                                     : &next_chunk[c->with_usage];
    if (send_bytes(c, chunk->bytes, chunk->length)) return -1;
    c->first = 0;
    if (c->left-- == 0) return finish_answer(c);
    c->due += c->interval_ns;
    if (c->out_to == c->out_from) schedule(c);
    return 0;
}

static long setting(const char *query, const char *name, long otherwise) {
    const char *at = strstr(query, name);
    return at ? atol(at + strlen(name)) : otherwise;
}

static int answer(conn *c, char *head, char *body, size_t body_length) {
    c->answering = 1;
    if (memcmp(head, "GET ", 4) == 0) {
        if (memcmp(head + 4, "/_set?", 6) == 0) {
            first_us = setting(head, "first_us=", first_us);
            events = setting(head, "events=", events);
            interval_us = setting(head, "interval_us=", interval_us);
        }
        static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 27\r\n\r\n"
                                 "{\"object\":\"list\",\"data\":[]}";
        c->answering = 0;
        return send_bytes(c, ok, sizeof ok - 1);
    }
    c->streaming = memmem(body, body_length, "\"stream\":true", 13) || memmem(body, body_length, "\"stream\": true", 14);
    c->with_usage = memmem(body, body_length, "\"include_usage\":true", 20) ||
                    memmem(body, body_length, "\"include_usage\": true", 21);
    c->left = events;
    c->first = 1;
    c->interval_ns = interval_us * 1000;
    if (!c->streaming && first_us == 0) return send_due(c);
    if (c->streaming && send_bytes(c, stream_head.bytes, stream_head.length)) return -1;
    c->due = now_ns() + first_us * 1000;
    if (c->out_to == c->out_from) schedule(c);
    return 0;
}

/*
 * The length of a chunked body that is whole in [body, end), and its bytes moved together in place;
 * *used gets what it took on the wire. -1 when it is not whole yet.
 */
static ssize_t join_chunks(char *body, char *end, size_t *used) {
    /* Look first, move after: an incomplete body is looked at again from its start. */
    for (int moving = 0;; moving++) {
        char *at = body, *to = body;
        for (;;) {
            char *eol = memmem(at, (size_t)(end - at), "\r\n", 2);
            if (!eol) return -1;
            size_t size = strtoul(at, NULL, 16);
            at = eol + 2;
            if ((size_t)(end - at) < size + 2) return -1;
            if (size == 0) { at += 2; break; }
            if (moving) memmove(to, at, size);
            to += size;
            at += size + 2;
        }
        if (moving) { *used = (size_t)(at - body); return to - body; }
    }
}

/* Answers what has arrived whole, one request after the other. */
static int take_requests(conn *c) {
    while (!c->answering && c->in_length > 0) {
        char *end = memmem(c->in, c->in_length, "\r\n\r\n", 4);
        if (!end) return c->in_length > MAX_REQUEST ? -1 : 0;
        char *body = end + 4;
        size_t have = c->in_length - (size_t)(body - c->in), used = 0, n;
        ssize_t length = 0;
        const char *value = header(c->in, end, "content-length", &n);
        if (value) {
            length = atol(value);
            if (have < (size_t)length) return length > MAX_REQUEST ? -1 : 0;
            used = (size_t)length;
        } else if (header_is(c->in, end, "transfer-encoding", "chunked")) {
            length = join_chunks(body, c->in + c->in_length, &used);
            if (length < 0) return c->in_length > MAX_REQUEST ? -1 : 0;
        }
        size_t whole = (size_t)(body - c->in) + used;
        *end = 0;
        /* answer() may come back here through finish_answer(), so the request leaves the buffer first. */
        char request[4096], *copy = whole < sizeof request ? request : malloc(whole + 1);
        if (!copy) die("malloc");
        memcpy(copy, c->in, whole);
        memmove(c->in, c->in + whole, c->in_length - whole);
        c->in_length -= whole;
        int lost = answer(c, copy, copy + (body - c->in), (size_t)length);
        if (copy != request) free(copy);
        if (lost) return -1;
    }
    return 0;
}

static int read_some(conn *c) {
    if (c->in_room - c->in_length < 4096 && !(c->in = realloc(c->in, c->in_room = c->in_room * 2 + 4096))) die("realloc");
    ssize_t n = recv(c->fd, c->in + c->in_length, c->in_room - c->in_length, 0);
    if (n == 0 || (n < 0 && errno != EAGAIN)) return -1;
    if (n > 0) c->in_length += (size_t)n;
    if (c->in_length > 2 * MAX_REQUEST) return -1;
    return take_requests(c);
}

static int write_rest(conn *c) {
    ssize_t n = send(c->fd, c->out + c->out_from, c->out_to - c->out_from, MSG_NOSIGNAL);
    if (n < 0) return errno == EAGAIN ? 0 : -1;
    c->out_from += (size_t)n;
    if (c->out_from < c->out_to) return 0;
    watch(c, EPOLLIN);
    if (c->answering && c->heap_at < 0) schedule(c);
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 2) return fprintf(stderr, "usage: upstream PORT\n"), 2;
    signal(SIGPIPE, SIG_IGN);
    raise_file_limit();
    build_answers();
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* what it accepts inherits this */
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (struct sockaddr *)&at, sizeof at) || listen(listener, 4096)) die("listen");
    if ((epoll = epoll_create1(0)) < 0) die("epoll");
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = NULL}, ready[256];
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &e);
    for (;;) {
        int n = wait_until(epoll, ready, 256, heap_size ? heap[0]->due : INT64_MAX);
        if (n < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < n; i++) {
            conn *c = ready[i].data.ptr;
            if (!c) {
                for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
                    if (!(c = calloc(1, sizeof *c))) die("calloc");
                    c->fd = fd;
                    c->heap_at = -1;
                    e = (struct epoll_event){.events = EPOLLIN, .data.ptr = c};
                    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e);
                }
                continue;
            }
            int lost = (ready[i].events & EPOLLOUT) && write_rest(c);
            if (!lost && (ready[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))) lost = read_some(c);
            if (lost) close_conn(c);
        }
        for (int64_t now = now_ns(); heap_size && heap[0]->due <= now;) {
            conn *c = heap[0];
            unschedule(c);
            if (send_due(c)) close_conn(c);
        }
    }
}
