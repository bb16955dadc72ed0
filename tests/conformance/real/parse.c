/* The trace language, into commands. Everything is parsed before anything is executed. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "real.h"

#include <malloc.h>

static const struct form {
  const char *word;
  /* D a name that is defined, R a name that is meant, F a file's, E an address, n a number, s a signed
   * number, p rights, f mmap's flags (and what follows them), v advice, y msync's, m mremap's flags,
   * o a mallopt parameter, l a limit */
  const char *operands;
} forms[] = {
    [OP_MALLOC] = {"malloc", "Dn"},
    [OP_CALLOC] = {"calloc", "Dnn"},
    [OP_REALLOC] = {"realloc", "DRn"},
    [OP_MEMALIGN] = {"memalign", "Dnn"},
    [OP_FREE] = {"free", "E"},
    [OP_USABLE] = {"usable", "E"},
    [OP_TRIM] = {"trim", "n"},
    [OP_MALLOPT] = {"mallopt", "os"},
    [OP_MALLINFO] = {"mallinfo", ""},
    [OP_SBRK] = {"sbrk", "s"},
    [OP_MMAP] = {"mmap", "Dnpf"},
    [OP_MUNMAP] = {"munmap", "En"},
    [OP_MPROTECT] = {"mprotect", "Enp"},
    [OP_MADVISE] = {"madvise", "Env"},
    [OP_MLOCK] = {"mlock", "En"},
    [OP_MLOCK_ONFAULT] = {"mlock_onfault", "En"},
    [OP_MUNLOCK] = {"munlock", "En"},
    [OP_MSYNC] = {"msync", "Eny"},
    [OP_MINCORE] = {"mincore", "En"},
    [OP_MREMAP] = {"mremap", "DEnnm"},
    [OP_READ] = {"read", "En"},
    [OP_WRITE] = {"write", "En"},
    [OP_STORE] = {"store", "En"},
    [OP_LOAD] = {"load", "E"},
    [OP_SMAPS] = {"smaps", "E"},
    [OP_MAPS] = {"maps", ""},
    [OP_FILE] = {"file", "Dn"},
    [OP_MEMFD] = {"memfd", "Dn"},
    [OP_FTRUNCATE] = {"ftruncate", "Fn"},
    [OP_PUNCH] = {"punch", "Fnn"},
    [OP_FSYNC] = {"fsync", "F"},
    [OP_DROPCACHE] = {"dropcache", "F"},
    [OP_PWRITE] = {"pwrite", "Fnn"},
    [OP_PREAD] = {"pread", "Fnn"},
    [OP_RLIMIT] = {"rlimit", "ln"},
    [OP_FORK] = {"fork", "D"},
    [OP_EXIT] = {"exit", ""},
};

struct word_value {
  const char *word;
  int value;
};
static const struct word_value map_flags[] = {
    {"private", MAP_PRIVATE},     {"shared", MAP_SHARED},
    {"anon", MAP_ANONYMOUS},      {"fixed", MAP_FIXED},
    {"fixed_noreplace", MAP_FIXED_NOREPLACE}, {"noreserve", MAP_NORESERVE},
    {"populate", MAP_POPULATE},   {"locked", MAP_LOCKED},
    {"growsdown", MAP_GROWSDOWN}, {"hugetlb", MAP_HUGETLB},
    {"stack", MAP_STACK},         {0},
};
static const struct word_value remap_flags[] = {
    {"none", 0}, {"maymove", MREMAP_MAYMOVE}, {"fixed", MREMAP_FIXED}, {"dontunmap", MREMAP_DONTUNMAP}, {0},
};
static const struct word_value advices[] = {
    {"normal", MADV_NORMAL},         {"random", MADV_RANDOM},
    {"sequential", MADV_SEQUENTIAL}, {"willneed", MADV_WILLNEED},
    {"dontneed", MADV_DONTNEED},     {"free", MADV_FREE},
    {"remove", MADV_REMOVE},         {"dontfork", MADV_DONTFORK},
    {"dofork", MADV_DOFORK},         {"mergeable", MADV_MERGEABLE},
    {"unmergeable", MADV_UNMERGEABLE}, {"hugepage", MADV_HUGEPAGE},
    {"nohugepage", MADV_NOHUGEPAGE}, {"dontdump", MADV_DONTDUMP},
    {"dodump", MADV_DODUMP},         {"wipeonfork", MADV_WIPEONFORK},
    {"keeponfork", MADV_KEEPONFORK}, {"cold", MADV_COLD},
    {"pageout", MADV_PAGEOUT},       {"populate_read", MADV_POPULATE_READ},
    {"populate_write", MADV_POPULATE_WRITE}, {"dontneed_locked", 24},
    {"collapse", 25},
    {0},
};
static const struct word_value mallopts[] = {
    {"mmap_threshold", M_MMAP_THRESHOLD}, {"trim_threshold", M_TRIM_THRESHOLD},
    {"top_pad", M_TOP_PAD},               {"mmap_max", M_MMAP_MAX},
    {"mxfast", M_MXFAST},                 {0},
};
static const struct word_value limits[] = {
    {"as", RLIMIT_AS}, {"data", RLIMIT_DATA}, {"memlock", RLIMIT_MEMLOCK}, {"stack", RLIMIT_STACK}, {0},
};
static const struct word_value syncs[] = {{"sync", MS_SYNC}, {"async", MS_ASYNC}, {0}};

