/* Answers: text put together in a fixed buffer and written in large pieces. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "real.h"

static char buffer[1 << 16];
static size_t used;
static int answer_fd = 1;

void answer_to(int fd) {
  used = 0;
  answer_fd = fd;
}

void answer_flush(void) {
  size_t done = 0;
  while (done < used) {
    ssize_t n = write(answer_fd, buffer + done, used - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) _exit(1);
    done += (size_t)n;
  }
  used = 0;
}

void say_bytes(const char *bytes, size_t length) {
  while (length > 0) {
    if (used == sizeof buffer) answer_flush();
    size_t part = sizeof buffer - used < length ? sizeof buffer - used : length;
    memcpy(buffer + used, bytes, part);
    used += part;
    bytes += part;
    length -= part;
  }
}

void say(const char *text) { say_bytes(text, strlen(text)); }

void say_line_end(void) { say_bytes("\n", 1); }

void say_number(uint64_t value) {
  char digits[20];
  size_t at = sizeof digits;
  do {
    digits[--at] = (char)('0' + value % 10);
    value /= 10;
  } while (value > 0);
  say_bytes(digits + at, sizeof digits - at);
}

void say_signed(int64_t value) {
  if (value < 0) say("-");
  say_number(value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void say_hex(uint64_t value) {
  char digits[16];
  size_t at = sizeof digits;
  do {
    digits[--at] = "0123456789abcdef"[value & 15];
    value >>= 4;
  } while (value > 0);
  say("0x");
  say_bytes(digits + at, sizeof digits - at);
}

/* Addresses are relative, so that the answer is the same wherever the kernel put things. */
void say_address(uint64_t address) {
  if (address == 0) {
    say("NULL");
  } else if (address < heap) {
    say("heap-");
    say_hex(heap - address);
  } else if (address > top) {
    say("top+");
    say_hex(address - top);
  } else if (address - heap < top - address) {
    say("heap+");
    say_hex(address - heap);
  } else {
    say("top-");
    say_hex(top - address);
  }
}

void say_errno(int number) {
  const char *name = strerrorname_np(number);
  say(name == NULL ? "errno?" : name);
}

void die(const char *what, const char *detail) {
  struct { const char *text; } parts[] = {{what}, {": "}, {detail}, {"\n"}};
  for (size_t i = 0; i < 4; i++) {
    if (write(2, parts[i].text, strlen(parts[i].text)) < 0) break;
  }
  _exit(2);
}
