/**
 * The site's fonts, from packages, with no request to anybody else. The faces stand in the page's head, and the ones
 * that every page needs are preloaded, so that text is drawn once; `optional` and fallbacks of the same measure keep
 * lines where they are on a slow connection.
 */
const { createHash } = require("node:crypto");
const { copyFileSync, mkdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");

const faces = [
  {
    family: "Source Serif 4",
    pkg: "source-serif-4",
    style: "normal",
    weight: "200 900",
    preload: true,
  },
  { family: "Source Serif 4", pkg: "source-serif-4", style: "italic", weight: "200 900" },
  {
    family: "Source Sans 3",
    pkg: "source-sans-3",
    style: "normal",
    weight: "200 900",
    preload: true,
  },
  {
    family: "Source Code Pro",
    pkg: "source-code-pro",
    style: "normal",
    weight: "200 900",
    preload: true,
  },
];

/** Local fonts stretched to the measures of ours, shown where ours came too late. */
const fallbacks = `@font-face{font-family:"Serif Fallback";src:local("Georgia"),local("Liberation Serif"),local("DejaVu Serif");size-adjust:96%;ascent-override:106%;descent-override:35%;line-gap-override:0%}@font-face{font-family:"Sans Fallback";src:local("Arial"),local("Liberation Sans"),local("DejaVu Sans");size-adjust:93%;ascent-override:109%;descent-override:43%;line-gap-override:0%}`;

module.exports = function fontsPlugin(context) {
  const files = faces.map((face) => {
    const name = `${face.pkg}-latin-wght-${face.style}.woff2`;
    const source = require.resolve(`@fontsource-variable/${face.pkg}/files/${name}`);
    const hash = createHash("sha256").update(readFileSync(source)).digest("hex").slice(0, 8);
    return { ...face, source, file: `fonts/${name.replace(".woff2", `.${hash}.woff2`)}` };
  });
  return {
    name: "course-fonts",
    injectHtmlTags() {
      const css = files.map(
        (face) =>
          `@font-face{font-family:"${face.family}";font-style:${face.style};font-weight:${face.weight};font-display:optional;src:url(${context.baseUrl}${face.file}) format("woff2")}`,
      );
      return {
        headTags: [
          ...files
            .filter((face) => face.preload)
            .map((face) => ({
              tagName: "link",
              attributes: {
                rel: "preload",
                as: "font",
                type: "font/woff2",
                href: `${context.baseUrl}${face.file}`,
                crossorigin: "anonymous",
              },
            })),
          { tagName: "style", innerHTML: css.join("") + fallbacks },
        ],
      };
    },
    async postBuild({ outDir }) {
      mkdirSync(join(outDir, "fonts"), { recursive: true });
      for (const face of files) copyFileSync(face.source, join(outDir, face.file));
    },
  };
};
