/** What the step before the build writes. */

declare module "@site/.build/site.json" {
  interface Entry {
    readonly name: string;
    readonly title: string;
    readonly description: string;
    readonly path: string;
    readonly section: string;
    readonly number: number | null;
  }
  const site: { readonly chapters: readonly Entry[]; readonly docs: readonly Entry[] };
  export default site;
}

declare module "@site/.build/landing.json" {
  import type { Download, Showcase } from "@memory-course/pages";
  const landing: { readonly showcase: Showcase | null; readonly course: Download };
  export default landing;
}

declare module "@site/.build/headings.json" {
  const headings: Readonly<Record<string, readonly (readonly [id: string, html: string])[]>>;
  export default headings;
}
