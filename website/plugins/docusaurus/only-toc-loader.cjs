/** A page's data as a browser gets it: the table of contents. */
module.exports = function onlyToc(source) {
  const { toc } = JSON.parse(source);
  return `export default ${JSON.stringify({ toc })};`;
};
