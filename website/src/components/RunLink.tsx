/** Leads to the page on running the notebooks. */
import type { ReactNode } from "react";
import Link from "@docusaurus/Link";
import site from "@site/.build/site.json";

const page = site.docs.find(({ name }) => name === "running");

export default function RunLink({ children }: { readonly children: string }): ReactNode {
  return page === undefined ? children : <Link to={`/${page.path}`}>{children}</Link>;
}
