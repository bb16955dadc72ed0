/** The path of a browser for the tests, or null. */
export function findBrowser(): Promise<string | null>;
/** The path of a browser, installed where none was there; rejects with what a person can do where that fails too. */
export function ensureBrowser(note?: (text: string) => void): Promise<string>;