static const char *parsed_path;
static size_t line_number;
static char *word_at; /* the next word, in a line ended by NUL */

static void wrong(const char *expected) {
  static char message[512];
  char digits[24];
  size_t at = sizeof digits - 1, number = line_number;
  do digits[--at] = (char)('0' + number % 10);
  while ((number /= 10) > 0);
  digits[sizeof digits - 1] = 0;
  strncat(strcat(strcat(message, "line "), digits + at), ", expected ", 200);
  strncat(message, expected, 100);
  die(parsed_path, message);
}

static char *next_word(void) {
  while (*word_at == ' ' || *word_at == '\t' || *word_at == '\r') word_at++;
  if (*word_at == 0) return NULL;
  char *word = word_at;
  while (*word_at != 0 && *word_at != ' ' && *word_at != '\t' && *word_at != '\r') word_at++;
  if (*word_at != 0) *word_at++ = 0;
  return word;
}

static uint64_t number_in(const char *word) {
  if (word == NULL || *word < '0' || *word > '9') wrong("a number");
  char *rest;
  uint64_t value = strtoull(word, &rest, word[0] == '0' && word[1] == 'x' ? 16 : 10);
  const char *suffixes = "KMGT", *suffix = *rest == 0 ? NULL : strchr(suffixes, *rest);
  if (suffix != NULL) {
    value <<= 10 * (suffix - suffixes + 1);
    rest++;
  }
  if (*rest != 0) wrong("a number");
  return value;
}

static int flags_in(const struct word_value *table, char *word, const char *expected) {
  int value = 0;
  if (word == NULL) wrong(expected);
  for (char *part = word; part != NULL;) {
    char *bar = strchr(part, '|');
    if (bar != NULL) *bar = 0;
    const struct word_value *entry = table;
    while (entry->word != NULL && strcmp(entry->word, part) != 0) entry++;
    if (entry->word == NULL) wrong(expected);
    value |= entry->value;
    part = bar == NULL ? NULL : bar + 1;
  }
  return value;
}

static int rights_in(const char *word) {
  if (word == NULL) wrong("rights");
  if (strcmp(word, "none") == 0) return PROT_NONE;
  int prot = 0;
  for (; *word != 0; word++) {
    if (*word != 'r' && *word != 'w' && *word != 'x') wrong("rights of r, w and x, or none");
    prot |= *word == 'r' ? PROT_READ : *word == 'w' ? PROT_WRITE : PROT_EXEC;
  }
  return prot;
}

/* Names get numbers in the order of their first use. */
static struct {
  uint32_t *slots; /* a name's number + 1 */
  char (*text)[24];
  size_t mask, count;
} interned;

static int32_t name_in(const char *word, size_t length) {
  if (word == NULL || length == 0 || length > 15) wrong("a name of 1 to 15 characters");
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < length; i++) hash = (hash ^ (uint8_t)word[i]) * 16777619u;
  for (size_t at = hash & interned.mask;; at = (at + 1) & interned.mask) {
    uint32_t entry = interned.slots[at];
    if (entry == 0) {
      memcpy(interned.text[interned.count], word, length);
      interned.slots[at] = (uint32_t)++interned.count;
      return (int32_t)interned.count - 1;
    }
    const char *text = interned.text[entry - 1];
    if (strncmp(text, word, length) == 0 && text[length] == 0) return (int32_t)entry - 1;
  }
}

static struct expr expr_in(const char *word) {
  if (word == NULL) wrong("an address");
  size_t length = strcspn(word, "+-");
  struct expr expr = {0};
  bool heap_base = length == 4 && strncmp(word, "heap", 4) == 0;
  bool top_base = length == 3 && strncmp(word, "top", 3) == 0;
  expr.base = heap_base ? BASE_HEAP : top_base ? BASE_TOP : name_in(word, length);
  if (word[length] != 0) {
    uint64_t distance = number_in(word + length + 1);
    expr.offset = (int64_t)(word[length] == '-' ? -distance : distance);
  }
  return expr;
}

