/**
 * Where a reader was on the pages of this visit. A page that is returned to gets its text after the browser looked for
 * the place, so that it must be found once more. A place is a part of the page and its distance from the top of the
 * screen: what is unfolded above it, or not placed yet, does not matter.
 */
interface PageLocation {
  readonly pathname: string;
  readonly key?: string;
}

interface Place {
  /** Which child of the page's body. */
  readonly index: number;
  readonly top: number;
}

interface RouteUpdate {
  readonly previousLocation: PageLocation | null;
  readonly location: PageLocation;
}

/** Where the eye begins to read, in CSS pixels from the top of the screen: below the bar. */
const readingLine = 100;

/** Between two pages nothing glides: a page that is gone has nothing to show on the way. */
const style = (): CSSStyleDeclaration => document.documentElement.style;

const places = new Map<string, Place>();

const keyOf = ({ key = "first" }: PageLocation): string => key;

const topOf = (element: Element): number => element.getBoundingClientRect().top;

/** Docusaurus calls this while the page that is left is still there. */
export function onRouteUpdate({ previousLocation, location }: RouteUpdate): void {
  if (previousLocation === null || previousLocation.pathname === location.pathname) return;
  style().scrollBehavior = "auto";
  const parts = [...(document.querySelector(".page-body")?.children ?? [])];
  const index = Math.max(
    0,
    parts.findLastIndex((part) => topOf(part) <= readingLine),
  );
  const part = parts[index];
  if (part) places.set(keyOf(previousLocation), { index, top: topOf(part) });
}

/** Scrolls a page that is there now to where it was left, if its reader returns to it, or to where its address leads. */
export function arrive(body: Element, location: PageLocation, action: string): void {
  const place = action === "POP" ? places.get(keyOf(location)) : undefined;
  const part = place && body.children[place.index];
  if (part) window.scrollBy(0, topOf(part) - place.top);
  else followAddress();
  style().scrollBehavior = "";
}

function followAddress(): void {
  let id = location.hash.slice(1);
  try {
    id = decodeURIComponent(id);
  } catch {
    // It is not well encoded, and taken as it is.
  }
  document.getElementById(id)?.scrollIntoView();
}
