/** Reading annotated files and cutting excerpts from them: pure functions, for Node and browsers. */
export { parseSource } from "./model/parse.js";
export type { SourceText } from "./model/parse.js";
export { columnsOf, cut, excerptText, wholeText, widestColumns } from "./model/excerpt.js";
export type { Excerpt, Form } from "./model/excerpt.js";
export { ListingError, problemText } from "./model/errors.js";
export type { Problem } from "./model/errors.js";
export { languageOf } from "./model/language.js";
export { checkUse } from "./model/use.js";
export type { Use } from "./model/use.js";
export type { Source, SourceLine, SourceNote, SourceRegion } from "./model/source.js";
