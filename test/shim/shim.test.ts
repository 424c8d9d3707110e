import type { Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import { io } from '../../client/socket-io/index.ts';
import { ioBehaviour } from './io-behaviour.contract.ts';

ioBehaviour('parley/socket.io', (url, options) => io(url, { WebSocket, ...options }) as unknown as Socket);