/* What may follow mmap's and mremap's flags: a file's name, off=N, at=EXPR. */
static void tail_in(struct command *command) {
  for (char *word = next_word(); word != NULL; word = next_word()) {
    if (strncmp(word, "off=", 4) == 0) {
      command->b = number_in(word + 4);
    } else if (strncmp(word, "at=", 3) == 0) {
      command->has_at = 1;
      command->at = expr_in(word + 3);
    } else {
      command->other = name_in(word, strlen(word));
    }
  }
}

static void operand_in(char kind, struct command *command, size_t *numbers) {
  char *word = next_word();
  uint64_t *number = *numbers == 0 ? &command->a : &command->b;
  switch (kind) {
    case 'D': case 'F': command->name = name_in(word, word == NULL ? 0 : strlen(word)); return;
    case 'R': command->other = name_in(word, word == NULL ? 0 : strlen(word)); return;
    case 'E': command->where = expr_in(word); return;
    case 's':
      if (word != NULL && *word == '-') *number = -number_in(word + 1);
      else *number = number_in(word);
      ++*numbers;
      return;
    case 'n': *number = number_in(word); ++*numbers; return;
    case 'p': command->prot = rights_in(word); return;
    case 'f': command->flags = flags_in(map_flags, word, "flags of mmap"); tail_in(command); return;
    case 'm': command->flags = flags_in(remap_flags, word, "flags of mremap"); tail_in(command); return;
    case 'v': command->flags = flags_in(advices, word, "an advice"); return;
    case 'y': command->flags = flags_in(syncs, word, "sync or async"); return;
    case 'o': command->flags = flags_in(mallopts, word, "a parameter of mallopt"); return;
    case 'l': command->flags = flags_in(limits, word, "as, data, memlock or stack"); return;
  }
}

static bool command_in(char *line, struct command *command) {
  char *comment = strchr(line, '#');
  if (comment != NULL) *comment = 0;
  word_at = line;
  char *word = next_word();
  if (word == NULL) return false;
  *command = (struct command){.child = NO_NAME, .name = NO_NAME, .other = NO_NAME};
  if (*word == '@') {
    command->child = name_in(word + 1, strlen(word + 1));
    if ((word = next_word()) == NULL) wrong("a command");
  }
  size_t op = 0;
  while (op < sizeof forms / sizeof *forms && strcmp(forms[op].word, word) != 0) op++;
  if (op == sizeof forms / sizeof *forms) wrong("a command");
  command->op = (uint8_t)op;
  size_t numbers = 0;
  for (const char *kind = forms[op].operands; *kind != 0; kind++) operand_in(*kind, command, &numbers);
  if (next_word() != NULL) wrong("the end of the line");
  return true;
}

/* Parses a text of traces, apart by lines that hold only %%. Ends the program where a line is wrong. */
struct parsed parse_traces(const char *path, char *text, size_t length) {
  size_t lines = 1, traces = 1;
  for (size_t i = 0; i < length; i++) {
    lines += text[i] == '\n';
    traces += text[i] == '%';
  }
  size_t slots = 16;
  while (slots < 4 * lines) slots *= 2;
  interned.mask = slots - 1;
  interned.slots = map_table(slots * sizeof *interned.slots);
  interned.text = map_table(3 * lines * sizeof *interned.text);
  struct command *commands = map_table(lines * sizeof *commands);
  struct parsed parsed = {.traces = map_table(traces * sizeof *parsed.traces), .trace_count = 1};
  struct trace *trace = parsed.traces;
  trace->commands = commands;
  size_t forks = 0;
  parsed_path = path;
  for (char *line = text, *end; line < text + length; line = end + 1) {
    line_number++;
    end = memchr(line, '\n', (size_t)(text + length - line));
    if (end == NULL) end = text + length;
    *end = 0;
    if (strcmp(line, "%%") == 0) {
      trace = &parsed.traces[parsed.trace_count++];
      trace->commands = commands + parsed.command_count;
      forks = 0;
    } else if (command_in(line, &commands[parsed.command_count])) {
      struct command *command = &commands[parsed.command_count++];
      trace->count++;
      if (command->op == OP_FORK) {
        command->slot = (uint8_t)forks++;
        if (forks > parsed.most_forks) parsed.most_forks = forks;
      }
    }
  }
  parsed.name_count = interned.count;
  return parsed;
}
