import { describe, expect, it } from "vitest";
import { hex } from "../core/units.js";
import { ByteWriter } from "./byte-writer.js";

describe("ByteWriter", () => {
  it("writes hex as hex() does", () => {
    for (const value of [
      0,
      9,
      10,
      15,
      16,
      255,
      0x2a0,
      0xffff_ffff,
      2 ** 32,
      2 ** 47 - 1,
      2 ** 53 - 1,
    ]) {
      const writer = new ByteWriter(1);
      writer.hex(value);
      expect(String.fromCharCode(...writer.bytes.subarray(0, writer.length))).toBe(hex(value));
    }
  });

  it("grows with its text", () => {
    const writer = new ByteWriter(4);
    writer.text("heap+");
    writer.byte(10);
    expect([...writer.bytes.subarray(0, writer.length)]).toEqual([104, 101, 97, 112, 43, 10]);
  });
});
