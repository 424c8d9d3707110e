import { randomUUID } from 'node:crypto';
import { mintToken } from '../../local/mint-token.ts';
import { NativeClient } from '../native-client.ts';
import { runFile } from '../server-process.ts';
import { type ChatSystem, Ear, type Pair, type Side, several } from './chat-system.ts';

type Addresses = { readonly url: string; readonly webSocketUrl: string };

const SECRET = 'a secret of the bench, long enough for HS256';
const TOKEN_HOURS = 1;

/** The local stack as `npm start` runs it, with its data in this engine; `nodeArgs` are for a profiler. */
export async function startParley(endpoint: string, nodeArgs: readonly string[] = []): Promise<ChatSystem> {
  const env = { PORT: '0', HOST: '127.0.0.1', DYNAMODB_ENDPOINT: endpoint, JWT_SECRET: SECRET };
  const { output, stop } = await runFile('local/main.ts', { env, nodeArgs, ready: /Ctrl-C/ });
  const url = /ready at (\S+)/.exec(output)?.[1] ?? '';
  const webSocketUrl = /(ws:\S+)\?token/.exec(output)?.[1] ?? '';
  const addresses = { url, webSocketUrl };
  return {
    name: 'Parley',
    open: (count) => several(count, () => openPair(addresses)),
    door: async () => ({ url, auth: { token: await ticket(randomUUID(), 'Cat Carter') } }),
    stop,
  };
}

async function openPair(addresses: Addresses): Promise<Pair> {
  const [clientId, ownerId, businessId, bookingId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  await put(addresses, `businesses/${businessId}`, { name: 'Ben’s Barbershop', ownerId });
  await put(addresses, `bookings/${bookingId}`, { clientId, businessId, title: 'Haircut' });
  const client = await join(addresses, { userId: clientId, name: 'Ann Archer', bookingId });
  return [client, await join(addresses, { userId: ownerId, name: 'Ben Barber', bookingId })];
}

type Place = { readonly userId: string; readonly name: string; readonly bookingId: string };

async function join({ webSocketUrl }: Addresses, { userId, name, bookingId }: Place): Promise<Side> {
  const token = await ticket(userId, name);
  const device = await NativeClient.connect(webSocketUrl, token);
  await device.request('joinBooking', bookingId);
  const ear = new Ear();
  device.onEvent = (event, data) => {
    if (event !== 'newMessage') throw new Error(`${event}: ${JSON.stringify(data)}`);
    ear.note((data as { readonly content: string }).content);
  };
  return {
    ear,
    say: (content) => device.emit('sendMessage', { bookingId, content }),
    close: () => device.close(),
  };
}

function ticket(sub: string, name: string): Promise<string> {
  return mintToken({ sub, name }, { secret: SECRET }, TOKEN_HOURS);
}

async function put({ url }: Addresses, path: string, body: object): Promise<void> {
  const token = await mintToken({ sub: 'platform', role: 'service' }, { secret: SECRET }, TOKEN_HOURS);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const request = { method: 'PUT', headers, body: JSON.stringify(body) };
  const response = await fetch(`${url}/api/server/${path}`, request);
  if (!response.ok) throw new Error(`PUT ${path} answered ${response.status}: ${await response.text()}`);
}
