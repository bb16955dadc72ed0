/** No button: the sidebar leads to every heading, and the Home key to the top. */
export default function BackToTopButton(): null {
  return null;
}
