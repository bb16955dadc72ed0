/** Data that a browser finds drawn in the page. */
module.exports = function noData() {
  return "export default {};";
};
