/** The search index, made of the built pages; the search bar loads it from the site itself at the first query. */
const { join } = require("node:path");

module.exports = function pagefindPlugin() {
  return {
    name: "course-pagefind",
    async postBuild({ outDir }) {
      const pagefind = await import("pagefind");
      const check = (answer) => {
        if (answer.errors.length > 0) throw new Error(`pagefind: ${answer.errors.join("; ")}`);
        return answer;
      };
      const { index } = check(await pagefind.createIndex({ excludeSelectors: [".hash-link"] }));
      check(await index.addDirectory({ path: outDir }));
      check(await index.writeFiles({ outputPath: join(outDir, "pagefind") }));
      await pagefind.close();
    },
  };
};
