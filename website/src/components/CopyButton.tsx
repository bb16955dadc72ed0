/** Copies the code that stands before it; does nothing, and is not shown, without JavaScript. */
import { useRef, useState } from "react";
import type { ReactNode } from "react";

export default function CopyButton({ of }: { readonly of: string }): ReactNode {
  const button = useRef<HTMLButtonElement>(null);
  const [done, setDone] = useState<"no" | "copied" | "failed">("no");
  const copy = async (): Promise<void> => {
    const code = button.current?.parentElement?.querySelector("code")?.textContent ?? "";
    const result = await navigator.clipboard.writeText(code).then(
      () => "copied" as const,
      () => "failed" as const,
    );
    setDone(result);
    window.setTimeout(() => setDone("no"), 2000);
  };
  const words = { no: "Copy", copied: "Copied", failed: "Not copied" }[done];
  return (
    <button ref={button} type="button" className="copy needs-js" onClick={() => void copy()}>
      <span aria-live="polite">{words}</span>
      <span className="sr-only"> {of}</span>
    </button>
  );
}
