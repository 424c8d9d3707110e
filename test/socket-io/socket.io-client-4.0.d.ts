/** Version 4.0 has types, but its `exports` hide them from compilers that go by these. */
declare module 'socket.io-client-4.0' {
  export { io } from 'socket.io-client';
}
