/** Keeps Prism out of the bundle: code was highlighted in the step before the build. */
const { join } = require("node:path");

module.exports = function bundlePlugin() {
  return {
    name: "course-bundle",
    configureWebpack() {
      return {
        resolve: {
          alias: {
            "prism-react-renderer": join(__dirname, "../../src/prism-stub.js"),
            prismjs: join(__dirname, "../../src/prism-stub.js"),
          },
        },
      };
    },
  };
};
