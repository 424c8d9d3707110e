/** The claims that say whose a token is, the first that is there. */
const NAMES = ['sub', 'userId', 'id', '_id'] as const;

/** Who is meant by a token: what it says of them. */
export type TokenUser = { readonly userId: string | undefined; readonly name: string | undefined };

/** Whose a token is, without checking it: the server does that. */
export function userIn(token: string | undefined): TokenUser {
  const claims = claimsIn(token ?? '');
  const textOf = (name: string) => (typeof claims[name] === 'string' ? claims[name] : undefined);
  return { userId: NAMES.map(textOf).find((id) => id !== undefined), name: textOf('name') };
}

/** Nothing, of what is no JSON Web Token. */
function claimsIn(token: string): Record<string, unknown> {
  try {
    const [, payload = ''] = token.split('.');
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
      character.charCodeAt(0),
    );
    return Object(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return {};
  }
}
