/** How a request fails. */
import * as host from "./host";

/** NULL, and ENOMEM in errno. */
export function outOfMemory(): u64 {
  host.outOfMemory();
  return 0;
}

/** A system call's result; of a failed one errno is set. */
export function checked(result: f64): f64 {
  if (result < 0) host.setErrno(-(<i32>result));
  return result;
}
