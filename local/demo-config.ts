/** A person of the demo, with a token to speak as them. */
export type DemoPerson = {
  readonly userId: string;
  readonly name: string;
  readonly role: 'client' | 'business' | 'therapist' | 'admin';
  /** Who they are, in a few words. */
  readonly about: string;
  readonly token: string;
};

/** What the demo page needs to know; its clients ask for it anew whenever they need a token. */
export type DemoConfig = {
  /** Where to open a WebSocket on the native wire. */
  readonly webSocketUrl: string;
  /** The one that the terminal's examples speak in. */
  readonly booking: { readonly id: string; readonly title: string };
  readonly people: readonly DemoPerson[];
};
