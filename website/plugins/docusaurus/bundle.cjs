/**
 * What a browser need not get. Code was highlighted in the step before the build, so Prism stays out. Pages were drawn
 * when the site was built, so their data (but for the table of contents) and the code that draws them stay out too, and
 * so do the descriptions of all pages, which nothing here shows.
 */
const { join } = require("node:path");

const site = join(__dirname, "../..");

module.exports = function bundlePlugin() {
  return {
    name: "course-bundle",
    configureWebpack(_config, isServer) {
      const drawnBefore = !isServer && process.env.NODE_ENV === "production";
      return {
        resolve: {
          alias: {
            "prism-react-renderer": join(site, "src/prism-stub.js"),
            ...(drawnBefore ? { tslib: join(site, "src/tslib-stub.js") } : {}),
          },
        },
        module: {
          rules: drawnBefore
            ? [
                {
                  test: (path) =>
                    path.startsWith(join(site, ".build/docs")) && path.endsWith(".json"),
                  type: "javascript/auto",
                  loader: join(__dirname, "only-toc-loader.cjs"),
                },
                {
                  test: (path) =>
                    path.startsWith(
                      join(site, ".docusaurus/docusaurus-plugin-content-docs/default/p"),
                    ) && path.endsWith(".json"),
                  type: "javascript/auto",
                  loader: join(__dirname, "no-cards-loader.cjs"),
                },
                {
                  test: (path) => path === join(site, ".build/headings.json"),
                  type: "javascript/auto",
                  loader: join(__dirname, "no-data-loader.cjs"),
                },
                {
                  test: (path) => path === join(site, "src/content/PageContent.tsx"),
                  loader: join(__dirname, "nothing-loader.cjs"),
                },
              ]
            : [],
        },
      };
    },
  };
};
