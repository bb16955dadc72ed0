/**
 * Where the members of a struct or union go: size, alignment, padding and bit-fields as gcc places
 * them on x86-64 (System V ABI 3.1.2; gcc/stor-layout.cc place_field, with PCC_BITFIELD_TYPE_MATTERS).
 */
import type { Field, MemberSpec } from "./ctype.js";

export interface RecordLayout {
  readonly fields: readonly Field[];
  readonly sizeBytes: number;
  readonly alignBytes: number;
}

export interface RecordAttributes {
  readonly packing: "natural" | "packed";
  /** `__attribute__((aligned(n)))` of the whole type; 1 where there is none. */
  readonly minimumAlignBytes: number;
}

const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step;

/** The layout of a struct (members one after another) or union (all at offset 0). Never fails. */
export function layOutRecord(
  kind: "struct" | "union",
  members: readonly MemberSpec[],
  attributes: RecordAttributes,
): RecordLayout {
  const fields: Field[] = [];
  let nextBit = 0;
  let lastByte = 0;
  let alignBytes = attributes.minimumAlignBytes;

  for (const member of members) {
    const start = kind === "union" ? 0 : nextBit;
    const packed = attributes.packing === "packed" || member.packing === "packed";
    const own = packed ? 1 : member.type.alignBytes;
    const align = Math.max(own, member.alignBytes ?? 1);
    let end: number;
    if (member.bitWidth === undefined) {
      const offsetBytes = roundUp(Math.ceil(start / 8), align);
      fields.push({ name: member.name, type: member.type, offsetBytes, bits: undefined });
      end = (offsetBytes + member.type.sizeBytes) * 8;
      alignBytes = Math.max(alignBytes, align);
    } else {
      const unitBits = member.type.sizeBytes * 8;
      const width = member.bitWidth;
      let bit = start;
      if (width === 0) {
        bit = roundUp(bit, unitBits);
      } else {
        // An alignment that is given holds as it is, also one smaller than the type's.
        bit = roundUp(bit, (member.alignBytes ?? 0) * 8 || 1);
        // It would straddle two units of its declared type: it begins in the next one.
        if (!packed && (bit % unitBits) + width > unitBits) bit = roundUp(bit, unitBits);
      }
      if (member.name !== "") {
        const bits = { offset: bit % 8, width };
        fields.push({
          name: member.name,
          type: member.type,
          offsetBytes: Math.floor(bit / 8),
          bits,
        });
        // Only a named bit-field gives its type's alignment to the struct.
        alignBytes = Math.max(alignBytes, align);
      }
      end = bit + width;
    }
    nextBit = end;
    lastByte = Math.max(lastByte, Math.ceil(end / 8));
  }
  return { fields, sizeBytes: roundUp(lastByte, alignBytes), alignBytes };
}

/** Bytes of the layout that no member uses: holes between members and the tail. */
export function paddingBytes(layout: RecordLayout): number {
  const used = new Uint8Array(layout.sizeBytes);
  for (const { offsetBytes, type, bits } of layout.fields) {
    const length = bits === undefined ? type.sizeBytes : Math.ceil((bits.offset + bits.width) / 8);
    used.fill(1, offsetBytes, offsetBytes + length);
  }
  return used.reduce((padding, byte) => padding + (byte === 0 ? 1 : 0), 0);
}
