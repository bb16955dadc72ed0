/** What the specs use of react-dom on the server; its own types are not installed. */
declare module "react-dom/server" {
  import type { ReactElement } from "react";
  export function renderToString(element: ReactElement): string;
  export function renderToStaticMarkup(element: ReactElement): string;
}
