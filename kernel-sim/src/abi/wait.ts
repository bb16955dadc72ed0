/** What wait(2) takes and gives on Linux (uapi/linux/wait.h; bits/waitstatus.h). */
export const WNOHANG = 1;
export const WUNTRACED = 2;
export const WCONTINUED = 8;

/*
 * A status is 16 bits:   15 … 8         7        6 … 0
 *                        exit status    dumped   the signal that ended it, 0 where it called exit()
 */

/** Ended by exit(3), _exit(2) or a return from main(). */
export const WIFEXITED = (status: number): boolean => WTERMSIG(status) === 0;
/** The low eight bits of what the child gave to exit(). */
export const WEXITSTATUS = (status: number): number => (status >> 8) & 0xff;
/** Ended by a signal. */
export const WIFSIGNALED = (status: number): boolean =>
  WTERMSIG(status) !== 0 && WTERMSIG(status) !== 0x7f;
export const WTERMSIG = (status: number): number => status & 0x7f;
/** Whether a core file was written; never here, as with RLIMIT_CORE 0. */
export const WCOREDUMP = (status: number): boolean => (status & 0x80) !== 0;
/** Stopped by a signal of job control; never here. */
export const WIFSTOPPED = (status: number): boolean => (status & 0xff) === 0x7f;
