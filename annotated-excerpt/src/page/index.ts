/** The JSON models of a page, made before the site is built. */
export { anchors, excerptAnchor, lineAnchor, noteAnchor } from "./anchors.js";
export type { Anchors } from "./anchors.js";
export type { FileModel, LineModel, NoteModel, RegionModel } from "./file-model.js";
export { highlightLines } from "./highlight.js";
export { inlineHtml, noteHtml } from "./inline-markdown.js";
export { fileModel } from "./make-model.js";
