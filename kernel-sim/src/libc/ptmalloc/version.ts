/** Which glibc is simulated: what differs between versions is a row of a table, not an `if`. */
import { UsageError } from "../../core/errors.js";

export type GlibcVersion = "2.36";

/** The constants of one version of malloc.c. */
export interface MallocConstants {
  readonly glibc: GlibcVersion;
  /** Chunks that one tcache bin holds (TCACHE_FILL_COUNT). */
  readonly tcacheCount: number;
  /** Bins of the tcache, for chunks from 0x20 to 0x410 (TCACHE_MAX_BINS). */
  readonly tcacheBins: number;
  /** The largest chunk that fastbins take by default (DEFAULT_MXFAST, as a chunk's size). */
  readonly maxFast: number;
  readonly mmapThreshold: number;
  readonly trimThreshold: number;
  /** 128 KiB, whatever the comment in malloc.c says (DEFAULT_TOP_PAD). */
  readonly topPad: number;
  readonly mmapMax: number;
}

const versions: Readonly<Record<GlibcVersion, MallocConstants>> = {
  "2.36": {
    glibc: "2.36",
    tcacheCount: 7,
    tcacheBins: 64,
    maxFast: 128,
    mmapThreshold: 128 * 1024,
    trimThreshold: 128 * 1024,
    topPad: 128 * 1024,
    mmapMax: 65536,
  },
};

/** The constants of a version; a {@link UsageError} for one that is not modelled. */
export function mallocConstants(version: string): MallocConstants {
  if (version === "2.36") return versions["2.36"];
  throw new UsageError(
    `glibc ${version} is not modelled`,
    `one of these versions: ${Object.keys(versions).join(", ")}`,
  );
}
