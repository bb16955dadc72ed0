/**
 * Links to other pages fetch nothing until they are pointed at. Docusaurus would fetch the code of every page whose
 * link is on the screen, the whole sidebar's; a page's text is fetched when the reader goes there anyway.
 */
interface Fetcher {
  readonly prefetch: (path: string) => unknown;
  readonly preload: (path: string) => unknown;
}

export function onRouteDidUpdate(): void {
  const holder = window as unknown as { docusaurus?: Fetcher };
  if (holder.docusaurus === undefined) return;
  holder.docusaurus = { ...holder.docusaurus, prefetch: () => false };
}
