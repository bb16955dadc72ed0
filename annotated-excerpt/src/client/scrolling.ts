/** Code that is wider than its block scrolls, and Tab leads to it; where nothing scrolls, Tab passes it by. */
import type { Block } from "./block.js";
import { beforeNextFrame } from "./frames.js";

function measure({ pre }: Block): () => void {
  const scrolls = pre.scrollWidth > pre.clientWidth;
  return () => {
    if (scrolls) pre.tabIndex = 0;
    else pre.removeAttribute("tabindex");
  };
}

/** Looks at the block when it comes near the screen, and when a width changes: far code may not be laid out yet. */
export function enableScrolling(block: Block): void {
  const look = (): void => beforeNextFrame(block.pre, () => measure(block));
  const resized = new ResizeObserver(look);
  const near = new IntersectionObserver(
    ([entry]) => {
      for (const one of [block.pre, block.code]) {
        if (entry?.isIntersecting) resized.observe(one);
        else resized.unobserve(one);
      }
    },
    { rootMargin: "50% 0%" },
  );
  near.observe(block.body);
  block.signal.addEventListener("abort", () => {
    near.disconnect();
    resized.disconnect();
  });
}
