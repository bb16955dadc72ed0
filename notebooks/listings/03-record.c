// Where the members of a struct lie, and where the bits of a bit-field.
// System V ABI for x86-64: cc -Wall -Wextra 03-record.c && ./a.out
#include <stddef.h>
#include <stdio.h>
#include <string.h>

// #region types
struct careless {
    char tag;
    double weight;
    char kind;
    int count;
};

//! The same members, the largest alignment first.
struct careful {
    double weight;
    int count;
    char tag;
    char kind;
};

//! `ready` and `mode` share the first byte. `size` would cross the end of its `unsigned`,
//! and begins a new one.
struct flags {
    unsigned ready : 1;
    unsigned mode : 3;
    unsigned size : 30;
};

union word {
    int number;
    char bytes[6];
};
// #endregion

// #region show
#define SHOW(type) \
    printf("%-16s %2zu bytes, aligned to %zu\n", #type, sizeof(type), _Alignof(type))
#define MEMBER(type, member) \
    printf("    %-12s at %2zu\n", #member, offsetof(type, member))

int main(void)
{
    SHOW(struct careless);
    MEMBER(struct careless, tag);
    MEMBER(struct careless, weight);
    MEMBER(struct careless, kind);
    MEMBER(struct careless, count);
    SHOW(struct careful);
    MEMBER(struct careful, count);
    MEMBER(struct careful, tag);
    MEMBER(struct careful, kind);
    SHOW(union word);
    SHOW(struct flags);
    //! The bytes themselves: all bits of `mode` and `size` are set, `ready` is not.
    struct flags f;
    unsigned char bytes[sizeof f];
    memset(&f, 0, sizeof f);
    f.mode = 7;
    f.size = 0x3fffffff;
    memcpy(bytes, &f, sizeof f);
    printf("    bytes       ");
    for (size_t i = 0; i < sizeof f; i++)
        printf(" %02x", bytes[i]);
    printf("\n");
    return 0;
}
// #endregion
