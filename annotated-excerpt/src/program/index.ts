/** Programs cut from notebooks (Node; needs the package `typescript`). */
export { wholeProgram } from "./whole-program.js";
export type { ProgramOptions, WholeProgram } from "./whole-program.js";
export type { StandIns } from "./stand-ins.js";
export { isErasable, stripTypes } from "./strip-types.js";
export type { PackedModule } from "./packed.js";
