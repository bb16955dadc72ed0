// Five mistakes, each in a child process of its own, and the C library's last words.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// #region mistakes
//! gcc sees through them and refuses to compile them with -Werror. volatile hides
//! from it that p is still the same pointer; in a real program, distance hides it.
static void free_twice(void)
{
    char *volatile p = malloc(24);
    free(p);
    free(p);
}

static void free_inside(void)
{
    char *volatile p = malloc(100);
    char *volatile inside = p + 8;
    free(inside);
}

static void write_into_the_slack(void)
{
    //! 20 bytes asked for, 24 usable: four too many hurt nobody, this time.
    char *volatile p = malloc(20);
    memset(p, 'x', 24);
    free(p);
}

static void write_past_the_end(void)
{
    char *volatile p = malloc(24);
    char *volatile neighbour = malloc(2000);
    char *volatile last = malloc(24);
    //! Eight bytes too many: they are the size field of the next block.
    memset(p, 'x', 32);
    free(neighbour);
    free(last);
}

static void write_after_free(void)
{
    char *volatile p = malloc(24);
    char *volatile q = malloc(24);
    free(q);
    free(p);
    //! A freed block's first 8 bytes are malloc's own, a link. One bit of it flips.
    p[0] ^= 1;
    p = malloc(24);
    q = malloc(24);
}
// #endregion

// #region last-words
//! Runs the mistake in a child whose standard error is a pipe; prints how it ended.
static void last_words(const char *name, void (*mistake)(void))
{
    char words[200] = "";
    int ends[2];
    int status;
    fflush(stdout);
    if (pipe(ends) != 0 || fork() == 0) {
        dup2(ends[1], STDERR_FILENO);
        mistake();
        _exit(EXIT_SUCCESS);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], words, sizeof words - 1);
    words[got > 0 ? got : 0] = '\0';
    words[strcspn(words, "\n")] = '\0';
    close(ends[0]);
    wait(&status);
    printf("%s: %s\n  %s\n", name,
           WIFSIGNALED(status) ? sigabbrev_np(WTERMSIG(status)) : "nothing noticed",
           *words ? words : "(no words)");
}
// #endregion

int main(void)
{
    last_words("free() twice", free_twice);
    last_words("free() inside a block", free_inside);
    last_words("write into the slack", write_into_the_slack);
    last_words("write past the end", write_past_the_end);
    last_words("write after free()", write_after_free);
    return EXIT_SUCCESS;
}
