/** The plain data of stacks and of programs' own allocators, for those who draw it. */
export type { FrameInfo, LocalInfo, StackInfo } from "../abi/stack-info.js";
export type { ChunkInfo, Locality, SlabCacheInfo, SlabInfo } from "../abi/slab-info.js";
