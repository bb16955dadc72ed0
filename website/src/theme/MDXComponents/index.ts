/** What Markdown elements become in a page: nothing of the theme's, since a page is one component that gets its data. */
const components = {};

export default components;
