import type { Application, Knock, Received, Socket } from '../../lambdas/wire/socket-io/application.ts';

/** Who asked, across invocations: what the server's event and the answer to it have in common. */
type Asked = { readonly question: string };

export type EchoParts = {
  /** Sends an event to a socket, from whichever invocation. */
  readonly emit: (socket: Socket<unknown>, name: string, args: readonly unknown[]) => Promise<void>;
  readonly arrive?: (knock: Knock) => void;
  /** Told of every event that reaches the application. */
  readonly hear?: (socket: Socket<unknown>, event: Received) => void;
  readonly leave?: (socket: Socket<unknown>, isClean: boolean) => void;
  /** @default the main one, and one besides */
  readonly namespaces?: readonly string[];
};

/**
 * What the test suites of the Engine.IO and Socket.IO protocols expect of a server, and besides an event that the
 * server asks to have acknowledged: an application on the wire that has nothing to do with messaging.
 */
export function echoApplication({ emit, arrive, hear, leave, namespaces }: EchoParts): Application<unknown> {
  return {
    isRecoverable: false,
    namespaces: new Set(namespaces ?? ['/', '/custom']),
    isStranger: () => false,
    isCurrent: () => true,
    connect: async (knock) => {
      arrive?.(knock);
      return { kind: 'accepted', data: {}, emit: [{ name: 'auth', args: [knock.auth] }] };
    },
    isTheirs: async () => false,
    receive: async (socket, event) => {
      hear?.(socket, event);
      return react(event);
    },
    moved: async () => {},
    acknowledged: (socket, context, values) =>
      emit(socket, 'answer', [(context as Asked).question, ...values]),
    stateOf: async () => undefined,
    disconnected: async (socket, isClean) => leave?.(socket, isClean),
  };
}

function react({ name, args, acknowledge }: Received) {
  if (name === 'message') return { emit: [{ name: 'message-back', args }] };
  if (name === 'message-with-ack' && acknowledge) return { frames: acknowledge(...args) };
  if (name !== 'ask-me') return {};
  const context: Asked = { question: String(args[0]) };
  return { emit: [{ name: 'question', args, context }] };
}
