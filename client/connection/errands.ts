import { kindOf, named, roomIn } from './actions.ts';
import { fieldsIn, type Reply } from './frame.ts';
import { MOST_BYTES, MOST_WAITING } from './limits.ts';
import type { Link, Outcome } from './link.ts';
import type { LogOrder } from './log-order.ts';
import type { Platform } from './platform.ts';

export type Errand = {
  readonly action: string;
  readonly args: readonly unknown[];
  /** Told what became of it, once. Without it no answer is asked for, unless one is needed to keep order. */
  readonly done?: ((outcome: Outcome) => void) | undefined;
  /** When it is given up, in ms from now. @default never */
  readonly timeoutMs?: number | undefined;
  /** Whether it is only worth saying now. @default false */
  readonly isVolatile?: boolean | undefined;
  /** Whether it is repeated until it is answered, as sends are. @default false */
  readonly isRepeated?: boolean | undefined;
};

type Waiting = Omit<Errand, 'done'> & {
  readonly kind: string | undefined;
  readonly room: unknown;
  done?: Errand['done'];
  /** Calls off that its time is over. */
  callOff?: () => void;
  isAsked?: boolean;
  isGivenUp?: boolean;
};

/**
 * What is asked over whichever link there is, or will be. Sends, joins and leaves of one conversation go one after the
 * other, as API Gateway may serve two frames of a connection at once, and are repeated until they are answered: a send
 * has its `clientMessageId`, so a message is stored once all the same.
 */
export type Errands = {
  /** Goes on over this link, the oldest first, or waits for one. */
  use(link: Link | undefined): void;
  /** Says what waits, or what was lost with an older link. */
  resume(): void;
  /** Says something now, or when there is a link. @returns gives it up: it is not said, or at least not again. */
  ask(errand: Errand): () => void;
  /** Forgets what waits: it is lost. */
  reset(): void;
};

/** As the server says it. */
const TOO_LARGE: Reply = {
  data: { ok: false, error: { code: 'INVALID_PAYLOAD', message: 'Payload too large' } },
};

/** @param guard keeps what goes wrong in the application from going further. */
export function createErrands(
  platform: Platform,
  order: LogOrder,
  guard: (task: () => void) => void,
): Errands {
  const waiting: Waiting[] = [];
  let link: Link | undefined;
  return { use, resume, ask, reset };

  function use(given: Link | undefined): void {
    link = given;
    resume();
  }

  /** The first of each room, and whatever belongs to none. */
  function resume(): void {
    const busy = new Set<unknown>();
    for (const errand of link ? [...waiting] : []) {
      const lane = errand.room ?? errand;
      if (!busy.has(lane)) say(errand);
      busy.add(lane);
    }
  }

  function ask(errand: Errand): () => void {
    const { args, timeoutMs } = errand;
    const kind = kindOf(errand.action);
    const room = kind && roomIn(args);
    const waits: Waiting = {
      ...errand,
      args: kind === 'send' && room ? named(args, platform) : args,
      isRepeated: errand.isRepeated || room !== undefined,
      ...{ kind, room },
    };
    if (waits.done && timeoutMs !== undefined)
      waits.callOff = platform.clock.schedule(timeoutMs, () => {
        giveUp(waits);
        settle(waits, 'timeout');
      });
    if (waiting.length >= MOST_WAITING || (errand.isVolatile && !link)) settle(waits, 'lost');
    else if (new Blob([JSON.stringify(args)]).size > MOST_BYTES) settle(waits, TOO_LARGE);
    else {
      waiting.push(waits);
      resume();
    }
    return () => giveUp(waits);
  }

  function settle(errand: Waiting, outcome: Outcome): void {
    const { done } = errand;
    errand.done = undefined;
    errand.callOff?.();
    if (done) guard(() => done(outcome));
  }

  function giveUp(errand: Waiting): void {
    errand.isGivenUp = true;
    if (!errand.isAsked) remove(errand);
  }

  function reset(): void {
    for (const errand of waiting.splice(0)) settle(errand, 'lost');
  }

  function say(errand: Waiting): void {
    const { action, args } = errand;
    if (!link || errand.isAsked || errand.isGivenUp) return;
    if (!errand.done && !errand.isRepeated) {
      remove(errand);
      link.tell(action, args);
      return;
    }
    errand.isAsked = true;
    link.ask(action, args, (outcome) => {
      errand.isAsked = false;
      answered(errand, outcome);
      if (outcome !== 'lost') resume();
    });
  }

  function answered(errand: Waiting, outcome: Outcome): void {
    const isAnswered = typeof outcome !== 'string';
    if (!isAnswered && errand.isRepeated && !errand.isGivenUp) return;
    if (!remove(errand)) return;
    if (isAnswered) note(errand, outcome);
    settle(errand, outcome);
  }

  function remove(errand: Waiting): boolean {
    const index = waiting.indexOf(errand);
    if (index >= 0) waiting.splice(index, 1);
    return index >= 0;
  }

  /** What an answer says about where this device stands. */
  function note({ kind, args, room }: Waiting, reply: Reply): void {
    const { place } = reply;
    if (place && kind === 'send' && isUnheard(args)) order.take(undefined, place);
    if (place && kind === 'join') order.join(place, room);
    if (kind === 'leave' && fieldsIn(reply).ok === true) order.leave(room);
  }
}

/** Only in the appointment dialect, which names a recipient, is a device not told of what it has sent itself. */
function isUnheard([payload]: readonly unknown[]): boolean {
  return Object(payload).recipientId !== undefined;
}
