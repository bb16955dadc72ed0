/** The event that says that a page's body is there. */
export const bodyArrived = "page-body-arrived";

/** Fills `element` with the body of the page at `path`, as the build drew it; where that fails, the browser goes there. */
export async function fetchPageBody(
  element: HTMLElement,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    const answer = await fetch(path, { signal });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const body = page.querySelector(".page-body");
    if (body === null) throw new Error(`${path} has no body`);
    if (signal.aborted) return;
    element.replaceChildren(...body.childNodes);
    document.dispatchEvent(new Event(bodyArrived));
  } catch (error) {
    if (!signal.aborted) location.assign(path + location.hash);
    throw error;
  }
}
