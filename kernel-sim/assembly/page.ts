/** Bytes in a page, as a 64-bit number. */
import * as units from "../src/core/units";

export const PAGE_SIZE: u64 = units.PAGE_SIZE;
