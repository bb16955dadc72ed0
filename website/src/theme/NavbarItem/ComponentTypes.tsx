/** What stands in the bar at the top: the theme's kinds of items that this site has, so that no page loads the others. */
import DocSidebarNavbarItem from "@theme/NavbarItem/DocSidebarNavbarItem";
import SearchNavbarItem from "@theme/NavbarItem/SearchNavbarItem";
import type { ComponentTypesObject } from "@theme/NavbarItem/ComponentTypes";

const kinds = {
  search: SearchNavbarItem,
  docSidebar: DocSidebarNavbarItem,
};

export default kinds as unknown as ComponentTypesObject;
