// What an idle client costs the server in memory, by the way it came.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesEach, configOf, ways } from '../../bench/lib/idle.mjs';
import { Server, freePort } from './lib/server.mjs';

const COUNT = Number(process.env.E2E_CONNECTIONS ?? 600);
const SLACK = 1.5; // few clients are a rough measure

describe('an idle client', () => {
  for (const way of ways) {
    it(`by ${way.name} costs at most ${way.most / 1024} KB`, async (t) => {
      const server = await Server.start(configOf(way, await freePort()));
      t.after(() => server.close());
      const bytes = await bytesEach(server, way, COUNT);
      t.diagnostic(`bytes of an idle client by ${way.name}: ${Math.round(bytes)}`);
      assert.ok(bytes <= way.most * SLACK, `${bytes}`);
    });
  }
});
