import { earlyScript } from "annotated-excerpt/html";

/**
 * The HTML that a page stands in. Docusaurus' own but for the scripts: they are fetched at once and run after the page
 * was drawn first, so that a reader sees the text before the scripts take their time. What is pressed meanwhile is kept.
 */
export const pageTemplate = `<!DOCTYPE html>
<html <%~ it.htmlAttributes %>>
  <head>
    <meta charset="UTF-8">
    <meta name="generator" content="Docusaurus v<%= it.version %>">
    <% it.metaAttributes.forEach((attribute) => { %>
      <%~ attribute %>
    <% }); %>
    <%~ it.headTags %>
    <% it.stylesheets.forEach((file) => { %>
      <link rel="stylesheet" href="<%= it.baseUrl %><%= file %>">
    <% }); %>
    <% it.scripts.forEach((file) => { %>
      <link rel="preload" as="script" href="<%= it.baseUrl %><%= file %>" fetchpriority="low" data-run>
    <% }); %>
  </head>
  <body <%~ it.bodyAttributes %>>
    <%~ it.preBodyTags %>
    <div id="__docusaurus"><%~ it.appHtml %></div>
    <%~ it.postBodyTags %>
    <script>
      ${earlyScript};
      requestAnimationFrame(() => setTimeout(() => {
        for (const { href } of document.querySelectorAll("link[data-run]")) {
          document.head.append(Object.assign(document.createElement("script"), { src: href, async: false }));
        }
      }));
    </script>
  </body>
</html>
`;
