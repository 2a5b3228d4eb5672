// A process with many light clients on one channel, which checks that each gets the numbers 1 … n once and in order.
// It tells its parent { ready } when all are subscribed, and { done, wrong } when all got the last number.
import { LightClient } from './light_client.mjs';

const CONNECTING = 200; // at a time, so that the server's backlog is not what is tested

process.once('message', ({ port, token, channel, clients, messages }) => {
  const crowd = [];
  let subscribed = 0;
  let finished = 0;
  const wrong = [];

  const add = () => {
    if (crowd.length === clients) return;
    let expected = 1;
    const commands = [{ id: 1, connect: { token } }, { id: 2, subscribe: { channel } }];
    const client = new LightClient(port, commands, (message) => {
      if (message.id === 2) {
        if (message.error) wrong.push(message.error);
        if (++subscribed === clients) process.send({ ready: true });
        add();
      }
      const n = message.push?.pub?.data.n;
      if (n === undefined) return;
      if (n !== expected) wrong.push({ n, expected });
      expected = n + 1;
      if (n === messages && ++finished === clients) process.send({ done: true, wrong: wrong.slice(0, 5) });
    });
    client.ended.then(() => process.send({ done: true, wrong: [{ ended: String(client.error ?? client.closeCode) }] }));
    crowd.push(client);
  };
  for (let i = 0; i < CONNECTING; i++) add();
});
