/** The public face of kernel-sim: every export by name, one by one. */
export {
  KiB,
  MiB,
  GiB,
  TiB,
  PAGE_SIZE,
  PAGE_SHIFT,
  hex,
  pageCeil,
  pageFloor,
} from "./core/units.js";
export type { Address, Pfn } from "./core/units.js";
export { UsageError, InvariantError } from "./core/errors.js";
export { seededRandom } from "./core/random.js";
export type { Random } from "./core/random.js";
export {
  WNOHANG,
  WUNTRACED,
  WCONTINUED,
  WIFEXITED,
  WEXITSTATUS,
  WIFSIGNALED,
  WTERMSIG,
  WCOREDUMP,
  WIFSTOPPED,
} from "./abi/wait.js";
export type { WaitStatus } from "./facade/lifecycle-calls.js";
export { Errno, errnoName } from "./abi/errno.js";
export type { ErrnoName } from "./abi/errno.js";
export { ProgramTerminated } from "./abi/signal.js";
export type { SignalCode, SignalInfo, SignalName } from "./abi/signal.js";
export {
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
  PROT_EXEC,
  PROT_GROWSDOWN,
  PROT_GROWSUP,
  MAP_SHARED,
  MAP_PRIVATE,
  MAP_SHARED_VALIDATE,
  MAP_FIXED,
  MAP_ANONYMOUS,
  MAP_32BIT,
  MAP_GROWSDOWN,
  MAP_DENYWRITE,
  MAP_EXECUTABLE,
  MAP_LOCKED,
  MAP_NORESERVE,
  MAP_POPULATE,
  MAP_NONBLOCK,
  MAP_STACK,
  MAP_HUGETLB,
  MAP_SYNC,
  MAP_FIXED_NOREPLACE,
  MAP_FAILED,
  MREMAP_MAYMOVE,
  MREMAP_FIXED,
  MREMAP_DONTUNMAP,
  MS_ASYNC,
  MS_INVALIDATE,
  MS_SYNC,
  MCL_CURRENT,
  MCL_FUTURE,
  MCL_ONFAULT,
  MLOCK_ONFAULT,
  MADV_NORMAL,
  MADV_RANDOM,
  MADV_SEQUENTIAL,
  MADV_WILLNEED,
  MADV_DONTNEED,
  MADV_FREE,
  MADV_REMOVE,
  MADV_DONTFORK,
  MADV_DOFORK,
  MADV_MERGEABLE,
  MADV_UNMERGEABLE,
  MADV_HUGEPAGE,
  MADV_NOHUGEPAGE,
  MADV_DONTDUMP,
  MADV_DODUMP,
  MADV_WIPEONFORK,
  MADV_KEEPONFORK,
  MADV_COLD,
  MADV_PAGEOUT,
  MADV_POPULATE_READ,
  MADV_POPULATE_WRITE,
  MADV_DONTNEED_LOCKED,
  MADV_COLLAPSE,
} from "./abi/mman.js";
export {
  O_RDONLY,
  O_WRONLY,
  O_RDWR,
  O_ACCMODE,
  O_CREAT,
  O_EXCL,
  O_TRUNC,
  O_APPEND,
  F_SEAL_SEAL,
  F_SEAL_SHRINK,
  F_SEAL_GROW,
  F_SEAL_WRITE,
  F_SEAL_FUTURE_WRITE,
  MFD_CLOEXEC,
  MFD_ALLOW_SEALING,
  MFD_HUGETLB,
  FALLOC_FL_KEEP_SIZE,
  FALLOC_FL_PUNCH_HOLE,
  POSIX_FADV_NORMAL,
  POSIX_FADV_RANDOM,
  POSIX_FADV_SEQUENTIAL,
  POSIX_FADV_WILLNEED,
  POSIX_FADV_DONTNEED,
  POSIX_FADV_NOREUSE,
  F_ADD_SEALS,
  F_GET_SEALS,
  SEEK_SET,
  SEEK_CUR,
  SEEK_END,
  SEEK_DATA,
  SEEK_HOLE,
} from "./abi/fcntl.js";
export {
  RLIMIT_AS,
  RLIMIT_DATA,
  RLIMIT_MEMLOCK,
  RLIMIT_STACK,
  RLIMIT_NPROC,
  RLIMIT_NOFILE,
  RLIM_INFINITY,
} from "./libc/locks.js";
export type { Destination, FileCalls, Source } from "./libc/files.js";
export type { LockCalls } from "./libc/locks.js";
export type { UserMemory } from "./abi/user-memory.js";
export type { Syscalls, ResourceLimit } from "./abi/syscalls.js";
export type { MapsEntry, SmapsEntry, SmapsFields } from "./abi/proc-info.js";
export { boot } from "./machine.js";
export type { BootOptions, Machine, SpawnOptions } from "./machine.js";
export { NULL, RUSAGE_CHILDREN, RUSAGE_SELF } from "./process.js";
export type { AccessCalls, Process, Rusage } from "./process.js";
export type { MapsText, SmapsText } from "./facade/texts.js";
export { frames } from "./facade/inspect.js";
export type { HasTask, Inspection } from "./facade/inspect.js";
export type { FaultEntry, FaultLog } from "./facade/fault-log.js";
export type { PageWalk } from "./facade/page-walk.js";
export type { HeapCalls } from "./facade/heap-calls.js";
export type { HeapReport } from "./facade/heap.js";
export {
  M_CHECK_ACTION,
  M_MMAP_MAX,
  M_MMAP_THRESHOLD,
  M_MXFAST,
  M_PERTURB,
  M_TOP_PAD,
  M_TRIM_THRESHOLD,
} from "./libc/ptmalloc/mallopt.js";
export { PTRDIFF_MAX, SIZE_MAX } from "./libc/ptmalloc/allocator.js";
export type { SizeT } from "./libc/ptmalloc/allocator.js";
export type { Mallinfo2 } from "./libc/ptmalloc/mallinfo.js";
export type { HeapFigures } from "./report/heap-figures.js";
export type { ChunkState, HeapChunks, HeapInfo, HeapList } from "./abi/heap-info.js";
export type { Picture } from "./view/picture.js";
export { display } from "./core/display.js";
export type { Displayable, MimeBundle } from "./core/display.js";
export { SIGABRT, SIGBUS, SIGKILL, SIGSEGV } from "./abi/signal.js";
export {
  MINSIGSTKSZ,
  SA_NODEFER,
  SA_ONSTACK,
  SA_SIGINFO,
  SIGSTKSZ,
  SIG_DFL,
  SS_AUTODISARM,
  SS_DISABLE,
  SS_ONSTACK,
} from "./program/signals.js";
export type { Handler, SigactionT, StackT } from "./program/signals.js";
export type { DeepCall, FunctionBody, Returned } from "./program/deep-call.js";
export type { CFunction, FunctionOptions } from "./program/functions.js";
export type { Frame } from "./program/frame.js";
export type { Block, Local } from "./program/locals.js";
export type { Variable } from "./program/variable.js";
export type { JumpBuffer } from "./program/jump.js";
export type { Note, NoteKind, Notes } from "./program/notes.js";
export type {
  SplitStack,
  SplitStackCost,
  SplitStackOptions,
  Stacklet,
} from "./program/split-stack.js";
export type { ThreadAttributes } from "./program/threads.js";
export type { SlabOptions } from "./program/slab.js";
export type { Locality, SlabCacheInfo, SlabInfo } from "./abi/slab-info.js";
export type { PoolHandle, ProgramCalls, SlabHandle } from "./facade/program-calls.js";
export { execLayout, smallProgram } from "./kernel/exec-layout.js";
export type {
  ExecLayout,
  LayoutMapping,
  LayoutRequest,
  ProgramImage,
} from "./kernel/exec-layout.js";
export { drawLayout } from "./facade/layout-parts.js";
export type { FileStatus } from "./facade/file-status.js";
export type {
  MeminfoText,
  PagemapText,
  ProcCalls,
  RollupText,
  StatusText,
} from "./facade/proc-files.js";
export type { MeminfoInfo, PagemapEntry, RollupInfo, StatusInfo } from "./abi/proc-info.js";
