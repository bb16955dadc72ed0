/** _int_memalign of malloc.c: a chunk with room to spare, whose ends are given back. */
import {
  CHUNK_HDR_SZ,
  IS_MMAPPED,
  MINSIZE,
  PREV_INUSE,
  PTRDIFF_MAX,
  SIZE,
  SIZE_BITS,
  requestToSize,
} from "./chunk";
import { outOfMemory } from "./errors";
import * as host from "./host";
import { LOCKED, intFree } from "./int-free";
import { intMalloc } from "./int-malloc";
import { setWord, word } from "./memory";

/**
 * `bytes` of memory on a multiple of `alignment`, a power of two from 32 up; or 0 with ENOMEM, also of 2^63, which would wrap
 * the sum around (CVE-2026-0861; glibc 2.36 has the check since Debian's 2.36-9+deb12u14).
 */
export function intMemalign(alignment: u64, bytes: u64): u64 {
  if (bytes > PTRDIFF_MAX || alignment > PTRDIFF_MAX) return outOfMemory();
  const nb = requestToSize(bytes);
  const mem = intMalloc(nb + alignment + MINSIZE);
  if (mem == 0) return 0;
  let p = mem - CHUNK_HDR_SZ;
  if ((mem & (alignment - 1)) != 0) {
    let start = ((mem + alignment - 1) & ~(alignment - 1)) - CHUNK_HDR_SZ;
    if (start - p < MINSIZE) start += alignment;
    const head = word(p + SIZE);
    const lead = start - p;
    const size = (head & ~SIZE_BITS) - lead;
    if ((head & IS_MMAPPED) != 0) {
      setWord(start, word(p) + lead);
      setWord(start + SIZE, size | IS_MMAPPED);
      host.chunkUnmapped(<f64>p);
      host.chunkMapped(<f64>start);
      return start + CHUNK_HDR_SZ;
    }
    setWord(start + SIZE, size | PREV_INUSE);
    const next = start + size + SIZE;
    setWord(next, word(next) | PREV_INUSE);
    setWord(p + SIZE, lead | (head & SIZE_BITS));
    intFree(p, lead | (head & SIZE_BITS), LOCKED);
    p = start;
  }
  const head = word(p + SIZE);
  if ((head & IS_MMAPPED) == 0) {
    const size = head & ~SIZE_BITS;
    if (size > nb + MINSIZE) {
      const remainder = p + nb;
      setWord(remainder + SIZE, (size - nb) | PREV_INUSE);
      setWord(p + SIZE, nb | (head & SIZE_BITS));
      intFree(remainder, (size - nb) | PREV_INUSE, LOCKED);
    }
  }
  return p + CHUNK_HDR_SZ;
}
