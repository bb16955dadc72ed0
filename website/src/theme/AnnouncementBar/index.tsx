/** This site announces nothing, so that no page loads what would. */
export default function AnnouncementBar(): null {
  return null;
}
