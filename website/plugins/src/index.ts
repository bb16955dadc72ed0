export { publish } from "./publish.js";
export type { Published, PublishOptions, SiteEntry } from "./publish.js";
export { PageError } from "./page-error.js";
export { stripAnsi } from "./ansi.js";
export type * from "./model.js";
