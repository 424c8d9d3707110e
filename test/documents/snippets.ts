import { createRequire } from 'node:module';
// The documents import the client in all these ways.
import ioByDefault, { io, type Socket } from 'socket.io-client';
import type { DialectName } from '../../lambdas/core/connection.ts';

/** A way to connect that one of the documents shows, with the URL and the token filled in. */
export type Snippet = {
  readonly document: DialectName;
  readonly where: string;
  readonly connect: (url: string, token: string) => Socket;
  /** By which it begins; the other follows. @default polling */
  readonly firstTransport?: 'websocket';
};

const required = createRequire(import.meta.url)('socket.io-client') as typeof io;

/** Each `io(…)` of the documents, as it stands there. */
export const SNIPPETS: readonly Snippet[] = [
  {
    document: 'booking',
    where: 'Establishing a Connection',
    connect: (url, token) =>
      required(url, {
        auth: {
          token: token,
        },
      }),
  },
  {
    document: 'booking',
    where: 'Complete Client Example',
    connect: (url, token) =>
      required(url, {
        auth: { token: token },
      }),
  },
  {
    document: 'booking',
    where: 'React Example',
    connect: (url, token) =>
      io(url, {
        auth: { token: token },
      }),
  },
  {
    document: 'conversation',
    where: 'Client Connection',
    connect: (url, token) =>
      io(url, {
        auth: {
          token: token,
        },
        path: '/socket.io/',
      }),
  },
  {
    document: 'conversation',
    where: 'React/TypeScript Integration',
    connect: (url, token) =>
      io(url, {
        auth: { token },
        path: '/socket.io/',
      }),
  },
  {
    document: 'conversation',
    where: 'Using Browser Console',
    connect: (url, token) =>
      io(url, {
        auth: { token: token },
      }),
  },
  {
    document: 'conversation',
    where: 'Authentication',
    connect: (url, token) => io(url, { extraHeaders: { Authorization: `Bearer ${token}` } }),
  },
  {
    document: 'direct',
    where: 'Connection URL',
    firstTransport: 'websocket',
    connect: (url, token) =>
      ioByDefault(url, {
        auth: {
          token: token,
        },
        transports: ['websocket', 'polling'],
      }),
  },
  {
    document: 'direct',
    where: 'Frontend Integration Example (React)',
    connect: (url, token) =>
      ioByDefault(url, {
        auth: {
          token: token,
        },
      }),
  },
  {
    document: 'appointment',
    where: 'Connection',
    connect: (url, token) =>
      io(url, {
        auth: {
          token: token,
        },
      }),
  },
  {
    document: 'appointment',
    where: 'Authentication',
    connect: (url, accessToken) =>
      io(url, {
        auth: {
          token: accessToken,
        },
      }),
  },
  {
    document: 'appointment',
    where: 'Complete Example',
    connect: (url, accessToken) =>
      io(url, {
        auth: { token: accessToken },
      }),
  },
  {
    document: 'support',
    where: 'Client Connection',
    connect: (url, token) =>
      ioByDefault(url, {
        auth: {
          token: token,
        },
      }),
  },
];
