/** The one helper of tslib that Docusaurus' own code calls in a browser; the rest of the library stays out. */
export const __importDefault = (module) =>
  module && module.__esModule ? module : { default: module };
