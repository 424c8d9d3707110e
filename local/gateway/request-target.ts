/** The two halves of a request line's target, still escaped; `query` is without its `?`. */
export type RequestTarget = { readonly path: string; readonly query: string };

/**
 * Splits a request's target, also one in absolute form, by hand: `new URL` throws on targets such as `//`, and a stranger's request line must
 * never throw.
 */
export function parseTarget(target = '/'): RequestTarget {
  const relative = target.replace(/^https?:\/\/[^/?#]*/i, '');
  const [, path = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(relative) ?? [];
  return { path: path === '' ? '/' : path, query };
}

/** The path with its escapes resolved, or undefined when one of them is malformed. */
export function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
