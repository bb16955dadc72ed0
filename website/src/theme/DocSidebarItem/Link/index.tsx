/** An entry of the sidebar; the open page's entry holds its headings. */
import type { ReactNode } from "react";
import type { Props } from "@theme/DocSidebarItem/Link";
import Link from "@docusaurus/Link";
import { isActiveSidebarItem } from "@docusaurus/plugin-content-docs/client";
import PageHeadings from "@site/src/components/PageHeadings";

export default function DocSidebarItemLink({ item, onItemClick, activePath }: Props): ReactNode {
  const isActive = isActiveSidebarItem(item, activePath);
  return (
    <li className="menu__list-item">
      <Link
        className={isActive ? "menu__link menu__link--active" : "menu__link"}
        aria-current={isActive ? "page" : undefined}
        to={item.href}
        onClick={onItemClick ? () => onItemClick(item) : undefined}
      >
        {item.label}
      </Link>
      {isActive && <PageHeadings path={item.href} onPick={() => onItemClick?.(item)} />}
    </li>
  );
}
