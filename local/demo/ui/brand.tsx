const ICON = new URL('../icon.svg', import.meta.url).href;

/** The name, with its sign. */
export function Brand() {
  return (
    <span className="brand">
      <img src={ICON} alt="" width="26" height="26" />
      Parley
    </span>
  );
}
