import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "@docusaurus/types";
import type { Options, ThemeConfig } from "@docusaurus/preset-classic";
import { pageTemplate } from "./page-template";

/** What the step before the build wrote: without a chapter there is no course to link to. */
const site = JSON.parse(readFileSync(join(__dirname, ".build/site.json"), "utf8")) as {
  readonly chapters: readonly unknown[];
};

const baseUrl = process.env["SITE_BASE_URL"] ?? "/";

const config: Config = {
  title: "Memory, for C programmers",
  tagline: "A course that runs",
  favicon: "img/favicon.svg",
  url: process.env["SITE_URL"] ?? "http://localhost:3000",
  baseUrl,
  trailingSlash: false,
  onBrokenLinks: "throw",
  onBrokenAnchors: "throw",
  onDuplicateRoutes: "throw",
  future: { v4: true, faster: true },
  ssrTemplate: pageTemplate,
  i18n: { defaultLocale: "en", locales: ["en"] },
  staticDirectories: ["static", ".build/static"],
  markdown: { format: "detect" },
  // In the head itself: a tag under `metadata` is set anew when scripts start, and then the whole page is styled anew.
  headTags: [{ tagName: "meta", attributes: { name: "color-scheme", content: "light dark" } }],
  plugins: [
    "./plugins/docusaurus/fonts.cjs",
    "./plugins/docusaurus/bundle.cjs",
    "./plugins/docusaurus/pagefind.cjs",
  ],
  clientModules: ["./src/client/quiet-links.ts", "./src/client/scroll-memory.ts"],
  presets: [
    [
      "classic",
      {
        docs: {
          path: ".build/docs",
          routeBasePath: "/",
          sidebarPath: "./sidebars.ts",
          breadcrumbs: false,
          numberPrefixParser: false,
        },
        blog: false,
        theme: {
          customCss: [
            require.resolve("annotated-excerpt/style.css"),
            "./src/css/theme.css",
            "./src/css/layout.css",
            "./src/css/prose.css",
            "./src/css/code.css",
            "./src/css/outputs.css",
            "./src/css/search.css",
            "./src/css/print.css",
          ],
        },
        sitemap: false,
      } satisfies Options,
    ],
  ],
  themeConfig: {
    prism: { theme: { plain: {}, styles: [] }, darkTheme: { plain: {}, styles: [] } },
    colorMode: { respectPrefersColorScheme: true },
    docs: { sidebar: { hideable: false, autoCollapseCategories: false } },
    navbar: {
      title: "Memory",
      logo: { alt: "", src: "img/logo.svg", width: 28, height: 28 },
      items: [
        ...(site.chapters.length > 0
          ? [
              {
                type: "docSidebar",
                sidebarId: "course",
                label: "Course",
                position: "left",
              } as const,
            ]
          : []),
        { type: "docSidebar", sidebarId: "docs", label: "Docs", position: "left" },
        { type: "search", position: "right" },
      ],
    },
  } satisfies ThemeConfig,
};

export default config;
