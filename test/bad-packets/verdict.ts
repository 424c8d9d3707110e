/**
 * What a server made of a packet: the session is over, nothing came of it, or these frames did. Ids that the server
 * chose are left out of them.
 */
export type Verdict = 'closed' | 'ignored' | readonly string[];

/** A session that is told one packet after the other. */
export type Talk = {
  /** Says something, and hears all that comes of it. After `closed` there is nobody left to talk to. */
  readonly tell: (packet: string) => Promise<Verdict>;
  readonly end: () => Promise<unknown>;
};

/** Which namespaces a session has joined before it says what is tried. */
export type State = 'fresh' | 'joined' | 'joined custom' | 'joined both';

/** The packets that bring a session there. */
export const PRELUDES: Readonly<Record<State, readonly string[]>> = {
  fresh: [],
  joined: ['40'],
  'joined custom': ['40/custom,'],
  'joined both': ['40', '40/custom,'],
};

export const STATES = Object.keys(PRELUDES) as readonly State[];

/** The verdicts on packets told one after the other, up to the one that ends the session. */
export async function verdictsOn(talk: Talk, packets: readonly string[]): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const packet of packets) {
    const verdict = await talk.tell(packet);
    verdicts.push(verdict);
    if (verdict === 'closed') break;
  }
  await talk.end();
  return verdicts;
}

/**
 * A question that any session that goes on is answered, whatever it has joined, and that changes nothing: the answers to
 * all it was told before are there by then.
 */
export const MARKER = '40/no-such-namespace';
const ANSWER = '44/no-such-namespace,';

export function isAnswerToMarker(frame: string): boolean {
  return frame.startsWith(ANSWER);
}

/** What frames amount to. */
export function verdictOf(frames: readonly string[]): Verdict {
  const said = frames.filter((frame) => !isAnswerToMarker(frame) && frame !== NOOP);
  return said.length === 0 ? 'ignored' : said.map(withoutIds);
}

const NOOP = '6';

function withoutIds(frame: string): string {
  return frame
    .replace(/^(40(?:\/[^,]*,)?)\{"sid":"[^"]*"(?:,"pid":"[^"]*")?\}$/, '$1{sid}')
    .replace(/^(42(?:\/[^,]*,)?)\d+\["question"/, '$1#["question"');
}
