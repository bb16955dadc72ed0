/**
 * The process's memory, by its addresses: every load and store of the allocator goes through here.
 *
 * The pages' bytes are in this module's linear memory. Where a page is there is told by a table, as a
 * TLB tells the frame; what the table does not know is asked of the host, which walks the page table and
 * serves faults. An entry, chosen by the low bits of the page's number:
 *
 *     +0  the page's address where it may be read, else NO_PAGE
 *     +8  the same where it may be written
 *    +16  what is added to an address to get the byte's place (32 bits, wrapping)
 */
import * as host from "./host";
import { PAGE_SIZE } from "./page";

const ENTRY_BYTES: u32 = 32;
/** From the page's number, at bit 12, to 32 bytes an entry. */
const ENTRY_SHIFT: u64 = 12 - 5;
const WRITE_TAG: usize = 8;
const DELTA: usize = 16;
const FIRST_ENTRIES: u32 = 1024;
const MOST_ENTRIES: u32 = 65536;
/** No address has it after masking, since unaligned ones never match a tag. */
const NO_PAGE: u64 = ~0;
const PAGE_MASK: u64 = ~(PAGE_SIZE - 1);

let table: u32 = 0;
let entries: u32 = 0;
/** What of an address, shifted to the right by ENTRY_SHIFT, is the offset of its entry. */
let mask: u32 = 0;
/** Whether no entry says anything: a program that only maps memory pays nothing for the table. */
let isEmpty = true;
/** Entries that made room for another page since the table was last made. */
let conflicts: u32 = 0;

@inline
function entryOf(address: u64): usize {
  return table + (<u32>(address >> ENTRY_SHIFT) & mask);
}

/** The value at an address; of several bytes, little-endian. */
@inline
export function get<T>(address: u64): T {
  const entry = entryOf(address);
  if ((address & (PAGE_MASK | (sizeof<T>() - 1))) == load<u64>(entry)) {
    return load<T>(<u32>address + load<u32>(entry, DELTA));
  }
  return <T>getMissed(address, sizeof<T>());
}

@inline
export function set<T>(address: u64, value: T): void {
  const entry = entryOf(address);
  if ((address & (PAGE_MASK | (sizeof<T>() - 1))) == load<u64>(entry, WRITE_TAG)) {
    store<T>(<u32>address + load<u32>(entry, DELTA), value);
  } else setMissed(address, <u64>value, sizeof<T>());
}

/** 64 bits. */
@inline
export function word(address: u64): u64 {
  return get<u64>(address);
}

@inline
export function setWord(address: u64, value: u64): void {
  set<u64>(address, value);
}

/** The struct that is asked for most, and where it is; 0 where that is not known. */
let pinned: u32 = 0;

/**
 * Where in linear memory a struct is that lies in one page, if the table says that it may be written;
 * else 0. There is but one such struct: the tcache's.
 */
@inline
export function pinnedAt(address: u64, bytes: u64): u32 {
  return pinned != 0 ? pinned : pin(address, bytes);
}

function pin(address: u64, bytes: u64): u32 {
  const entry = entryOf(address);
  if (address == 0 || load<u64>(entry, WRITE_TAG) != (address & PAGE_MASK)) return 0;
  if ((address & (PAGE_SIZE - 1)) + bytes > PAGE_SIZE) return 0;
  pinned = <u32>address + load<u32>(entry, DELTA);
  return pinned;
}

/** An access that is not aligned, or whose page the table does not know: byte by byte where it crosses pages. */
function getMissed(address: u64, bytes: i32): u64 {
  const offset = <u32>(address & (PAGE_SIZE - 1));
  if (offset + bytes <= <u32>PAGE_SIZE) {
    const at = readable(address) + offset;
    if (bytes == 8) return load<u64>(at);
    if (bytes == 2) return load<u16>(at);
    return load<u8>(at);
  }
  let value: u64 = 0;
  for (let i = 0; i < bytes; i++) value |= (<u64>get<u8>(address + i)) << (i << 3);
  return value;
}

function setMissed(address: u64, value: u64, bytes: i32): void {
  const offset = <u32>(address & (PAGE_SIZE - 1));
  if (offset + bytes <= <u32>PAGE_SIZE) {
    const at = writable(address) + offset;
    if (bytes == 8) store<u64>(at, value);
    else if (bytes == 2) store<u16>(at, <u16>value);
    else store<u8>(at, <u8>value);
    return;
  }
  for (let i = 0; i < bytes; i++) set<u8>(address + i, <u8>(value >> (i << 3)));
}

