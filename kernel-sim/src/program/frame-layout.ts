/** Where gcc 12 puts a function's parameters at -O0, and how it rounds. */
import type { FunctionInfo, ParameterPlaces } from "./stack-types.js";

/** What the stack pointer is a multiple of: a place with a larger alignment differs from call to call. */
export const stackAlignBytes = 16;

/** An alignment from which on gcc takes more room than the object's, so that it can move it up. */
const alignedForFree = 8;

/**
 * How far an object of dynamic size moves the stack pointer: gcc 12 -O0 computes (size + more + 15) / 16 * 16, where
 * more is what the alignment may need, 8 for alloca (gcc/explow.cc, get_dynamic_stack_size).
 */
export function dynamicBytes(sizeBytes: number, alignBytes: number): number {
  const more = Math.max(alignBytes - alignedForFree, 0);
  return Math.floor((sizeBytes + more + 15) / 16) * 16;
}

export const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step;

/**
 * Where a function whose locals take `locals` bytes spills its parameters: below their area, rounded up to 16, at least
 * 4 bytes each, at their alignment; a hole that alignment left is filled by the next one that fits
 * (gcc/function.cc, assign_stack_local_1).
 */
export function parameterPlaces(fn: FunctionInfo, locals: number): ParameterPlaces {
  const { parameters } = fn.type;
  let extent = parameters.length === 0 ? locals : roundUp(locals, 16);
  let hole = { from: 0, to: 0 };
  const placed = parameters.map(({ name, type }) => {
    const size = Math.max(4, type.sizeBytes);
    const align = Math.max(4, type.alignBytes);
    let distance = roundUp(hole.from + size, align);
    if (distance <= hole.to) {
      hole = { from: distance, to: hole.to };
    } else {
      distance = roundUp(extent + size, align);
      if (distance - size > extent) hole = { from: extent, to: distance - size };
      extent = distance;
    }
    return { name, type, kind: "parameter" as const, sizeBytes: type.sizeBytes, distance };
  });
  const fixedBytes = roundUp(Math.max(extent, fn.frameBytes ?? 0), 16);
  return { locals, placed, extent, fixedBytes };
}
