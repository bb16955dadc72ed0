/** Stands for a component that a browser never draws. */
module.exports = function nothing() {
  return "export default function Nothing() { return null; }";
};
