/** What stands behind `#` in the page's address; empty where it is not well encoded. */
export function currentHash(): string {
  try {
    return decodeURIComponent(window.location.hash.slice(1));
  } catch {
    return "";
  }
}