/** Where the page of an address is, after it was faulted in where needed. */
function readable(address: u64): u32 {
  const page = address & PAGE_MASK;
  let entry = entryOf(address);
  if (load<u64>(entry) == page) return <u32>page + load<u32>(entry, DELTA);
  const offset = host.pageForReading(<f64>address);
  entry = entryFor(page);
  store<u64>(entry, page);
  store<u32>(entry, offset - <u32>page, DELTA);
  return offset;
}

function writable(address: u64): u32 {
  const page = address & PAGE_MASK;
  let entry = entryOf(address);
  if (load<u64>(entry, WRITE_TAG) == page) return <u32>page + load<u32>(entry, DELTA);
  const offset = host.pageForWriting(<f64>address);
  entry = entryFor(page);
  store<u64>(entry, page);
  store<u64>(entry, page, WRITE_TAG);
  store<u32>(entry, offset - <u32>page, DELTA);
  return offset;
}

/** The entry for a page, without what it held of another page. */
function entryFor(page: u64): usize {
  let entry = entryOf(page);
  const old = load<u64>(entry);
  if (old != NO_PAGE && old != page && ++conflicts > entries && entries < MOST_ENTRIES) {
    makeTable(4 * entries);
    entry = entryOf(page);
  }
  if (load<u64>(entry, WRITE_TAG) != page) {
    store<u64>(entry, NO_PAGE, WRITE_TAG);
    pinned = 0;
  }
  isEmpty = false;
  return entry;
}

function makeTable(size: u32): void {
  if (entries > 0) host.release(table, entries * ENTRY_BYTES);
  table = host.reserve(size * ENTRY_BYTES);
  entries = size;
  mask = (size - 1) * ENTRY_BYTES;
  conflicts = 0;
  pinned = 0;
  forgetAll();
}

function forgetAll(): void {
  isEmpty = true;
  memory.fill(table, 0xff, entries * ENTRY_BYTES);
}

/** Makes the table ready; before the first access. */
export function begin(): void {
  makeTable(FIRST_ENTRIES);
}

/** Keeps the smallest table: the process has ended, and nothing is there any more. */
export function end(): void {
  makeTable(1);
}

/** Told by the MMU: what the table says of the pages in [start, end) no longer holds. */
export function forget(start: f64, end: f64): void {
  if (isEmpty) return;
  pinned = 0;
  if (end - start >= <f64>(entries * <u32>PAGE_SIZE)) {
    forgetAll();
    return;
  }
  const last = <u64>end;
  for (let page = <u64>start & PAGE_MASK; page < last; page += PAGE_SIZE) {
    const entry = entryOf(page);
    if (load<u64>(entry) == page) store<u64>(entry, NO_PAGE);
    if (load<u64>(entry, WRITE_TAG) == page) store<u64>(entry, NO_PAGE, WRITE_TAG);
  }
}

/** memset(3) in linear memory: few bytes are stored at once, since memory.fill leaves the module. */
@inline
function clear(at: u32, byte: i32, count: u32): void {
  if (byte != 0 || count > 256 || ((at | count) & 7) != 0) memory.fill(at, <u8>byte, count);
  else for (const end = at + count; at < end; at += 8) store<u64>(at, 0);
}

/** memset(3), page by page. */
export function fill(address: u64, byte: i32, bytes: u64): void {
  const end = address + bytes;
  for (let at = address; at < end; ) {
    const count = min(PAGE_SIZE - (at & (PAGE_SIZE - 1)), end - at);
    const entry = entryOf(at);
    if (load<u64>(entry, WRITE_TAG) == (at & PAGE_MASK)) {
      clear(<u32>at + load<u32>(entry, DELTA), byte, <u32>count);
    } else host.fill(<f64>at, byte, <f64>count);
    at += count;
  }
}

/** memcpy(3) of areas that do not overlap, page by page. */
export function copy(to: u64, from: u64, bytes: u64): void {
  for (let done: u64 = 0; done < bytes; ) {
    const target = to + done;
    const source = from + done;
    const room = PAGE_SIZE - max(target & (PAGE_SIZE - 1), source & (PAGE_SIZE - 1));
    const count = min(room, bytes - done);
    const reading = entryOf(source);
    const writing = entryOf(target);
    if (
      load<u64>(reading) == (source & PAGE_MASK) &&
      load<u64>(writing, WRITE_TAG) == (target & PAGE_MASK)
    ) {
      memory.copy(
        <u32>target + load<u32>(writing, DELTA),
        <u32>source + load<u32>(reading, DELTA),
        <usize>count,
      );
    } else host.copy(<f64>target, <f64>source, <f64>count);
    done += count;
  }
}
