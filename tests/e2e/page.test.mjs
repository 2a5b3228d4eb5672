// A newcomer's first minute: `whirl dev`, its page in two browser tabs, its curl line, its token.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, it } from 'node:test';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { connect, disconnectAll, subscribe, collect, variants } from './lib/clients.mjs';
import { freePort, Server, startProgram, until, waitHealthy, within } from './lib/server.mjs';

let program;
let port;
let browser;
before(async () => {
  port = await freePort();
  program = startProgram(['dev', '--http_server.port', String(port)]);
  await waitHealthy(program, port);
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
    ],
  });
});
after(async () => {
  disconnectAll();
  await browser?.close();
  program.child.kill('SIGTERM');
  assert.equal((await within(10_000, 'end', program.ended)).code, 0);
});

async function openTab() {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.waitForSelector('#state[data-state=subscribed]');
  return page;
}

it('two tabs exchange messages', async () => {
  const [one, two] = [await openTab(), await openTab()];
  await one.fill('#text', 'hello from one');
  await one.press('#text', 'Enter');
  await two.waitForSelector('#messages >> text=hello from one');
  await two.fill('#text', 'and back <b>&');
  await two.press('#text', 'Enter');
  await one.waitForSelector('#messages >> text=and back <b>&');
  assert.equal(await one.locator('#messages li').count(), 2);
});

it('the printed curl command publishes to the page', async () => {
  const tab = await openTab();
  const command = await until('the command', () => /^\s*(curl .*)$/m.exec(program.output)?.[1]);
  const { stdout } = await promisify(execFile)('bash', ['-c', command]);
  assert.ok(JSON.parse(stdout).result);
  await tab.waitForSelector('#messages >> text=curl');
});

it('the printed token connects the SDK', async () => {
  const printed = await until('the token', () => /eyJ[\w-]+\.[\w-]+\.[\w-]+/.exec(program.output)?.[0]);
  const client = await connect(variants[0], `ws://127.0.0.1:${port}/connection/websocket`, undefined, { token: printed });
  const messages = collect(await subscribe(client, 'chat'), 'publication', (ctx) => ctx.data);
  const tab = await openTab();
  await tab.fill('#text', 'to the SDK');
  await tab.press('#text', 'Enter');
  assert.equal((await messages.take(1))[0].text, 'to the SDK');
});

it('the admin page lets in who knows the password', async () => {
  const server = await Server.start({ admin: { enabled: true, password: 'let me in', secret: 'of the server' } });
  try {
    const page = await (await browser.newContext()).newPage();
    const problems = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`http://127.0.0.1:${server.port}/`);
    await page.fill('#password', 'wrong');
    await page.press('#password', 'Enter');
    await page.waitForSelector('#problem >> text=not the password');
    await page.fill('#password', 'let me in');
    await page.press('#password', 'Enter');
    await page.waitForSelector('#nodes >> text=/ (s|min)$/');
    assert.equal(await page.textContent('#clients'), '0');
    await page.fill('#params', '{"channel": "news", "data": {"text": "hello"}}');
    await page.click('#call button');
    await page.waitForSelector('#answer >> text=result');
    await page.reload();
    await page.waitForSelector('#nodes >> text=/ (s|min)$/');
    await page.click('#leave');
    await page.waitForSelector('#password');
    assert.deepEqual(problems, []);
  } finally {
    await server.close();
  }
});
