/** The two halves of a request line's target, still escaped; `query` is without its `?`. */
export type RequestTarget = { readonly path: string; readonly query: string };

/**
 * Splits a request's target by hand: `new URL` throws on targets such as `//`, and a stranger's request line must
 * never throw.
 */
export function parseTarget(target = '/'): RequestTarget {
  const relative = target.replace(/^https?:\/\/[^/?#]*/i, '');
  const at = relative.indexOf('?');
  if (at < 0) return { path: relative, query: '' };
  return { path: relative.slice(0, at), query: relative.slice(at + 1) };
}

/** The path with its escapes resolved, or undefined when one of them is malformed. */
export function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
