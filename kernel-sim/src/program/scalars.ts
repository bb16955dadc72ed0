/** Scalars between JavaScript and the bytes of the simulated memory, as x86-64 stores them. */
import type { UserMemory } from "../abi/user-memory.js";
import { UsageError } from "../core/errors.js";
import type { Address } from "../core/units.js";
import type { CType, Field } from "./ctype.js";
import { intType, typeName } from "./ctype.js";

const scratch = new DataView(new ArrayBuffer(8));

/** The scalar at `address`; a 64-bit integer beyond 2^53 is rounded, as a `double` would be. */
export function loadScalar(memory: UserMemory, address: Address, type: CType): number {
  // Most are int. This much is short enough for the engine to put into the callers, where an address need not be boxed.
  if (type === intType) return memory.load32(address) | 0;
  return loadAny(memory, address, type);
}

function loadAny(memory: UserMemory, address: Address, type: CType): number {
  switch (type.kind) {
    case "integer":
      return loadInteger(memory, address, type.sizeBytes, type.range);
    case "pointer":
      return memory.loadWord(address);
    case "float":
      if (type.sizeBytes === 4) {
        scratch.setUint32(0, memory.load32(address));
        return scratch.getFloat32(0);
      }
      if (type.sizeBytes === 8) {
        scratch.setBigUint64(0, memory.load64(address));
        return scratch.getFloat64(0);
      }
      break;
    default:
  }
  throw notScalar(type);
}

/** Stores `value` converted to the type as C converts it: integers wrap, `_Bool` is 0 or 1. */
export function storeScalar(
  memory: UserMemory,
  address: Address,
  type: CType,
  value: number,
): void {
  if (type === intType && value === (value | 0)) memory.store32(address, value >>> 0);
  else storeAny(memory, address, type, value);
}

function storeAny(memory: UserMemory, address: Address, type: CType, value: number): void {
  switch (type.kind) {
    case "integer": {
      const whole = type.range === "bool" ? (value === 0 ? 0 : 1) : Math.trunc(value);
      if (Number.isNaN(whole)) throw notNumber(type);
      if (type.sizeBytes === 1) memory.store8(address, whole & 0xff);
      else if (type.sizeBytes === 2) memory.store16(address, whole & 0xffff);
      else if (type.sizeBytes === 4) memory.store32(address, whole >>> 0);
      else memory.store64(address, BigInt.asUintN(64, BigInt(whole)));
      return;
    }
    case "pointer":
      if (value >= 0) memory.storeWord(address, value);
      else memory.store64(address, BigInt.asUintN(64, BigInt(value)));
      return;
    case "float":
      if (type.sizeBytes === 4) {
        scratch.setFloat32(0, value);
        memory.store32(address, scratch.getUint32(0));
        return;
      }
      if (type.sizeBytes === 8) {
        scratch.setFloat64(0, value);
        memory.store64(address, scratch.getBigUint64(0));
        return;
      }
      break;
    default:
  }
  throw notScalar(type);
}

/** A bit-field's value; its unit is read byte by byte, as the ABI numbers bits from the lowest. */
export function loadBits(memory: UserMemory, address: Address, field: Field): number {
  const bits = field.bits ?? { offset: 0, width: field.type.sizeBytes * 8 };
  let raw = 0n;
  for (let byte = Math.ceil((bits.offset + bits.width) / 8) - 1; byte >= 0; byte--)
    raw = (raw << 8n) | BigInt(memory.load8(address + byte));
  raw >>= BigInt(bits.offset);
  const signed = field.type.kind === "integer" && field.type.range === "signed";
  return Number(signed ? BigInt.asIntN(bits.width, raw) : BigInt.asUintN(bits.width, raw));
}

export function storeBits(memory: UserMemory, address: Address, field: Field, value: number): void {
  const bits = field.bits ?? { offset: 0, width: field.type.sizeBytes * 8 };
  const mask = ((1n << BigInt(bits.width)) - 1n) << BigInt(bits.offset);
  const wanted = BigInt.asUintN(bits.width, BigInt(Math.trunc(value))) << BigInt(bits.offset);
  const bytes = Math.ceil((bits.offset + bits.width) / 8);
  for (let byte = 0; byte < bytes; byte++) {
    const shift = BigInt(8 * byte);
    const keep = Number((~mask >> shift) & 0xffn);
    const set = Number((wanted >> shift) & 0xffn);
    memory.store8(address + byte, (memory.load8(address + byte) & keep) | set);
  }
}

function loadInteger(
  memory: UserMemory,
  address: Address,
  sizeBytes: 1 | 2 | 4 | 8,
  range: "signed" | "unsigned" | "bool",
): number {
  const signed = range === "signed";
  if (sizeBytes === 1) return signed ? (memory.load8(address) << 24) >> 24 : memory.load8(address);
  if (sizeBytes === 2)
    return signed ? (memory.load16(address) << 16) >> 16 : memory.load16(address);
  if (sizeBytes === 4) return signed ? memory.load32(address) | 0 : memory.load32(address);
  const raw = memory.load64(address);
  return Number(signed ? BigInt.asIntN(64, raw) : raw);
}

function notNumber(type: CType): UsageError {
  return new UsageError(
    `what is stored in this ${typeName(type)} is not a number`,
    "pass x.value for the value of x, x.address for a pointer to it; an argument that is left out is undefined",
  );
}

function notScalar(type: CType): UsageError {
  return new UsageError(
    `a ${typeName(type)} has no single value`,
    type.kind === "array"
      ? "take an element with .at(i), or .string() for text"
      : type.kind === "float"
        ? "use double: long double is laid out, but its 80-bit values are not computed with"
        : 'take a member with .field("name")',
  );
}
