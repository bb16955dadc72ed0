/** How a run of calls is written down, for the allocator to execute without leaving its module. */

/** The numbers of the calls. */
export const CALL_MALLOC = 0;
export const CALL_CALLOC = 1;
export const CALL_REALLOC = 2;
export const CALL_FREE = 4;

/** Kinds of answers: an answer is a double, 8 times a value plus its kind. */
export const ANSWER_OK = 0;
export const ANSWER_ADDRESS = 1;
export const ANSWER_UNSET = 4;
