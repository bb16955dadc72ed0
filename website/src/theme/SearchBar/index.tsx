/** Search over the built pages with pagefind, loaded from the site itself at the first use. */
import { useEffect, useId, useRef, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import useBaseUrl from "@docusaurus/useBaseUrl";
import { search } from "@site/src/components/search";
import type { Hit } from "@site/src/components/search";

type State =
  | { readonly kind: "idle" }
  | { readonly kind: "found"; readonly query: string; readonly hits: readonly Hit[] }
  | { readonly kind: "failed" };

function statusOf(state: State): string {
  if (state.kind === "idle") return "";
  if (state.kind === "failed") return "Search works on the built site only: npm start.";
  if (state.hits.length === 0) return `Nothing holds “${state.query}”.`;
  return state.hits.length === 1 ? "1 result" : `${state.hits.length} results`;
}

export default function SearchBar(): ReactNode {
  const baseUrl = useBaseUrl("/");
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const statusId = useId();
  const [state, setState] = useState<State>({ kind: "idle" });
  const [open, setOpen] = useState(false);

  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      const inField = (event.target as Element).closest("input, textarea, [contenteditable]");
      if (event.key !== "/" || event.ctrlKey || event.metaKey || inField) return;
      event.preventDefault();
      input.current?.focus();
    };
    const onPointer = (event: PointerEvent): void => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("keydown", onKey);
    document.addEventListener("pointerdown", onPointer);
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("pointerdown", onPointer);
    };
  }, []);

  const ask = async (query: string): Promise<void> => {
    setOpen(query !== "");
    if (query.trim() === "") {
      setState({ kind: "idle" });
      return;
    }
    try {
      const hits = await search(baseUrl, query);
      if (input.current?.value === query) setState({ kind: "found", query, hits });
    } catch {
      setState({ kind: "failed" });
    }
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.key === "Escape") {
      setOpen(false);
      input.current?.focus();
      return;
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [...(box.current?.querySelectorAll<HTMLElement>("input, a") ?? [])];
    const at = stops.indexOf(document.activeElement as HTMLElement);
    const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };

  return (
    <div className="search needs-js" role="search" ref={box} onKeyDown={onKeyDown}>
      <input
        ref={input}
        type="search"
        placeholder="Search"
        aria-label="Search the site"
        aria-describedby={statusId}
        aria-keyshortcuts="/"
        autoComplete="off"
        spellCheck={false}
        onFocus={(event) => setOpen(event.target.value !== "")}
        onChange={(event) => void ask(event.target.value)}
      />
      <div className="search-panel" hidden={!open || state.kind === "idle"}>
        <p id={statusId} className="search-status" role="status">
          {statusOf(state)}
        </p>
        {state.kind === "found" && state.hits.length > 0 && (
          <ul>
            {state.hits.map((hit) => (
              <li key={hit.url}>
                <a href={hit.url} onClick={() => setOpen(false)}>
                  <span className="search-title">{hit.title}</span>
                  <span
                    className="search-excerpt"
                    dangerouslySetInnerHTML={{ __html: hit.excerptHtml }}
                  />
                </a>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
