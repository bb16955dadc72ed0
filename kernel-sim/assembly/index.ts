/**
 * What the module offers. Addresses and sizes are f64, exact below 2^53; the functions that end in 64
 * take sizes with all their bits.
 */
import * as c from "./malloc";
import * as bins from "./bins";
import { setOption } from "./mallopt";
import { mallocTrim } from "./trim";

export * from "./mallinfo";
export * from "./state";
export * from "./run";
export { begin, end, forget } from "./memory";
export { initialize } from "./malloc";

/** A pointer as the program passes it; below 0 it wraps around. */
@inline
function pointer(address: f64): u64 {
  return <u64>(<i64>address);
}

export function malloc(bytes: f64): f64 {
  return <f64>c.malloc(<u64>bytes);
}

export function malloc64(bytes: u64): f64 {
  return <f64>c.malloc(bytes);
}

export function free(mem: f64): void {
  c.free(pointer(mem));
}

export function calloc(count: f64, elementSize: f64): f64 {
  return <f64>c.calloc(<u64>count, <u64>elementSize);
}

export function calloc64(count: u64, elementSize: u64): f64 {
  return <f64>c.calloc(count, elementSize);
}

export function realloc(mem: f64, bytes: f64): f64 {
  return <f64>c.realloc(pointer(mem), <u64>bytes);
}

export function realloc64(mem: f64, bytes: u64): f64 {
  return <f64>c.realloc(pointer(mem), bytes);
}

export function memalign64(alignment: u64, bytes: u64): f64 {
  return <f64>c.memalign(alignment, bytes);
}

export function usableSize(mem: f64): f64 {
  return <f64>c.usableSize(pointer(mem));
}

export function usableSize64(mem: f64): u64 {
  return c.usableSize(pointer(mem));
}

export function trim64(pad: u64): i32 {
  c.initialize();
  return mallocTrim(pad);
}

export function mallopt(parameter: i32, value: i32): i32 {
  c.initialize();
  return setOption(parameter, value);
}

/** The bin for a large chunk's size. */
export function largebinIndex(size: f64): u32 {
  return bins.largebinIndex(<u64>size);
}
