// How far apart the frames of a recursive function lie.
// Linux x86-64, gcc at -O0: cc -Wall -Wextra 03-frames.c && ./a.out
#include <stdio.h>
#include <string.h>

static char *last;
static const char *name;
static int printed;

// #region note-frame
//! `__builtin_frame_address(0)` is `rbp`, the base of the running function's frame.
static void note_frame(char *base)
{
    if (last != NULL && !printed) {
        printf("%-28s %5ld bytes a call\n", name, (long)(last - base));
        printed = 1;
    }
    last = base;
}
// #endregion

static void fill(char *at, size_t size, int value)
{
    memset(at, value, size);
}

// #region functions
static void plain(int n)
{
    note_frame(__builtin_frame_address(0));
    if (n > 0)
        plain(n - 1);
}

//! The parameters are spilled below the locals, at least four bytes each.
static void with_parameters(int n, char letter, short s, double d)
{
    note_frame(__builtin_frame_address(0));
    if (n > 0)
        with_parameters(n - 1, letter, s, d);
}

//! 16 bytes for the return address and the caller's `rbp`, 1008 for the array, 16 for `n`.
static void with_buffer(int n)
{
    char buffer[1000];
    fill(buffer, sizeof buffer, n);
    note_frame(__builtin_frame_address(0));
    if (n > 0)
        with_buffer(n - 1);
}

static void with_small_array(int n)
{
    char text[17];
    fill(text, sizeof text, n);
    note_frame(__builtin_frame_address(0));
    if (n > 0)
        with_small_array(n - 1);
}
// #endregion

static void begin(const char *function)
{
    name = function;
    last = NULL;
    printed = 0;
}

int main(void)
{
    begin("plain");
    plain(1);
    begin("with_parameters");
    with_parameters(1, 'x', 2, 3.0);
    begin("with_buffer");
    with_buffer(1);
    begin("with_small_array");
    with_small_array(1);
    return 0;
}
