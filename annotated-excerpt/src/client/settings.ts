/** Choices of the reader, kept in this browser and the same in all blocks. */

const prefix = "annotated-excerpt:";

/** What the reader chose last; undefined where nothing was chosen, or the browser keeps nothing. */
export function setting(name: string): string | undefined {
  try {
    return localStorage.getItem(prefix + name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a choice and tells all blocks of this page. */
export function keepSetting(name: string, value: string): void {
  try {
    localStorage.setItem(prefix + name, value);
  } catch {
    // A browser that keeps nothing still shows this page as chosen.
  }
  document.dispatchEvent(new CustomEvent(prefix + name, { detail: value }));
}

/** Calls `then` now with what is chosen and at each new choice, in other tabs as well. */
export function onSetting(
  name: string,
  signal: AbortSignal,
  then: (value: string | undefined) => void,
): void {
  then(setting(name));
  document.addEventListener(prefix + name, (event) => then((event as CustomEvent<string>).detail), {
    signal,
  });
  window.addEventListener(
    "storage",
    (event) => {
      if (event.key === prefix + name) then(event.newValue ?? undefined);
    },
    { signal },
  );
}
