// cc: -fsanitize=address
// What AddressSanitizer calls four wrong accesses to locals.
// gcc or clang on Linux: cc -Wall -Wextra -fsanitize=address 03-asan.c && ./a.out
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// #region report
//! Two hooks of the sanitizer: its options, else in ASAN_OPTIONS, and its report.
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_stack_use_after_return=1:log_path=/dev/null";
}

void __asan_set_error_report_callback(void (*callback)(const char *));

static void report(const char *text)
{
    char kind[64] = "?";
    const char *found = strstr(text, "AddressSanitizer: ");
    if (found != NULL)
        sscanf(found, "AddressSanitizer: %63s", kind);
    printf("%s\n", kind);
    fflush(stdout);
}
// #endregion

static int *kept;
static volatile int past = 4;

static void keep(int *p)
{
    kept = p;
}

// #region wrong
static void secret(void)
{
    int number = 42;
    keep(&number);
}

static void after_return(void)
{
    secret();
    printf("%d\n", *kept);
}

static void after_scope(void)
{
    {
        int inner = 5;
        keep(&inner);
    }
    printf("%d\n", *kept);
}

static void outside(void)
{
    int numbers[4] = { 1, 2, 3, 4 };
    printf("%d\n", numbers[past]);
}

static void through_pointer(void)
{
    int numbers[4] = { 1, 2, 3, 4 };
    int *p = numbers;
    printf("%d\n", p[past]);
}
// #endregion

static void try(const char *title, void (*wrong)(void))
{
    printf("%-14s ", title);
    fflush(stdout);
    if (fork() == 0) {
        __asan_set_error_report_callback(report);
        wrong();
        _exit(0);
    }
    wait(NULL);
}

int main(void)
{
    try("after return:", after_return);
    try("after scope:", after_scope);
    try("past the end:", outside);
    try("through p:", through_pointer);
    return 0;
}
