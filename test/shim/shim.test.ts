import type { Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import { ioBehaviour } from './io-behaviour.contract.ts';
import { publishedShim } from './published-shim.ts';

const { io } = await publishedShim();

ioBehaviour('parley/socket.io', (url, options) => io(url, { WebSocket, ...options }) as unknown as Socket);
