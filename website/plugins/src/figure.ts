/** A picture in prose, as HTML: drawn in the page so that it follows the theme, and a link that opens it large. */
import { escapeHtml } from "./escape.js";
import type { SafeSvg } from "./sanitise.js";

export function figureHtml(picture: SafeSvg, href: string, caption: string): string {
  const words = picture.title || caption;
  return (
    `<figure class="figure"><div class="figure-picture">${picture.svg}</div>` +
    `<figcaption>${escapeHtml(caption)} ` +
    `<a class="figure-open" href="${escapeHtml(href)}">Open large<span class="sr-only">: ${escapeHtml(words)}</span></a>` +
    `</figcaption></figure>`
  );
}
