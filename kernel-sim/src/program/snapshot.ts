/** A stack's frames and locals as plain data. */
import type { FrameInfo, LocalInfo, StackInfo } from "../abi/stack-info.js";
import { hex } from "../core/units.js";
import type { CallStack } from "./call-stack.js";
import { declare } from "./ctype.js";
import type { Frame } from "./frame.js";
import { loadScalar } from "./scalars.js";
import type { Local } from "./locals.js";

/** The stack as it is now. Scalars and short texts are read, which touches pages already in use only. */
export function snapshot(stack: CallStack): StackInfo {
  const frames: FrameInfo[] = [];
  for (let depth = 0; depth < stack.depth; depth++) {
    const frame = stack.frames[depth];
    if (frame !== undefined) frames.push(frameInfo(stack, frame, stack.frames[depth + 1], depth));
  }
  const { name, end } = stack.region;
  return { name, lowest: stack.region.lowest(), end, pointer: stack.sp, frames };
}

function frameInfo(
  stack: CallStack,
  frame: Frame,
  next: Frame | undefined,
  depth: number,
): FrameInfo {
  if (depth === stack.depth - 1) frame.seal();
  const low = depth === stack.depth - 1 || next === undefined ? stack.sp : next.callerSp;
  // Dynamic room that was given back lies below the frame.
  const rooms = frame.rooms.filter((room) => room.address >= low);
  const locals = [...frame.locals, ...rooms].map((local) => localInfo(stack, local));
  return {
    function: frame.fn.name,
    end: frame.bp + 16,
    base: frame.bp,
    low,
    locals: locals.sort((a, b) => b.address - a.address),
  };
}

function localInfo(stack: CallStack, local: Local): LocalInfo {
  const { name, type, kind, state, address, sizeBytes } = local;
  const declaration = kind === "alloca" ? name : declare(name, type);
  return { name, declaration, kind, state, address, sizeBytes, value: valueOf(stack, local) };
}

function valueOf(stack: CallStack, { type, address, kind }: Local): string {
  if (kind === "alloca") return "";
  if (type.kind === "integer") return String(loadScalar(stack.memory, address, type));
  if (type.kind === "pointer") return hex(stack.memory.loadWord(address));
  if (type.kind === "float" && type.sizeBytes < 16)
    return String(loadScalar(stack.memory, address, type));
  if (type.kind !== "array" || type.element.sizeBytes !== 1 || type.sizeBytes > 16) return "";
  const bytes = stack.memory.read(address, type.sizeBytes);
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
