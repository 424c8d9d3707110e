/**
 * Tells when somebody begins or ceases to look at this pane.
 *
 * @param {HTMLElement} pane
 * @param {(attended: boolean) => void} changed
 */
export function watchAttention(pane, changed) {
  let attended = false;
  const look = () => {
    const now = isAttended(pane);
    if (now === attended) return;
    attended = now;
    changed(now);
  };
  // A focus that moves is nowhere for a moment.
  const lookSoon = () => setTimeout(look);
  for (const event of ['pointerenter', 'pointerleave', 'focusin', 'focusout']) {
    pane.addEventListener(event, lookSoon);
  }
  for (const event of ['focus', 'blur', 'resize']) window.addEventListener(event, lookSoon);
  document.addEventListener('visibilitychange', look);
  new ResizeObserver(look).observe(pane);
}

/**
 * Whether somebody looks at this pane: the window is the one in use, the pane is shown and, when it shares the window
 * with another, the pointer or the focus is in it.
 *
 * @param {HTMLElement} pane
 */
export function isAttended(pane) {
  if (document.visibilityState !== 'visible' || !document.hasFocus()) return false;
  if (!isShown(pane)) return false;
  const others = [...(pane.parentElement?.children ?? [])].filter((other) => other !== pane);
  return !others.some(isShown) || pane.matches(':hover, :focus-within');
}

/** @param {Element} element */
function isShown(element) {
  return element.getClientRects().length > 0;
}
