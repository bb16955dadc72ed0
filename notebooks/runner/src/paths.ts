/** Machine paths taken out of outputs: a page must not show where it was built. */

/** A function that takes `project`'s path, then the home folder's, out of a text. */
export function pathCleaner(project: string, home: string): (text: string) => string {
  const pairs: [RegExp, string][] = [[pathPattern(project), ""]];
  if (home.length > 1) pairs.push([pathPattern(home), "~/"]);
  return (text) =>
    pairs.reduce((clean, [pattern, instead]) => clean.replaceAll(pattern, instead), text);
}

/** The folder with the slash after it, also as a file: address, and only where a path begins there. */
function pathPattern(folder: string): RegExp {
  const escaped = folder.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?:file://)?(?<![\\w.~-])${escaped}/`, "g");
}
