/** A domain name of the platform's own, and where its certificate is. */
export type OwnDomain = { readonly name: string; readonly certificateArn: string };
