import { PAGE } from "./vm-state.mjs";

/** Arguments that the manual pages name an error for. */
export function wrong(state, actions) {
  const { random, say } = state;
  const map = state.anyMap();
  if (map === undefined) return actions.mapAnon();
  const name = state.fresh("z");
  const odd = `${map.name}+${random.pick([1, 5, 100, 2048, 4095])}`;
  const part = state.part(map, 0.3);
  const file = state.files.length > 0 ? random.pick(state.files) : undefined;
  const huge = random.pick([
    "128T",
    "0x7ffffffff000",
    "0xfffffffffffff000",
    "0xffffffffffffffff",
    "120T",
    "0x8000000000000000",
  ]);
  /* Beyond the end of the address space: less would reach what the program itself needs. */
  const wraps = random.pick(["0xfffffffffffff000", "0xffffffffffffffff", "0xffffffffffffe001"]);
  const calls = [
    `mmap ${name} 0 rw private|anon`,
    `mmap ${name} ${huge} rw private|anon`,
    `mmap ${name} 4096 rw private|anon|fixed at=${odd}`,
    `mmap ${name} 4096 rw anon`,
    `mmap ${name} 4096 rw private|shared|anon`,
    `mmap ${name} 4096 rw private|anon at=${odd}`,
    `mmap ${name} 4096 rw private`,
    `mmap ${name} 5000 rw private|anon`,
    `mmap ${name} 4096 rw private|anon|fixed_noreplace at=${map.name}`,
    `mmap ${name} 4096 rw shared|anon|growsdown`,
    `munmap ${odd} 4096`,
    `munmap ${part.where} 0`,
    `munmap ${part.where} ${huge}`,
    `munmap ${part.where} ${part.length + 1}`,
    `mprotect ${odd} 4096 r`,
    `mprotect ${part.where} 0 r`,
    `mprotect ${part.where} ${wraps} r`,
    `mprotect ${part.where} ${part.length + 100 * PAGE} rw`,
    `madvise ${odd} 4096 dontneed`,
    `madvise ${part.where} 0 dontneed`,
    `madvise ${part.where} ${wraps} dontneed`,
    `madvise ${part.where} ${part.length} ${random.pick(["remove", "mergeable", "free", "wipeonfork", "collapse", "populate_write", "populate_read", "pageout", "cold", "willneed"])}`,
    `mlock ${odd} 4096`,
    `mlock ${part.where} 0`,
    `mlock ${part.where} ${part.length + 64 * PAGE}`,
    `mlock ${part.where} ${wraps}`,
    `munlock ${part.where} ${part.length + 64 * PAGE}`,
    `mlock_onfault ${odd} 4096`,
    `msync ${odd} 4096 sync`,
    `msync ${part.where} 0 async`,
    `msync ${part.where} ${part.length + 64 * PAGE} sync`,
    `mincore ${odd} 4096`,
    `mincore ${part.where} ${huge}`,
    `mremap ${name} ${odd} 4096 8192 maymove`,
    `mremap ${name} ${map.name} 4096 0 maymove`,
    `mremap ${name} ${map.name} 0 8192 maymove`,
    `mremap ${name} ${map.name} 4096 8192 fixed at=${map.name}`,
    `mremap ${name} ${map.name} 4096 8192 maymove|fixed at=${map.name}`,
    `mremap ${name} ${map.name} 4096 8192 maymove|fixed at=${odd}`,
    `mremap ${name} ${map.name} 4096 8192 dontunmap`,
    `mremap ${name} ${map.name} 4096 8192 maymove|dontunmap`,
    `mremap ${name} ${map.name} ${huge} 8192 maymove`,
    `mremap ${name} ${map.name} 4096 ${huge} maymove`,
    `mremap ${name} ${map.name} ${map.length + 32 * PAGE} ${map.length + 40 * PAGE} maymove`,
    `munmap nobody 4096`,
    `smaps nobody`,
    `read nobody 4096`,
    `write nobody-4096 8192`,
    `store nobody 1`,
    `load nobody+1`,
    `mmap ${name} 4096 rw private|anon at=nobody`,
    `mmap ${name} 4096 rw private nobody`,
    `mremap ${name} nobody 4096 8192 maymove`,
    `mremap ${name} ${map.name} 4096 4096 maymove|fixed at=nobody`,
    `madvise nobody 4096 free`,
    `mincore nobody 4096`,
    `punch nobody 0 4096`,
    `pread nobody 0 4096`,
    `fsync nobody`,
    `dropcache nobody`,
    `free nobody`,
    `usable nobody`,
    `sbrk -64M`,
    `sbrk 120T`,
  ];
  if (file !== undefined) {
    calls.push(
      `mmap ${name} 4096 rw private ${file.name} off=${random.pick([1, 100, 4095, 6000])}`,
      `mmap ${name} 4096 rw shared ${file.name} off=0x7ffffffffffff000`,
      `mmap ${name} 0 rw shared ${file.name}`,
      `ftruncate ${file.name} 0x8000000000000000`,
      `punch ${file.name} 0 0`,
      `punch ${file.name} 0x7fffffffffffffff 10`,
      `pread ${file.name} 0xffffffffffffffff 10`,
      `mmap ${name} 4096 rw shared|noreserve ${file.name}`,
    );
  }
  if (!state.isChild()) calls.push("@nobody maps", `@nobody fork ${name}c`);
  say(random.pick(calls));
}
