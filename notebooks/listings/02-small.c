// cc: -m32 -nostdlib -static -ffreestanding -fno-pie -no-pie -fno-stack-protector
// Where the parts of a 32-bit program lie, on a 64-bit kernel, without any library.
// Linux x86-64: cc -m32 -nostdlib -static -ffreestanding -fno-pie 02-small.c && ./a.out
enum { EXIT = 1, READ = 3, WRITE = 4, OPEN = 5, EXECVE = 11, PERSONALITY = 136 };
enum { ADDR_NO_RANDOMIZE = 0x40000, ADDR_COMPAT_LAYOUT = 0x200000 };
enum { ADDR_LIMIT_3GB = 0x8000000 };

static int initialised = 1;
static char zeroed[8192];

// #region call
//! A system call of the 32-bit kind: its number in eax, arguments in registers.
static int call(int number, long a, long b, long c)
{
    int result;
    __asm__ volatile("int $0x80"
                     : "=a"(result)
                     : "a"(number), "b"(a), "c"(b), "d"(c)
                     : "memory");
    return result;
}
// #endregion

static int length(const char *text)
{
    int n = 0;
    while (text[n] != '\0')
        n++;
    return n;
}

static void print(const char *text, int n)
{
    call(WRITE, 1, (long)text, n);
}

// #region report
//! Of each line of maps the addresses, the rights, and a name in brackets.
static void report(const char *title)
{
    int n, start = 0, maps = call(OPEN, (long)"/proc/self/maps", 0, 0);
    n = call(READ, maps, (long)zeroed, sizeof zeroed);
    print(title, length(title));
    print("\n", 1);
    for (int i = 0; i < n; i++) {
        if (zeroed[i] != '\n')
            continue;
        print(zeroed + start, 8 + 1 + 8 + 1 + 4);
        for (int at = start; at < i; at++)
            if (zeroed[at] == '[') {
                print(" ", 1);
                print(zeroed + at, i - at);
            }
        print("\n", 1);
        start = i + 1;
    }
}
// #endregion

// #region start
//! There is no main() without a C library: the kernel enters here, argc on the stack.
__attribute__((used)) static void begin(long *stack)
{
    static const long personas[] = { 0, ADDR_LIMIT_3GB, ADDR_COMPAT_LAYOUT };
    static const char *const titles[] = { "4 GiB", "3 GiB", "legacy layout" };
    int turn = (int)stack[0] - 1;
    if (turn > 0)
        report(titles[turn - 1]);
    //! Each turn starts the program again with one argument more.
    char *argv[] = { "a", "a", "a", "a", 0 }, *environment[] = { 0 };
    if (turn < 3 && initialised) {
        argv[turn + 2] = 0;
        call(PERSONALITY, ADDR_NO_RANDOMIZE | personas[turn], 0, 0);
        call(EXECVE, (long)"/proc/self/exe", (long)argv, (long)environment);
    }
    call(EXIT, 0, 0, 0);
}

__asm__(".globl _start\n_start: mov %esp, %eax\n push %eax\n call begin\n");
// #endregion
