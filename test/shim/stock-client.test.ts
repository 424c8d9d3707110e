import { io } from 'socket.io-client';
import { ioBehaviour } from './io-behaviour.contract.ts';

ioBehaviour('socket.io-client', (url, options) => io(url, { transports: ['websocket'], ...options }));
