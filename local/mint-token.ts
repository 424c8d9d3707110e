import { type JWTPayload, SignJWT } from 'jose';

/** What the platform's backend signs tokens with. */
export type Signing = { readonly secret: string; readonly issuer?: string; readonly audience?: string };

/** Signs a token, valid from now for some hours, as the platform's backend would. */
export function mintToken(
  claims: JWTPayload & { readonly sub: string },
  { secret, issuer, audience }: Signing,
  hours: number,
): Promise<string> {
  const token = new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt()
    .setExpirationTime(`${hours}h`);
  if (issuer !== undefined) token.setIssuer(issuer);
  if (audience !== undefined) token.setAudience(audience);
  return token.sign(new TextEncoder().encode(secret));
}
