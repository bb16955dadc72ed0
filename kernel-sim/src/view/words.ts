/** Numbers as the pictures' words say them. */
import { GiB, KiB, MiB, TiB } from "../core/units.js";

/**
 * `64 MiB`, `132 KiB`, `1.5 GiB`, `24 bytes`: the largest unit that leaves at most one decimal exact,
 * else KiB; above 1 GiB `about 42.7 TiB`.
 */
export function sizeWords(sizeBytes: number): string {
  const units: readonly (readonly [number, string])[] = [
    [TiB, "TiB"],
    [GiB, "GiB"],
    [MiB, "MiB"],
    [KiB, "KiB"],
  ];
  for (const [unit, name] of units) {
    const tenths = (sizeBytes / unit) * 10;
    if (sizeBytes >= unit && tenths < 100_000 && Number.isInteger(tenths))
      return `${tenths / 10} ${name}`;
  }
  const large = units.find(([unit]) => sizeBytes >= unit);
  if (large !== undefined && sizeBytes >= GiB) {
    return `about ${Math.round((sizeBytes / large[0]) * 10) / 10} ${large[1]}`;
  }
  if (sizeBytes >= KiB) return `${Math.round(sizeBytes / KiB)} KiB`;
  return `${sizeBytes} bytes`;
}
