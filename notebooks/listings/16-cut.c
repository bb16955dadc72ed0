// Cuts an excerpt out of a text by the name of its region, and leaves the notes behind.
// Any Unix (memmem): cc -Wall -Wextra 16-cut.c && ./a.out
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

// #region text
//! The text stands in the program, so that it runs anywhere. It could as well be a mapped file.
static const char text[] =
    "static long sum(const int *values, int count)\n"
    "{\n"
    "    long all = 0;\n"
    "    // #region loop\n"
    "    //! An `int` would overflow at two thousand million.\n"
    "    for (int i = 0; i < count; i++)\n"
    "        all += values[i]; //! Read once, from front to back.\n"
    "    // #endregion\n"
    "    return all;\n"
    "}\n";
// #endregion

// #region line
//! A line is two pointers into the text. Nothing is copied until it is printed.
struct line { const char *start, *end; };

static bool next_line(struct line *line)
{
    const char *newline = strchr(line->end, '\n');
    line->start = line->end;
    line->end = newline ? newline + 1 : line->start;
    return newline != NULL;
}
// #endregion

// #region is
//! Whether the line holds these words and nothing else, blanks before them aside.
static bool is(struct line line, const char *words)
{
    line.start += strspn(line.start, " ");
    size_t length = (size_t)(line.end - line.start) - 1;
    return length == strlen(words) && memcmp(line.start, words, length) == 0;
}
// #endregion

// #region print
//! Prints the line up to its note; a line that is nothing but a note is left out whole.
static void print_code(struct line line)
{
    size_t length = (size_t)(line.end - line.start) - 1;
    //! A real cutter must also know strings: `"//!"` within one begins no note.
    const char *note = memmem(line.start, length, "//!", 3);
    if (note)
        length = (size_t)(note - line.start);
    while (length > 0 && line.start[length - 1] == ' ')
        length--;
    if (length > 0 || !note)
        printf("%.*s\n", (int)length, line.start);
}
// #endregion

// #region cut
static bool cut(const char *region)
{
    char opening[64];
    struct line line = { text, text };
    snprintf(opening, sizeof opening, "// #region %s", region);
    //! [2] The first loop looks for the marker. What it passes over is never looked at again.
    while (next_line(&line) && !is(line, opening))
        ;
    if (line.start == line.end)
        return false;
    while (next_line(&line) && !is(line, "// #endregion"))
        print_code(line);
    return true;
}
// #endregion

int main(void)
{
    cut("loop");
    //! A name that nobody defined must be an error. Printing nothing would be worse.
    if (!cut("lopp"))
        printf("there is no region \"lopp\"\n");
    return 0;
}
